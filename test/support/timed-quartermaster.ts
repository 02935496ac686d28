// A Quartermaster whose gate lives in a time that the test sets.

import { randomUUID } from 'node:crypto';
import { startQuartermaster } from './quartermaster.ts';
import type { Quartermaster, QuartermasterOptions } from './quartermaster.ts';

export interface TimedQuartermaster extends Quartermaster {
  readonly nowMs: () => number;
  /** Moves gate and core to a moment. */
  readonly setTime: (at: number | string) => Promise<void>;
  readonly passSeconds: (seconds: number) => Promise<void>;
  /** Empties Redis of all but the time. */
  readonly forget: () => Promise<void>;
}

/** Begins at noon (UTC) of a Wednesday in the middle of a month, later than any clock of a machine. */
export async function startTimedQuartermaster(
  options: Pick<
    QuartermasterOptions,
    'reservationDeadlineMs' | 'markEveryMs' | 'jobs' | 'configText' | 'addresses'
  > = {},
): Promise<TimedQuartermaster> {
  const timeKey = `test-time-${randomUUID()}`;
  let nowMs = Date.parse('2027-07-14T12:00:00Z');
  const qm = await startQuartermaster({ ...options, timeKey, clock: () => nowMs });
  const { redis } = qm.gate.connection;
  const setTime = async (at: number | string): Promise<void> => {
    nowMs = typeof at === 'string' ? Date.parse(at) : at;
    await redis.set(timeKey, nowMs);
  };
  await setTime(nowMs);
  return {
    ...qm,
    nowMs: () => nowMs,
    setTime,
    forget: async () => {
      await redis.multi().flushdb().set(timeKey, nowMs).exec();
    },
    passSeconds: async (seconds) => setTime(nowMs + seconds * 1_000),
    async [Symbol.asyncDispose]() {
      await redis.del(timeKey);
      await qm[Symbol.asyncDispose]();
    },
  };
}
