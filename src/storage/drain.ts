// Brings usage from the gate's stream into Postgres, exactly once. One transaction holds the shard's lock
// and writes the events, the days, one ledger posting for each team and the new position; the stream is
// trimmed after. Whatever dies in between, the position says where to go on.

import { newId } from '../core/ids.ts';
import type { PrismaClient } from './generated/client.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { ShardKeys } from './gate/shards.ts';
import { readSpends } from './gate/spend-text.ts';
import type { SpendToWrite } from './gate/spend-text.ts';
import { readEvent } from './gate/usage-text.ts';
import type { UsageRecord } from './gate/usage-text.ts';
import { reached } from './postgres/client.ts';
import type { PostgresScope } from './postgres/client.ts';
import { accountIdOf, postUsage } from './postgres/ledger.ts';
import { DRAIN_LOCK_CLASS } from './postgres/projection-source.ts';
import { writeUsage } from './postgres/write-usage.ts';

/** Large enough to share one commit among many calls, small enough to commit within a second. */
const BATCH_MAX = 1_000;

export interface Drained {
  readonly events: number;
  readonly setAside: number;
  /** Whether more was waiting than one batch holds. */
  readonly more: boolean;
}

const NOTHING: Drained = { events: 0, setAside: 0, more: false };

interface StreamEntry {
  readonly position: string;
  readonly packed: string;
  /** What it spent from budgets (see settle.lua); undefined where it spent from none. */
  readonly spent: string | undefined;
}

type DrainedEvent = UsageRecord & { readonly spends: readonly SpendToWrite[] };

interface Batch {
  readonly entries: readonly StreamEntry[];
  readonly last: string;
  readonly events: DrainedEvent[];
  readonly setAside: { entry: StreamEntry; complaint: string }[];
}

/** Drains one batch of one shard. Another worker at the same shard gets nothing to do. */
export async function drainShard(
  postgres: PrismaClient,
  gate: RedisGate,
  keys: ShardKeys,
): Promise<Drained> {
  const batch = await reached(
    `Draining shard ${keys.shard}`,
    postgres.$transaction(async (scope) => {
      const [lock] = await scope.$queryRaw<{ held: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(${DRAIN_LOCK_CLASS}::int, ${keys.shard}::int) AS held`;
      if (lock?.held !== true) {
        return undefined;
      }
      const position = await positionOf(scope, keys.shard);
      const entries = await readStream(gate, keys, position);
      return entries.length === 0 ? undefined : writeBatch(scope, keys, entries);
    }),
  );
  if (batch === undefined) {
    return NOTHING;
  }
  await trim(gate, keys, batch.last);
  return {
    events: batch.events.length,
    setAside: batch.setAside.length,
    more: batch.entries.length === BATCH_MAX,
  };
}

async function positionOf(scope: PostgresScope, shard: number): Promise<string> {
  const row = await scope.drainPosition.findUnique({ where: { shard } });
  return row?.position ?? '0-0';
}

async function readStream(
  gate: RedisGate,
  keys: ShardKeys,
  position: string,
): Promise<StreamEntry[]> {
  const raw = await gate.connection.redis.xrange(
    keys.usage,
    `(${position}`,
    '+',
    'COUNT',
    BATCH_MAX,
  );
  // The values of `e` and, where budgets were spent from, of `b` (see settle.lua).
  return raw.map(([at, [, packed = '', , spent]]) => ({ position: at, packed, spent }));
}

async function writeBatch(
  scope: PostgresScope,
  keys: ShardKeys,
  entries: readonly StreamEntry[],
): Promise<Batch> {
  // The batch is not empty: the caller looked.
  const last = (entries.at(-1) as StreamEntry).position;
  const batch: Batch = { entries, last, events: [], setAside: [] };
  for (const entry of entries) {
    try {
      batch.events.push({ ...readEvent(entry.packed), spends: readSpends(entry.spent) });
    } catch (error) {
      batch.setAside.push({ entry, complaint: (error as Error).message });
    }
  }
  await setAsideStrangers(scope, batch);
  await writeEvents(scope, batch.events);
  await writeSetAside(scope, keys, batch);
  await scope.drainPosition.upsert({
    where: { shard: keys.shard },
    create: { shard: keys.shard, position: last },
    update: { position: last },
  });
  return batch;
}

/** An event of a team without an account can't be posted; it must not hold up the others. */
async function setAsideStrangers(scope: PostgresScope, batch: Batch): Promise<void> {
  const accountIds = [...new Set(batch.events.map((event) => accountIdOf(event.team)))];
  const found = await scope.creditAccount.findMany({
    where: { id: { in: accountIds } },
    select: { id: true },
  });
  const known = new Set(found.map((row) => row.id));
  if (known.size === accountIds.length) {
    return;
  }
  const all = batch.events.splice(0);
  for (const event of all) {
    const entry = known.has(accountIdOf(event.team))
      ? undefined
      : batch.entries.find(({ packed }) => packed.includes(` ${event.id} `));
    if (entry === undefined) {
      batch.events.push(event);
    } else {
      batch.setAside.push({ entry, complaint: `There is no team ${event.team}` });
    }
  }
}

async function writeEvents(scope: PostgresScope, events: readonly DrainedEvent[]): Promise<void> {
  if (events.length === 0) {
    return;
  }
  const postings = new Map<string, string>();
  const postingOf = (team: string): string => {
    const id = postings.get(team) ?? newId();
    postings.set(team, id);
    return id;
  };
  const charges = await writeUsage(
    scope,
    events.map(({ spends, ...event }) => ({
      ...event,
      ...(spends.length === 0 ? {} : { spends }),
      posting: event.charge === '0' ? null : postingOf(event.team),
    })),
  );
  await postUsage(
    scope,
    charges.map((charge) => ({ ...charge, postingId: postingOf(charge.teamId) })),
  );
}

async function writeSetAside(scope: PostgresScope, keys: ShardKeys, batch: Batch): Promise<void> {
  await scope.setAsideEvent.createMany({
    data: batch.setAside.map(({ entry, complaint }) => ({
      shard: keys.shard,
      position: entry.position,
      fields: { packed: entry.packed },
      complaint,
    })),
    skipDuplicates: true,
  });
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
