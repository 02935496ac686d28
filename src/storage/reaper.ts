// Resolves reservations that nobody ended: their proxy died. What was last marked is charged, as an
// estimate; where nothing was marked, nothing had been delivered, and the reservation is released.

import { WITHHELD_PREFIX } from '../core/gateway/withholding.ts';
import { HOUR_MS } from '../core/time.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import type { Ending } from './gate/owed.ts';
import type { ShardKeys } from './gate/shards.ts';
import type { ProjectionSource } from './gate/source.ts';
import { discardOf } from './gate/withholding.ts';

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
  const [run, generation, renewed] = await redis.hmget(
    keys.epoch,
    'run',
    'generation',
    'renewed_ms',
  );
  if (run !== gate.connection.run()) {
    await gate.renew(keys.shard);
    return 0;
  }
  // The first epoch of a fresh gate is no restart: nothing can be waiting for its owner.
  if (Number(generation) > 1 && nowMs - Number(renewed) < GRACE_AFTER_RESTART_MS) {
    return 0;
  }
  await forgetOldLapses(gate, keys, nowMs);
  const lapsed = (await openReservations(gate, keys)).filter((one) => one.deadlineMs <= nowMs);
  if (lapsed.length === 0) {
    return 0;
  }
  const page = lapsed.slice(0, PAGE);
  const drained = await source.alreadyDrained(page.map((one) => one.id));
  // Whoever withheld may have died after the change: it must be in the gate before it may be spent again.
  for (const teamId of new Set(page.filter(isWithheld).map((one) => one.teamId))) {
    await gate.project({ teamId });
  }
  const endings = page.map((one) => endingOf(one, drained.has(one.id)));
  const ended = await gate.settling.end(keys.shard, endings);
  return ended.filter((one) => !(one instanceof Error) && one.outcome === 'settled').length;
}

interface OpenReservation {
  readonly id: string;
  readonly teamId: string;
  readonly deadlineMs: number;
  /** As last marked; 0 and the bare call before the first mark. */
  readonly charge: string;
  readonly cost: string;
  readonly usageTokens: number;
  /** Of meters (see gate/taken.ts). */
  readonly taken: string;
  readonly event: string;
}

const OPEN = /^\d+\|([^|]+)\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|([^|]*)\|(.*)$/s;

/** All open reservations of a shard: as many as there are calls under way, so never very many. */
/** How many reservations of a shard are open, and how many of them lapsed and wait to be ended. */
export async function countOpen(
  gate: RedisGate,
  keys: ShardKeys,
  nowMs: number,
): Promise<{ readonly open: number; readonly lapsed: number }> {
  const open = await openReservations(gate, keys);
  return { open: open.length, lapsed: open.filter((one) => one.deadlineMs <= nowMs).length };
}

async function openReservations(gate: RedisGate, keys: ShardKeys): Promise<OpenReservation[]> {
  const all = Object.entries(await gate.connection.redis.hgetall(keys.open));
  return all.flatMap(([id, packed]) => {
    const [, teamId = '', deadlineMs, charge = '', cost = '', usageTokens, taken = '', event = ''] =
      OPEN.exec(packed) ?? [];
    return teamId === ''
      ? []
      : [
          {
            id,
            teamId,
            deadlineMs: Number(deadlineMs),
            charge,
            cost,
            usageTokens: Number(usageTokens),
            taken,
            event,
          },
        ];
  });
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

function isWithheld({ id }: OpenReservation): boolean {
  return id.startsWith(WITHHELD_PREFIX);
}

function endingOf(one: OpenReservation, drained: boolean): Ending {
  if (isWithheld(one)) {
    return { ...discardOf(one.teamId, one.id), manner: 'reap' };
  }
  const { id, teamId, charge, cost, usageTokens, taken, event } = one;
  const manner = drained ? 'reap' : 'lapsed';
  return {
    teamId,
    reservationId: id,
    manner,
    charge,
    most: charge,
    cost,
    usageTokens,
    taken,
    event,
  };
}
