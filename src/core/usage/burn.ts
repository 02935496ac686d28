import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.ts';

/** A day smooths over nights and lunch; older use says little about now. */
export const BURN_WINDOW_MS = DAY_MS;
/** Under ten calls, a single one moves the rate by more than a tenth: it is a hint, and said to be one. */
const FEWEST_CALLS = 10n;
/** With less than this seen, an hourly rate would be a guess dressed as a number. */
const LEAST_SPAN_MS = MINUTE_MS;

export interface Forecast {
  /** Microcredits an hour; null when too little was seen to tell. */
  readonly burnPerHour: bigint | null;
  /** When the balance reaches 0 at this rate; null when it can't be told. */
  readonly exhaustedAt: Date | null;
  /** From how many calls this was drawn, where they are too few to rely on. */
  readonly roughFromCalls: bigint | null;
}

const UNKNOWN: Forecast = { burnPerHour: null, exhaustedAt: null, roughFromCalls: null };

/** What was charged to a team within the window. */
export interface SeenUse {
  /** Microcredits. */
  readonly charged: bigint;
  readonly calls: bigint;
  /** When the first of these calls began; null where there was none. */
  readonly first: Date | null;
}

/** Rate of use, and when credits run out at that rate: use over the time since the first call seen. */
export function forecast(spendable: bigint, seen: SeenUse, nowMs: number): Forecast {
  if (seen.first === null || seen.charged <= 0n) {
    return UNKNOWN;
  }
  const spanMs = Math.max(nowMs - seen.first.getTime(), LEAST_SPAN_MS);
  const burnPerHour = (seen.charged * BigInt(HOUR_MS)) / BigInt(spanMs);
  if (burnPerHour <= 0n) {
    return UNKNOWN;
  }
  const leftMs = spendable <= 0n ? 0 : Number((spendable * BigInt(HOUR_MS)) / burnPerHour);
  const exhaustedAt = new Date(nowMs + leftMs);
  // Beyond what a date can hold, "never" is the honest answer.
  return {
    burnPerHour,
    exhaustedAt: Number.isNaN(exhaustedAt.getTime()) ? null : exhaustedAt,
    roughFromCalls: seen.calls < FEWEST_CALLS ? seen.calls : null,
  };
}
