// Brings usage from the gate's stream into Postgres, exactly once. One transaction holds the shard's
// lock and writes the events, what they add up to, one ledger posting for each team and the new position; the
// stream is trimmed after. Whatever dies in between, the position says where to go on.

import type { PrismaClient } from './generated/client.ts';
import { batchOf } from './drain/batch.ts';
import type { Batch, StreamEntry } from './drain/batch.ts';
import { isAboutData } from './drain/data-errors.ts';
import { writeBatch, writeBatchWithCare } from './drain/write-batch.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { ShardKeys } from './gate/shards.ts';
import { reached } from './postgres/client.ts';
import type { PostgresScope } from './postgres/client.ts';
import { createProjectionSource, DRAIN_LOCK_CLASS } from './postgres/projection-source.ts';
import { reconcileAll } from './reconcile-all.ts';

/** Large enough to share one commit among many calls, small enough to commit well within a second. */
const BATCH_MAX = 4_000;
/** Read at once: Redis answers in a fraction of a millisecond, and calls get their turn between two. */
const READ_AT_ONCE = 500;

export interface Drained {
  readonly events: number;
  readonly setAside: number;
  /** Whether more was waiting than one batch holds. */
  readonly more: boolean;
}

const NOTHING: Drained = { events: 0, setAside: 0, more: false };

/** Drains one batch of one shard. Another worker at the same shard gets nothing to do. */
export async function drainShard(
  postgres: PrismaClient,
  gate: RedisGate,
  keys: ShardKeys,
  batchMax = BATCH_MAX,
): Promise<Drained> {
  const reading = { keys, batchMax };
  const batch = await drainBatch(postgres, gate, reading, writeBatch).catch(
    async (error: unknown) => {
      if (!isAboutData(error)) {
        throw error;
      }
      // One of them is not as the records can take it, or stands there already: that one alone is to go aside.
      return drainBatch(postgres, gate, reading, writeBatchWithCare);
    },
  );
  if (batch === undefined) {
    return NOTHING;
  }
  await trim(gate, keys, batch.last);
  await mendRepeated(postgres, gate, batch);
  return {
    events: batch.events.length,
    setAside: batch.setAside.length,
    more: batch.isFull,
  };
}

/**
 * A call can be handed in while another drain is about to commit it, after Redis forgot: the records take it once,
 * and what the gate charged twice is built anew from them.
 */
async function mendRepeated(
  postgres: PrismaClient,
  gate: RedisGate,
  { repeated }: Batch,
): Promise<void> {
  const parts = { postgres, gate, source: createProjectionSource(postgres) };
  for (const organizationId of repeated) {
    await reconcileAll(parts, { organizationId }, { repair: true });
  }
}

interface Reading {
  readonly keys: ShardKeys;
  readonly batchMax: number;
}

/** Undefined where another worker holds the lock, or nothing waits. */
async function drainBatch(
  postgres: PrismaClient,
  gate: RedisGate,
  { keys, batchMax }: Reading,
  write: (scope: PostgresScope, shard: number, batch: Batch) => Promise<void>,
): Promise<(Batch & { readonly last: string; readonly isFull: boolean }) | undefined> {
  return reached(
    `Draining shard ${keys.shard}`,
    postgres.$transaction(async (scope) => {
      const [lock] = await scope.$queryRaw<{ held: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(${DRAIN_LOCK_CLASS}::int, ${keys.shard}::int) AS held`;
      if (lock?.held !== true) {
        return undefined;
      }
      const position = await positionOf(scope, keys.shard);
      const entries = await readStream(gate, { keys, batchMax }, position);
      const last = entries.at(-1)?.position;
      if (last === undefined) {
        return undefined;
      }
      const batch = batchOf(entries);
      await write(scope, keys.shard, batch);
      await scope.$executeRaw`INSERT INTO drain_positions (shard, position) VALUES (${keys.shard}, ${last})
        ON CONFLICT (shard) DO UPDATE SET position = excluded.position`;
      return { ...batch, last, isFull: entries.length === batchMax };
    }),
  );
}

async function positionOf(scope: PostgresScope, shard: number): Promise<string> {
  const row = await scope.drainPosition.findUnique({ where: { shard } });
  return row?.position ?? '0-0';
}

async function readStream(
  gate: RedisGate,
  { keys, batchMax }: Reading,
  position: string,
): Promise<StreamEntry[]> {
  const entries: StreamEntry[] = [];
  for (let after = position; entries.length < batchMax;) {
    const count = Math.min(READ_AT_ONCE, batchMax - entries.length);
    const raw = await gate.connection.redis.xrange(keys.usage, `(${after}`, '+', 'COUNT', count);
    // The values of `e` and, where budgets were spent from, of `b` (see settle.lua).
    for (const [at, [, packed = '', , spent]] of raw) {
      entries.push({ position: at, packed, spent });
    }
    const last = raw.at(-1);
    if (last === undefined || raw.length < count) {
      break;
    }
    after = last[0];
  }
  return entries;
}

/** What is in Postgres may leave Redis. A crash before this leaves more to trim next time, no more. */
async function trim(gate: RedisGate, keys: ShardKeys, last: string): Promise<void> {
  const [ms = '0', number = '0'] = last.split('-');
  await gate.connection.redis
    .pipeline()
    .hset(keys.epoch, 'drained', last)
    // Exactly: an idle shard has an empty stream, and an empty stream costs nothing to look at.
    .xtrim(keys.usage, 'MINID', `${ms}-${BigInt(number) + 1n}`)
    .exec();
}
