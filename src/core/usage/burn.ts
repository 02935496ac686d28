import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.ts';

/** A day smooths over nights and lunch; older use says little about now. */
export const BURN_WINDOW_MS = DAY_MS;
/** With less than this seen, an hourly rate would be a guess dressed as a number. */
const LEAST_SPAN_MS = MINUTE_MS;

export interface Forecast {
  /** Microcredits an hour; null when too little was seen to tell. */
  readonly burnPerHour: bigint | null;
  /** When the balance reaches 0 at this rate; null when it can't be told. */
  readonly exhaustedAt: Date | null;
}

/** Rate of use, and when credits run out at that rate: use over the time since the first call seen. */
export function forecast(
  spendable: bigint,
  seen: { readonly charged: bigint; readonly first: Date | null },
  nowMs: number,
): Forecast {
  if (seen.first === null || seen.charged <= 0n) {
    return { burnPerHour: null, exhaustedAt: null };
  }
  const spanMs = Math.max(nowMs - seen.first.getTime(), LEAST_SPAN_MS);
  const burnPerHour = (seen.charged * BigInt(HOUR_MS)) / BigInt(spanMs);
  if (burnPerHour <= 0n) {
    return { burnPerHour: null, exhaustedAt: null };
  }
  const leftMs = spendable <= 0n ? 0 : Number((spendable * BigInt(HOUR_MS)) / burnPerHour);
  const exhaustedAt = new Date(nowMs + leftMs);
  // Beyond what a date can hold, "never" is the honest answer.
  return { burnPerHour, exhaustedAt: Number.isNaN(exhaustedAt.getTime()) ? null : exhaustedAt };
}
