// Resolves reservations that nobody ended: their proxy died. What was last marked is charged, as an
// estimate; where nothing was marked, nothing had been delivered, and the reservation is released.

import { HOUR_MS } from '../core/time.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { Ending } from './gate/owed.ts';
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
  await gate.renew(keys.shard);
  await forgetOldLapses(gate, keys, nowMs);
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
  const unreadable: string[] = [];
  for (const [at, id] of ids.entries()) {
    const ending = endingOf(id, packed[at] ?? '', marks[at] ?? null, drained.has(id));
    if (ending === undefined) {
      unreadable.push(id);
    } else {
      endings.push(ending);
    }
  }
  if (unreadable.length > 0) {
    await redis.zrem(keys.due, ...unreadable);
  }
  const ended = endings.length === 0 ? [] : await gate.settling.end(keys.shard, endings);
  return ended.filter((one) => !(one instanceof Error) && one.outcome === 'settled').length;
}

/** A proxy that was cut off for longer than this has been given up by its clients, too. */
const LAPSED_KEPT_MS = 24 * HOUR_MS;

async function forgetOldLapses(gate: RedisGate, keys: ShardKeys, nowMs: number): Promise<void> {
  const { redis } = gate.connection;
  if ((await redis.hlen(keys.lapsed)) === 0) {
    return;
  }
  const all = Object.entries(await redis.hgetall(keys.lapsed));
  const old = all.filter(([, value]) => nowMs - Number(value.split('|')[1]) > LAPSED_KEPT_MS);
  if (old.length > 0) {
    await redis.hdel(keys.lapsed, ...old.map(([id]) => id));
  }
}

/** The first epoch of a fresh gate is no restart: nothing can be waiting for its owner. */
async function isRestart(gate: RedisGate, keys: ShardKeys): Promise<boolean> {
  return Number((await gate.connection.redis.hget(keys.epoch, 'generation')) ?? 1) > 1;
}

/** Undefined where there is no reservation any more, or none that can be read. */
function endingOf(
  reservationId: string,
  reservation: string,
  mark: string | null,
  drained: boolean,
): Ending | undefined {
  const [, teamId, about] = /^\d+\|([^|]+)\|(.*)$/s.exec(reservation) ?? [];
  if (teamId === undefined || about === undefined) {
    return undefined;
  }
  const [, charge = '0', event = about] = /^(\d+)\|(.*)$/s.exec(mark ?? '') ?? [];
  const manner = drained ? 'discard' : 'lapsed';
  return { teamId, reservationId, manner, charge, event };
}
