import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { drainShard } from './drain.ts';
import type { Drained } from './drain.ts';
import { createBatchSizes } from './drain/batch-sizes.ts';
import type { BatchSizes } from './drain/batch-sizes.ts';
import { createPace } from './drain/pace.ts';
import type { ProcessorTimes, Round } from './drain/pace.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { ShardKeys } from './gate/shards.ts';
import type { PrismaClient } from './generated/client.ts';

/** Drains all shards, a round at a time; `more` while any of them has more waiting. */
export type Drainer = () => Promise<Drained>;

/** What waits is drained at once; a backlog, at the pace that calls leave to it. */
export function createDrainer(postgres: PrismaClient, gate: RedisGate): Drainer {
  const pace = createPace(processorTimes, pause);
  const parts = { postgres, gate, sizes: createBatchSizes() };
  // Where the next round begins, so that a backlog of some shards holds up no other.
  let turn = 0;
  return async () => {
    const began = performance.now();
    // Asked in one go, because most shards have nothing to drain.
    const lengths = await Promise.all(
      gate.shards.map(async (keys) => gate.connection.redis.xlen(keys.usage)),
    );
    const waiting = [...gate.shards.slice(turn), ...gate.shards.slice(0, turn)].filter(
      (keys) => lengths[keys.shard] !== 0,
    );
    const round = pace.round();
    const now = isBacklog(lengths, round) ? waiting.slice(0, round.shardsMax) : waiting;
    const drained = await drainEach(parts, now, round);
    turn = ((now.at(-1)?.shard ?? turn) + 1) % gate.shards.length;
    const more = drained.more || now.length < waiting.length;
    if (more) {
      await pace.rest(
        performance.now() - began,
        lengths.reduce((sum, each) => sum + each, 0),
      );
    }
    return { ...drained, more };
  };
}

function isBacklog(lengths: readonly number[], { batchMax }: Round): boolean {
  return lengths.some((length) => length > batchMax);
}

interface Parts {
  readonly postgres: PrismaClient;
  readonly gate: RedisGate;
  readonly sizes: BatchSizes;
}

async function drainEach(
  { postgres, gate, sizes }: Parts,
  shards: readonly ShardKeys[],
  { lanes, batchMax }: Round,
): Promise<Drained> {
  const sum = { events: 0, setAside: 0, more: false };
  const left = shards.values();
  const lane = async (): Promise<void> => {
    for (const keys of left) {
      const drained = await sizes.within(keys.shard, batchMax, async (size) =>
        drainShard(postgres, gate, keys, size),
      );
      sum.events += drained.events;
      sum.setAside += drained.setAside;
      sum.more ||= drained.more;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return sum;
}

function processorTimes(): ProcessorTimes {
  const times = cpus().map(({ times: { idle, user, sys, irq } }) => ({
    idleMs: idle,
    // What runs at a lower priority, as we do, gives way to calls by itself.
    busyMs: user + sys + irq,
  }));
  return {
    busyMs: times.reduce((total, each) => total + each.busyMs, 0),
    idleMs: times.reduce((total, each) => total + each.idleMs, 0),
  };
}
