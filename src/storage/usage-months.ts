import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';

/** A worker that is away for so long leaves calls to the partition of all others, from which they are moved later. */
const MONTHS_AHEAD = 2;

/** Of this month and those to come, the ones without a place. */
export async function missingMonths(postgres: PrismaClient, nowMs: number): Promise<string[]> {
  const missing: string[] = [];
  for (const month of monthsFrom(nowMs)) {
    const [row] = await postgres.$queryRaw<{ missing: boolean }[]>`
      SELECT to_regclass('usage_partitions.' || quote_ident(to_char(${month}::date, '"m"YYYY_MM'))) IS NULL AS missing`;
    if (row?.missing === true) {
      missing.push(month.toISOString().slice(0, 7));
    }
  }
  return missing;
}

/** Makes the places of this month's calls and of those to come; answers how many were made. */
export async function makeUsageMonths(postgres: PrismaClient, nowMs: number): Promise<number> {
  let made = 0;
  for (const month of monthsFrom(nowMs)) {
    const [row] = await reached(
      'Making the place of a month of calls',
      postgres.$queryRaw<{ made: boolean }[]>`SELECT make_usage_partition(${month}::date) AS made`,
    );
    made += row?.made === true ? 1 : 0;
  }
  return made;
}

function monthsFrom(nowMs: number): Date[] {
  const now = new Date(nowMs);
  return Array.from(
    { length: MONTHS_AHEAD + 1 },
    (_, ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)),
  );
}
