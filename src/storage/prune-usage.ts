// Removes single calls that are older than their organization keeps them, and the hours of usage of that age. Days and
// months stay, and so does the ledger: nothing in it is computed from a call after its entry was written.

import { keptFrom } from '../core/usage/retention.ts';
import { shardOf } from './gate/shards.ts';
import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';
import { DRAIN_LOCK_CLASS } from './postgres/projection-source.ts';

/** A statement of so many rows takes tens of milliseconds, and others get their turn between two. */
const ROWS_AT_ONCE = 5_000;
/** A month leaves when nobody uses the table for a moment; who waits for it would hold up all who come after. */
const LOCK_TIMEOUT = '2s';
/** Names our advisory lock apart from anybody else's: "qm" and a number. */
const DROP_LOCK = 0x716d_000d;

export interface PruneWish {
  /** For organizations that say nothing else. */
  readonly retentionDays: number;
  readonly nowMs: number;
}

export interface PrunedUsage {
  /** Months that were dropped whole. */
  readonly months: number;
  readonly calls: number;
  readonly hours: number;
}

interface Keeping {
  readonly organizationId: string;
  readonly before: Date;
}

/** Twice at once, or killed in the middle, it removes the same. */
export async function pruneUsage(postgres: PrismaClient, wish: PruneWish): Promise<PrunedUsage> {
  return reached('Removing old calls', prune(postgres, wish));
}

async function prune(postgres: PrismaClient, wish: PruneWish): Promise<PrunedUsage> {
  const keepings = await keepingsOf(postgres, wish);
  await noteBoundaries(postgres, keepings);
  const [earliest] = keepings
    .map(({ before }) => before)
    .toSorted((a, b) => a.getTime() - b.getTime());
  const months = earliest === undefined ? 0 : await dropMonths(postgres, earliest);
  let [calls, hours] = [0, 0];
  for (const keeping of keepings) {
    calls += await untilNone(async () => removeCalls(postgres, keeping));
    await untilNone(async () => removePurposes(postgres, keeping));
    hours += await untilNone(async () => removeHours(postgres, keeping, 'usage_by_key'));
    hours += await untilNone(async () => removeHours(postgres, keeping, 'usage_by_team'));
    hours += await untilNone(async () => removeHours(postgres, keeping, 'usage_by_organization'));
  }
  return { months, calls, hours };
}

/** How many calls are older than their organization keeps them. */
export async function countOldCalls(postgres: PrismaClient, wish: PruneWish): Promise<number> {
  let calls = 0;
  for (const { organizationId, before } of await keepingsOf(postgres, wish)) {
    const [row] = await postgres.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM usage_events
      WHERE team_id IN (SELECT id FROM teams WHERE organization_id = ${organizationId}) AND started_at < ${before}`;
    calls += Number(row?.count ?? 0);
  }
  return calls;
}

async function keepingsOf(
  postgres: PrismaClient,
  { retentionDays, nowMs }: PruneWish,
): Promise<Keeping[]> {
  const rows = await postgres.organization.findMany({
    select: { id: true, usageRetentionDays: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id, usageRetentionDays }) => ({
    organizationId: id,
    before: keptFrom(usageRetentionDays ?? retentionDays, nowMs),
  }));
}

/** Before anything goes: from then on the drain sets aside what is older, as it may have been charged before. */
async function noteBoundaries(postgres: PrismaClient, keepings: readonly Keeping[]): Promise<void> {
  for (const [shard, own] of Map.groupBy(keepings, (one) => shardOf(one.organizationId))) {
    await postgres.$transaction(async (scope) => {
      await scope.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${DRAIN_LOCK_CLASS}::int, ${shard}::int)`;
      await scope.$executeRaw`
        INSERT INTO usage_prunings (organization_id, before)
        SELECT * FROM unnest(${own.map((one) => one.organizationId)}::text[], ${own.map((one) => one.before)}::timestamptz[])
        ON CONFLICT (organization_id) DO UPDATE SET before = greatest(usage_prunings.before, excluded.before)
        WHERE usage_prunings.before < excluded.before`;
    });
  }
}

/** Months of which nobody keeps anything go as a whole; one in which something younger stands goes by its rows. */
async function dropMonths(postgres: PrismaClient, before: Date): Promise<number> {
  const rows = await postgres.$queryRaw<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'usage_partitions'::regnamespace AND relkind = 'r'
      AND relname ~ '^m[0-9]{4}_[0-9]{2}$' AND to_date(relname, '"m"YYYY_MM') + interval '1 month' <= ${before}
    ORDER BY relname`;
  let dropped = 0;
  for (const { name } of rows) {
    // Names of our own making: letters, digits and an underscore.
    const place = `usage_partitions.${name}`;
    dropped += await postgres.$transaction(async (scope) => {
      // One at a time: another worker may drop the same one.
      await scope.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${DROP_LOCK}::bigint)`;
      const [there] = await scope.$queryRaw<unknown[]>`
        SELECT 1 FROM pg_class WHERE relnamespace = 'usage_partitions'::regnamespace AND relname = ${name}`;
      if (there === undefined) {
        return 0;
      }
      const [younger] = await scope.$queryRawUnsafe<unknown[]>(
        `SELECT 1 FROM ${place} WHERE started_at >= $1 LIMIT 1`,
        before,
      );
      if (younger !== undefined) {
        return 0;
      }
      await scope.$executeRawUnsafe(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      await scope.$executeRawUnsafe(`DROP TABLE ${place}`);
      return 1;
    });
  }
  return dropped;
}

async function removeCalls(
  postgres: PrismaClient,
  { organizationId, before }: Keeping,
): Promise<number> {
  return postgres.$executeRaw`
    DELETE FROM usage_events WHERE id IN (
      SELECT id FROM usage_events
      WHERE team_id IN (SELECT id FROM teams WHERE organization_id = ${organizationId}) AND started_at < ${before}
      LIMIT ${ROWS_AT_ONCE})`;
}

/** What calls were for, which nobody can tell of any more. */
async function removePurposes(
  postgres: PrismaClient,
  { organizationId, before }: Keeping,
): Promise<number> {
  return postgres.$executeRaw`
    DELETE FROM job_call_purposes WHERE ctid IN (
      SELECT ctid FROM job_call_purposes
      WHERE organization_id = ${organizationId} AND created_at < ${before} LIMIT ${ROWS_AT_ONCE})`;
}

async function removeHours(
  postgres: PrismaClient,
  { organizationId, before }: Keeping,
  table: 'usage_by_key' | 'usage_by_team' | 'usage_by_organization',
): Promise<number> {
  const whose =
    table === 'usage_by_organization'
      ? 'organization_id = $1'
      : 'team_id IN (SELECT id FROM teams WHERE organization_id = $1)';
  return postgres.$executeRawUnsafe(
    `DELETE FROM ${table} WHERE ctid IN (
      SELECT ctid FROM ${table} WHERE ${whose} AND grain = 'hour' AND starts < $2 LIMIT ${ROWS_AT_ONCE})`,
    organizationId,
    before,
  );
}

async function untilNone(remove: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const removed = await remove();
    sum += removed;
    if (removed < ROWS_AT_ONCE) {
      return sum;
    }
  }
}
