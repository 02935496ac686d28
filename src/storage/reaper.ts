// Resolves reservations that nobody ended: their proxy died. What was last marked is charged, as an
// estimate; where nothing was marked, nothing had been delivered, and the reservation is released.

import { z } from 'zod';
import type { RedisGate } from './gate/redis-gate.ts';
import type { Ended, Ending } from './gate/settling.ts';
import type { ShardKeys } from './gate/shards.ts';
import type { ProjectionSource } from './gate/source.ts';

/** One page of lapsed reservations; the next beat takes the next. */
const PAGE = 100;
/** After a restart of Redis, living proxies get this long to mark or settle what they hold. */
export const GRACE_AFTER_RESTART_MS = 10_000;

/** Ends what lapsed in one shard; answers how many reservations were resolved. */
export async function reapShard(
  gate: RedisGate,
  source: ProjectionSource,
  keys: ShardKeys,
  nowMs: number,
): Promise<number> {
  const { redis } = gate.connection;
  const renewed = Number((await redis.hget(keys.epoch, 'renewed_ms')) ?? 0);
  if (nowMs - renewed < GRACE_AFTER_RESTART_MS && (await isRestart(gate, keys))) {
    return 0;
  }
  const ids = await redis.zrange(keys.due, '-inf', String(nowMs), 'BYSCORE', 'LIMIT', 0, PAGE);
  if (ids.length === 0) {
    return 0;
  }
  const [packed, marks] = await Promise.all([
    redis.hmget(keys.open, ...ids),
    redis.hmget(keys.marks, ...ids),
  ]);
  const drained = await source.alreadyDrained(ids);
  const endings: Ending[] = [];
  for (const [at, id] of ids.entries()) {
    const reservation = packed[at];
    if (reservation === null || reservation === undefined) {
      await redis.zrem(keys.due, id);
    } else {
      endings.push(endingOf(id, reservation, marks[at] ?? null, drained.has(id)));
    }
  }
  const ended = endings.length === 0 ? [] : await gate.settling.end(keys.shard, endings);
  return ended.filter((one: Ended) => one.outcome === 'settled').length;
}

/** The first epoch of a fresh gate is no restart: nothing can be waiting for its owner. */
async function isRestart(gate: RedisGate, keys: ShardKeys): Promise<boolean> {
  return Number((await gate.connection.redis.hget(keys.epoch, 'generation')) ?? 1) > 1;
}

const About = z.object({ o: z.string() });

function endingOf(
  reservationId: string,
  reservation: string,
  mark: string | null,
  drained: boolean,
): Ending {
  const [, teamId = '', about = ''] = /^\d+\|([^|]+)\|(.*)$/s.exec(reservation) ?? [];
  const [, charge = '0', event = about] = /^(\d+)\|(.*)$/s.exec(mark ?? '') ?? [];
  return {
    teamId,
    organizationId: About.parse(JSON.parse(about)).o,
    reservationId,
    manner: drained ? 'discard' : 'lapsed',
    charge: BigInt(charge),
    event,
  };
}
