import { Temporal } from 'temporal-polyfill';
import type { QuietHours } from './policy.ts';

const MINUTES_PER_HOUR = 60;

/** When quiet hours that hold at a moment end; undefined if none hold. By the wall clock of their zone. */
export function quietUntil(quiet: QuietHours | null, nowMs: number): Date | undefined {
  if (quiet === null) {
    return undefined;
  }
  const { fromMinute, toMinute, timeZone } = quiet;
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const minute = now.hour * MINUTES_PER_HOUR + now.minute;
  const isOverMidnight = fromMinute > toMinute;
  const isQuiet = isOverMidnight
    ? minute >= fromMinute || minute < toMinute
    : minute >= fromMinute && minute < toMinute;
  if (!isQuiet) {
    return undefined;
  }
  const end = now.with({
    hour: Math.floor(toMinute / MINUTES_PER_HOUR),
    minute: toMinute % MINUTES_PER_HOUR,
    second: 0,
    millisecond: 0,
    microsecond: 0,
    nanosecond: 0,
  });
  const isTomorrow = isOverMidnight && minute >= fromMinute;
  return new Date((isTomorrow ? end.add({ days: 1 }) : end).epochMilliseconds);
}
