// How fast a backlog is worked off. Calls come first: where the machine has something else to do, the drain takes a
// small part of it. What others need is seen while the drain rests; its own work would hide it.

import { SECOND_MS } from '../../core/time.ts';

/** What one round may take. */
export interface Round {
  readonly shardsMax: number;
  readonly batchMax: number;
  readonly lanes: number;
}

/** While Postgres writes the batch of one shard, this process reads and packs that of another. */
const AT_EASE: Round = { shardsMax: 4, batchMax: 4_000, lanes: 2 };
/** A round of some 50 ms, so that no call waits behind a long one. */
const BESIDE_OTHERS: Round = { shardsMax: 1, batchMax: 1_000, lanes: 1 };

/** Of the time: as the database works for the drain as well, less than a tenth of a busy machine of two processors. */
const LEAST_SHARE = 0.05;
/** So much may go on in the background, of the database and of the system, and still the machine counts as idle. */
const BACKGROUND = 0.2;
/** Long enough to see what the processors do, which is counted in steps of 10 ms. */
const REST_MIN_MS = 50;
const REST_MAX_MS = 2 * SECOND_MS;
/** Looking costs a rest: at ease, a twentieth of the time. */
const LOOK_AFTER_MS = SECOND_MS;

export interface ProcessorTimes {
  readonly busyMs: number;
  readonly idleMs: number;
}

export interface Pace {
  round(): Round;
  /** To be called between two rounds while more waits, with how long the last one took and what waits now. */
  rest(workMs: number, waiting: number): Promise<void>;
}

export function createPace(
  processors: () => ProcessorTimes,
  sleep: (ms: number) => Promise<unknown>,
): Pace {
  let [share, least, workedMs, waitingBefore] = [1, LEAST_SHARE, 0, Infinity];
  return {
    round: () => (share < 1 ? BESIDE_OTHERS : AT_EASE),
    async rest(workMs, waiting) {
      workedMs += workMs;
      if (share === 1 && workedMs < LOOK_AFTER_MS) {
        return;
      }
      // Slower than what comes in would be never: then calls share with their own bookkeeping.
      least = waiting > waitingBefore ? Math.min(1, least * 2) : Math.max(LEAST_SHARE, least / 2);
      waitingBefore = waiting;
      const before = processors();
      await sleep(Math.min(REST_MAX_MS, Math.max(REST_MIN_MS, workMs * (1 / share - 1))));
      share = Math.max(least, shareBeside(before, processors()));
      workedMs = 0;
    },
  };
}

/** All of the machine where others leave it idle, and in proportion where they do not. */
function shareBeside(before: ProcessorTimes, after: ProcessorTimes): number {
  const busyMs = after.busyMs - before.busyMs;
  const passedMs = busyMs + after.idleMs - before.idleMs;
  const idle = passedMs <= 0 ? 1 : 1 - busyMs / passedMs;
  return idle >= 1 - BACKGROUND ? 1 : (idle / (1 - BACKGROUND)) ** 2;
}
