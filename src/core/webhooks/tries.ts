import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time.ts';

/** As the Standard Webhooks specification suggests: an endpoint that is away for three days is told after. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** Each wait is up to a fifth longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/** How long to wait after a failed try of this number, counted from 1; undefined where it was the last. */
export function waitAfterTry(
  attempt: number,
  random: () => number = Math.random,
): number | undefined {
  const waitMs = WAITS_MS[attempt - 1];
  return waitMs === undefined ? undefined : Math.round(waitMs * (1 + JITTER * random()));
}
