/** The last moment that may be named: JavaScript and Postgres know later ones, people do not. */
const LAST_MOMENT_MS = Date.UTC(9999, 11, 31);

/** What is wrong with a moment at which something is to end, or undefined if nothing is. */
export function complaintAboutEnd(at: Date, nowMs: number): string | undefined {
  const ms = at.getTime();
  if (Number.isNaN(ms)) {
    return 'it is no moment';
  }
  if (ms <= nowMs) {
    return 'it lies in the past';
  }
  return ms > LAST_MOMENT_MS ? 'it lies after the year 9998' : undefined;
}
