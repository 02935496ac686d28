import { Temporal } from 'temporal-polyfill';
import { DAY_MS, HOUR_MS } from '../time.ts';

/** For how long people ask for silence: a meeting, the rest of the day, until work begins, and longer. */
export const SNOOZES = ['1h', '4h', 'tomorrow', '1d', '1w'] as const;
export type Snooze = (typeof SNOOZES)[number];

/** When people begin their day. */
const MORNING_HOUR = 9;

/** When a silence that begins now ends: a length of time, or nine in the morning of the zone's next date. */
export function snoozeEnd(snooze: Snooze, nowMs: number, timeZone: string): Date {
  switch (snooze) {
    case '1h':
      return new Date(nowMs + HOUR_MS);
    case '4h':
      return new Date(nowMs + 4 * HOUR_MS);
    case '1d':
      return new Date(nowMs + DAY_MS);
    case '1w':
      return new Date(nowMs + 7 * DAY_MS);
    case 'tomorrow': {
      const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
      const plainTime = { hour: MORNING_HOUR };
      const morning = now.toPlainDate().add({ days: 1 }).toZonedDateTime({ timeZone, plainTime });
      return new Date(morning.epochMilliseconds);
    }
  }
}
