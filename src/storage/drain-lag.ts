import type { Waiting } from '../core/tasks/task-run.ts';
import type { RedisGate } from './gate/redis-gate.ts';

/** How many usage events wait in the gate's streams, and how old the oldest of them is. */
export async function measureDrain(gate: RedisGate, nowMs: number): Promise<Waiting> {
  const { redis } = gate.connection;
  const shards = await Promise.all(
    gate.shards.map(async (keys) => {
      const drained = (await redis.hget(keys.epoch, 'drained')) ?? '0-0';
      const [[oldest] = []] = await redis.xrange(keys.usage, `(${drained}`, '+', 'COUNT', 1);
      // A stream's ids begin with the millisecond at which they were added.
      return oldest === undefined
        ? { backlog: 0, lagMs: 0 }
        : {
            backlog: await redis.xlen(keys.usage),
            lagMs: Math.max(0, nowMs - Number(oldest.split('-')[0])),
          };
    }),
  );
  return {
    backlog: shards.reduce((sum, shard) => sum + shard.backlog, 0),
    lagMs: Math.max(...shards.map((shard) => shard.lagMs)),
  };
}
