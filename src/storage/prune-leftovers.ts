// What was needed for a time: notes that something was done, sent or revealed.

import { DAY_MS } from '../core/time.ts';
import { Prisma } from './generated/client.ts';
import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';

/** A statement of so many rows takes tens of milliseconds. */
const ROWS_AT_ONCE = 5_000;

interface Leftover {
  readonly table: string;
  readonly keptDays: number;
  /** Since when it is not needed; what has none is. */
  readonly since: string;
  readonly and?: string;
}

const LEFTOVERS: readonly Leftover[] = [
  // Nobody delivers the same click or request again after a quarter. Who signs in is made once, for ever.
  {
    table: 'receipts',
    keptDays: 90,
    since: 'created_at',
    and: `key NOT LIKE 'sign-in-%'`,
  },
  // A preview may be confirmed for an hour and undone for some minutes more; the receipts are kept above.
  { table: 'bulk_plans', keptDays: 1, since: 'created_at' },
  // What was sent is looked at while somebody asks where it went.
  { table: 'outbox_events', keptDays: 7, since: 'sent_at' },
  // What arrived is looked at while somebody asks whether it did; what was given up, while somebody may want it sent.
  {
    table: 'webhook_deliveries',
    keptDays: 30,
    since: 'created_at',
    and: `status = 'delivered'`,
  },
  { table: 'webhook_deliveries', keptDays: 180, since: 'created_at', and: `status = 'dead'` },
  // For a month the page can still say that a link was opened, or that it expired; then it leads nowhere.
  { table: 'reveal_links', keptDays: 30, since: 'expires_at' },
  // A day of minutes is a thousand lines, which nobody reads after a quarter.
  {
    table: 'budget_periods',
    keptDays: 90,
    since: 'ended_at',
    and: `ends_at - starts_at < interval '23 hours'`,
  },
  // As long as calls are kept at the most: then nobody can tell any more whether it was charged.
  { table: 'set_aside_events', keptDays: 3_650, since: 'created_at' },
];

/** Removes them; answers how many of which. */
export async function pruneLeftovers(
  postgres: PrismaClient,
  nowMs: number,
): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  for (const leftover of LEFTOVERS) {
    const { table } = leftover;
    const count = await reached(
      `Removing old rows of ${table}`,
      removeAll(postgres, leftover, nowMs),
    );
    removed[table] = (removed[table] ?? 0) + count;
  }
  return removed;
}

/** How many of which would go now. */
export async function countLeftovers(
  postgres: PrismaClient,
  nowMs: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, keptDays, since, and = 'true' } of LEFTOVERS) {
    const before = new Date(nowMs - keptDays * DAY_MS);
    const [row] = await postgres.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM ${Prisma.raw(`${table} WHERE ${and} AND ${since}`)} < ${before}`;
    counts[table] = (counts[table] ?? 0) + Number(row?.count ?? 0);
  }
  return counts;
}

async function removeAll(
  postgres: PrismaClient,
  { table, keptDays, since, and = 'true' }: Leftover,
  nowMs: number,
): Promise<number> {
  const rows = Prisma.raw(`${table} WHERE ${and} AND ${since}`);
  const before = new Date(nowMs - keptDays * DAY_MS);
  let sum = 0;
  for (;;) {
    const count = await postgres.$executeRaw`
      DELETE FROM ${Prisma.raw(table)} WHERE ctid IN (SELECT ctid FROM ${rows} < ${before} LIMIT ${ROWS_AT_ONCE})`;
    sum += count;
    if (count < ROWS_AT_ONCE) {
      return sum;
    }
  }
}
