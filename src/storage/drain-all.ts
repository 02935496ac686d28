import { drainShard } from './drain.ts';
import type { Drained } from './drain.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { ShardKeys } from './gate/shards.ts';
import type { PrismaClient } from './generated/client.ts';

/** While Postgres writes the batch of one shard, this process reads and packs that of another. */
const SHARDS_AT_ONCE = 2;

/** Drains a batch of every shard that has any. */
export async function drainAll(
  postgres: PrismaClient,
  gate: RedisGate,
  onShard: (keys: ShardKeys, drained: Drained) => void = () => undefined,
): Promise<Drained> {
  // Asked in one go, because most shards have nothing to drain.
  const lengths = await Promise.all(
    gate.shards.map(async (keys) => gate.connection.redis.xlen(keys.usage)),
  );
  const waiting = gate.shards.filter((keys) => lengths[keys.shard] !== 0);
  const sum = { events: 0, setAside: 0, more: false };
  const next = async (): Promise<void> => {
    for (let keys = waiting.pop(); keys !== undefined; keys = waiting.pop()) {
      const drained = await drainShard(postgres, gate, keys);
      onShard(keys, drained);
      sum.events += drained.events;
      sum.setAside += drained.setAside;
      sum.more ||= drained.more;
    }
  };
  await Promise.all(Array.from({ length: SHARDS_AT_ONCE }, next));
  return sum;
}
