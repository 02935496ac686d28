import type { RedisGate } from './redis-gate.ts';
import type { ShardKeys } from './shards.ts';

/**
 * Forgets which reservations ended longer ago than the last time this ran. A living proxy repeats a
 * settlement within seconds; so does its own hand-in after a restart.
 */
export async function turnOverResolved(gate: RedisGate, keys: ShardKeys): Promise<void> {
  const { redis } = gate.connection;
  const turn = redis.multi().del(keys.resolvedBefore);
  await (
    (await redis.exists(keys.resolved)) === 1
      ? turn.rename(keys.resolved, keys.resolvedBefore)
      : turn
  ).exec();
}
