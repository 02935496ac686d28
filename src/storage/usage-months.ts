import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';

/** A worker that is away for so long leaves calls to the partition of all others, from which they are moved later. */
const MONTHS_AHEAD = 2;

/** Makes the places of this month's calls and of those to come; answers how many were made. */
export async function makeUsageMonths(postgres: PrismaClient, nowMs: number): Promise<number> {
  const months = Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => {
    const now = new Date(nowMs);
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
  });
  let made = 0;
  for (const month of months) {
    const [row] = await reached(
      'Making the place of a month of calls',
      postgres.$queryRaw<{ made: boolean }[]>`SELECT make_usage_partition(${month}::date) AS made`,
    );
    made += row?.made === true ? 1 : 0;
  }
  return made;
}
