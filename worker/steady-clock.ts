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

export interface SteadyClock {
  readonly now: Clock;
  stop(): void;
}

/** Asks Postgres for the time, and again each minute; meanwhile, and while it is away, it counts on. */
export async function startSteadyClock(
  postgres: Pick<PrismaClient, '$queryRaw'>,
  onFailure: (error: unknown) => void,
): Promise<SteadyClock> {
  let known = { ms: Date.now(), atTick: performance.now() };
  const ask = async (): Promise<void> => {
    const askedAt = performance.now();
    const [answer] = await postgres.$queryRaw<{ ms: number }[]>`
      SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`;
    const tookMs = performance.now() - askedAt;
    if (answer !== undefined && tookMs <= ANSWER_MAX_MS) {
      known = { ms: answer.ms, atTick: askedAt + tookMs / 2 };
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
