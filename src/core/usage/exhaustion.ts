// The day on which credits run out, by the pace of the last hour, day and week: three answers to one
// question. Where they agree the day is sure; where they don't, both ends are told.

import { DAY_MS, HOUR_MS } from '../time.ts';
import { forecast } from './burn.ts';
import type { SeenUse } from './burn.ts';

/** Each is a pace of its own: now, today, this week. */
const PACE_WINDOWS_MS = [HOUR_MS, DAY_MS, 7 * DAY_MS] as const;

/** Of a window less than this part, an eighth, was seen: it would say of a day what ten minutes were like. */
const LEAST_SEEN = 8;

/** What was charged to a team within one window. */
export interface Pace {
  readonly windowMs: number;
  readonly seen: SeenUse;
}

export interface Exhaustion {
  /** By the fastest pace. */
  readonly earliest: Date;
  /** By the slowest pace. */
  readonly latest: Date;
  /** How many paces could be told. */
  readonly paces: number;
}

/** What a team's use was like in each of the windows. */
export async function readPaces(
  usage: { chargedSince(teamId: string, since: Date): Promise<SeenUse> },
  teamId: string,
  nowMs: number,
): Promise<Pace[]> {
  return Promise.all(
    PACE_WINDOWS_MS.map(async (windowMs) => ({
      windowMs,
      seen: await usage.chargedSince(teamId, new Date(nowMs - windowMs)),
    })),
  );
}

/**
 * Between which moments a balance reaches 0. A pace counts if it was drawn from ten calls or more and from an
 * eighth of its window; undefined where none does.
 */
export function exhaustionOf(
  balance: bigint,
  paces: readonly Pace[],
  nowMs: number,
): Exhaustion | undefined {
  const ends = paces.flatMap(({ windowMs, seen }) => {
    const { exhaustedAt, roughFromCalls } = forecast(balance, seen, nowMs);
    const seenMs = seen.first === null ? 0 : nowMs - seen.first.getTime();
    const isTold =
      exhaustedAt !== null && roughFromCalls === null && seenMs * LEAST_SEEN >= windowMs;
    return isTold ? [exhaustedAt.getTime()] : [];
  });
  return ends.length === 0
    ? undefined
    : {
        earliest: new Date(Math.min(...ends)),
        latest: new Date(Math.max(...ends)),
        paces: ends.length,
      };
}
