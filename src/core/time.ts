/** Tells the time in milliseconds since 1970 (UTC). Injected, so that tests can move it. */
export type Clock = () => number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The calendar month that `period` names as `YYYY-MM`, in UTC: from inclusive, to exclusive. */
export function monthOf(period: string): { from: Date; to: Date } | undefined {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(period);
  if (!match) {
    return undefined;
  }
  const [year, month] = [Number(match[1]), Number(match[2])];
  return { from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 1)) };
}

/** `YYYY-MM` of a moment, in UTC. */
export function periodOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}
