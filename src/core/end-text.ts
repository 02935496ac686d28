import { Temporal } from 'temporal-polyfill';
import { parseDuration } from './budgets/duration.ts';
import type { BudgetDuration } from './budgets/duration.ts';

/** Why a text names no end; a sentence part without a period, fit to stand after a colon. */
interface NoEnd {
  readonly complaint: string;
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
/** Three letters tell the days of the week apart. */
const SHORTEST_DAY = 3;
/** `friday 15:00` */
const TIME_OF_DAY = /^(\S+) (\d{1,2}:\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads until when something is to last, in milliseconds since 1970: `2d` from now, `friday`, `tomorrow`,
 * `2026-12-01`, `friday 15:00` or `2026-12-01T15:00`. A day is meant whole: it lasts until the next one begins in the time zone.
 * The end may lie in the past.
 */
export function endFromText(
  text: string,
  nowMs: number,
  timeZone: string,
): { readonly atMs: number } | NoEnd {
  const wanted = text.trim().toLowerCase();
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const day = dayOf(wanted, now.toPlainDate());
  if (day !== undefined) {
    return { atMs: day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds };
  }
  const [, onDay = '', clock] = TIME_OF_DAY.exec(wanted) ?? [];
  if (clock !== undefined) {
    return timeOn(onDay, clock, { nowMs, timeZone }) ?? { complaint: howToWrite(text) };
  }
  const duration = parseDuration(wanted);
  if (!('complaint' in duration)) {
    return { atMs: after(now, duration).epochMilliseconds };
  }
  return momentFrom(text.trim(), timeZone) ?? { complaint: howToWrite(text) };
}

/** An hour of a weekday that has passed on its own day is that of the next week. */
function timeOn(
  wanted: string,
  clock: string,
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): { readonly atMs: number } | undefined {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  const first = dayOf(wanted, now.toPlainDate());
  if (first === undefined) {
    return undefined;
  }
  const at = (date: Temporal.PlainDate) =>
    momentFrom(`${date.toString()}T${clock.padStart(5, '0')}`, timeZone);
  const isOver = (at(first)?.atMs ?? nowMs) < nowMs && DAYS.some((each) => isShort(each, wanted));
  return at(isOver ? first.add({ weeks: 1 }) : first);
}

function dayOf(wanted: string, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  if (wanted === 'today' || wanted === 'tomorrow') {
    return wanted === 'today' ? today : today.add({ days: 1 });
  }
  if (DATE.test(wanted)) {
    return orNothing(() => Temporal.PlainDate.from(wanted));
  }
  const index = DAYS.findIndex((each) => isShort(each, wanted));
  const daysAhead = (index + 1 - today.dayOfWeek + DAYS.length) % DAYS.length;
  return index === -1 ? undefined : today.add({ days: daysAhead });
}

/** Whether it is that day of the week, written out or short. */
function isShort(day: string, wanted: string): boolean {
  return wanted.length >= SHORTEST_DAY && day.startsWith(wanted);
}

function after(now: Temporal.ZonedDateTime, { unit, count }: BudgetDuration) {
  switch (unit) {
    case 'second':
      return now.add({ seconds: count });
    case 'day':
      return now.add({ days: count });
    case 'month':
      return now.add({ months: count });
  }
}

/** With an offset it is one moment; without, a time on the clocks of the zone. */
function momentFrom(text: string, timeZone: string): { readonly atMs: number } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/i.test(text)) {
    return undefined;
  }
  return (
    orNothing(() => ({ atMs: Temporal.Instant.from(text).epochMilliseconds })) ??
    orNothing(() => ({
      atMs: Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds,
    }))
  );
}

function howToWrite(text: string): string {
  const longestEcho = 40;
  const shown = text.length > longestEcho ? `${text.slice(0, longestEcho)}…` : text;
  return `“${shown}” is no end, write it like 2d, friday, 2026-12-01 or 2026-12-01T15:00`;
}

function orNothing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
