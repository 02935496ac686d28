// The clock of a machine may jump, and those of two machines differ. A worker by such a clock would take from another what
// that one still holds, and end grants an hour early. So workers count on from the time of Postgres, which all of
// them ask, by the ticks of their machine, which no setting of its clock changes.

import type { Clock } from '../src/core/time.ts';
import { MINUTE_MS, SECOND_MS } from '../src/core/time.ts';
import type { PrismaClient } from '../src/storage/generated/client.ts';

/** Ticks of a machine go wrong by some milliseconds in so long. */
const ASKED_EVERY_MS = MINUTE_MS;
/** An answer that took longer says too little of now. */
const ANSWER_MAX_MS = SECOND_MS;
/** A busy moment is over after so many; who is slow for longer is asked again at the next minute. */
const ASKED_AT_ONCE_MAX = 3;

export interface SteadyClock {
  readonly now: Clock;
  stop(): void;
}

/**
 * Asks Postgres for the time, and again each minute; meanwhile, and while it is away, it counts on. Told of as a failure is
 * also a time that came too late to be believed, each time it was asked for: before the first that is, it counts on
 * from the clock of the machine. Throws where Postgres can't be asked at the start.
 */
export async function startSteadyClock(
  postgres: Pick<PrismaClient, '$queryRaw'>,
  onFailure: (error: unknown) => void,
): Promise<SteadyClock> {
  let known = { ms: Date.now(), atTick: performance.now() };
  const ask = async (): Promise<void> => {
    for (let asked = 1; asked <= ASKED_AT_ONCE_MAX; asked += 1) {
      const askedAt = performance.now();
      const [answer] = await postgres.$queryRaw<{ ms: number }[]>`
        SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`;
      const tookMs = performance.now() - askedAt;
      if (answer !== undefined && tookMs <= ANSWER_MAX_MS) {
        known = { ms: answer.ms, atTick: askedAt + tookMs / 2 };
        return;
      }
      const took = `it answered after ${Math.round(tookMs)} ms, at most ${ANSWER_MAX_MS} say enough`;
      onFailure(new Error(`Asking Postgres for the time: ${took}`));
    }
  };
  await ask();
  const timer = setInterval(() => void ask().catch(onFailure), ASKED_EVERY_MS);
  timer.unref();
  return {
    now: () => Math.round(known.ms + performance.now() - known.atTick),
    stop: () => clearInterval(timer),
  };
}
