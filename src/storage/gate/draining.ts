import { setTimeout as pause } from 'node:timers/promises';
import { GateUnavailable } from '../../core/faults.ts';
import type { GateConnection } from './connection.ts';
import { isAfter } from './owed.ts';
import type { ShardKeys } from './shards.ts';

const LOOK_AGAIN_MS = 25;

/** Waits until the records hold every event of a team that the gate had when asked; false if not in time. */
export async function untilDrained(
  { redis }: GateConnection,
  keys: ShardKeys,
  teamId: string,
  timeoutMs: number,
): Promise<boolean> {
  const giveUpAt = performance.now() + timeoutMs;
  try {
    const latest = (await redis.hget(keys.team(teamId), 'latest')) ?? '0-0';
    for (;;) {
      const drained = (await redis.hget(keys.epoch, 'drained')) ?? '0-0';
      if (!isAfter(latest, drained)) {
        return true;
      }
      if (performance.now() > giveUpAt) {
        return false;
      }
      await pause(LOOK_AGAIN_MS);
    }
  } catch (error) {
    throw new GateUnavailable(`Asking what is drained: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
