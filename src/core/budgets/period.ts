import { Temporal } from 'temporal-polyfill';
import { SECOND_MS } from '../time.ts';
import type { BudgetDuration, CalendarDuration, FixedDuration } from './duration.ts';

/**
 * When a budget starts over. Every boundary is computed from the anchor (boundary n = anchor +
 * n durations), never from the boundary before it, so that nothing drifts: neither the day of the
 * month after February nor the hour after daylight saving.
 *
 * Instants are milliseconds since 1970 (UTC), whole numbers. The time zone decides only where the
 * days of the calendar begin; an unknown one throws a RangeError (see `complaintAboutTimeZone`).
 *
 * - fixed durations: n lengths from the anchor;
 * - `1d`: local midnight; `7d`: Monday; `1mo`: the 1st. The anchor does not matter;
 * - other days: blocks of local dates from the anchor's local date;
 * - other months and years: blocks from the 1st of the anchor's local month.
 *
 * A local midnight that does not exist is the first instant after it; one that comes twice, the
 * first. A date that a zone left out has no period.
 */
export interface Period {
  /** Inclusive. */
  readonly startsAtMs: number;
  /** Exclusive; the start of the next period. */
  readonly endsAtMs: number;
}

/** Boundary n of a budget, and about which n holds an instant. */
interface Boundaries {
  /** Never falls as the index rises; equal only where a zone left a date out. */
  readonly atMs: (index: number) => number;
  /** The index of the period that holds the instant, or one below it; never above. */
  readonly indexAtOrBelow: (nowMs: number) => number;
}

/**
 * The most boundaries of one call: two months of days. A record is projected in well under a
 * millisecond with them.
 */
export const MAX_BOUNDARIES = 64;

const DAYS_PER_WEEK = 7;
const MONTHS_PER_YEAR = 12;
const A_MONDAY = Temporal.PlainDate.from('1970-01-05');

/** The period that holds the instant, which may lie before the anchor. Never empty. */
export function periodAt(
  duration: BudgetDuration,
  anchorMs: number,
  timeZone: string,
  nowMs: number,
): Period {
  const boundaries = boundariesOf(duration, anchorMs, timeZone);
  const index = indexAt(boundaries, nowMs);
  return { startsAtMs: boundaries.atMs(index), endsAtMs: boundaries.atMs(index + 1) };
}

/**
 * The start of the period that holds the instant, then the next `count` boundaries, at most
 * {@link MAX_BOUNDARIES}. Strictly rising.
 */
export function boundariesFrom(
  duration: BudgetDuration,
  anchorMs: number,
  timeZone: string,
  nowMs: number,
  count: number,
): number[] {
  if (!Number.isInteger(count) || count < 0 || count > MAX_BOUNDARIES) {
    throw new RangeError(
      `Listing boundaries: ${count} were asked for, 0 to ${MAX_BOUNDARIES} are allowed`,
    );
  }
  const boundaries = boundariesOf(duration, anchorMs, timeZone);
  let index = indexAt(boundaries, nowMs);
  let lastMs = boundaries.atMs(index);
  const found = [lastMs];
  while (found.length <= count) {
    index += 1;
    const nextMs = boundaries.atMs(index);
    if (nextMs > lastMs) {
      found.push(nextMs);
      lastMs = nextMs;
    }
  }
  return found;
}

/** Whether the boundaries depend on where they are counted from; else all such periods of a zone are the same. */
export function isAnchored({ unit, count }: BudgetDuration): boolean {
  return (
    !(unit === 'month' && count === 1) && !(unit === 'day' && [1, DAYS_PER_WEEK].includes(count))
  );
}

/** Whether period n simply starts at anchor + n × {@link fixedLengthMs}. */
export function isFixed(duration: BudgetDuration): duration is FixedDuration {
  return duration.unit === 'second';
}

/** The length of every period of a fixed duration, in milliseconds. */
export function fixedLengthMs(duration: FixedDuration): number {
  return duration.count * SECOND_MS;
}

function boundariesOf(duration: BudgetDuration, anchorMs: number, timeZone: string): Boundaries {
  if (isFixed(duration)) {
    return fixedBoundaries(fixedLengthMs(duration), anchorMs);
  }
  return duration.unit === 'day'
    ? dayBoundaries(duration, anchorMs, timeZone)
    : monthBoundaries(duration, anchorMs, timeZone);
}

/**
 * Where clocks are set back over midnight, an instant can bear yesterday's date although today has
 * begun (St. John's 2010, 00:01 to 23:01). So the date only says from where to look: the boundaries
 * decide.
 */
function indexAt(boundaries: Boundaries, nowMs: number): number {
  let index = boundaries.indexAtOrBelow(nowMs);
  while (boundaries.atMs(index + 1) <= nowMs) {
    index += 1;
  }
  return index;
}

function fixedBoundaries(lengthMs: number, anchorMs: number): Boundaries {
  return {
    atMs: (index) => anchorMs + index * lengthMs,
    indexAtOrBelow: (nowMs) => Math.floor((nowMs - anchorMs) / lengthMs),
  };
}

function dayBoundaries(
  { count }: CalendarDuration,
  anchorMs: number,
  timeZone: string,
): Boundaries {
  const first = count === DAYS_PER_WEEK ? A_MONDAY : localDate(anchorMs, timeZone);
  return {
    atMs: (index) => startOfDayMs(first.add({ days: index * count }), timeZone),
    indexAtOrBelow: (nowMs) => Math.floor(first.until(localDate(nowMs, timeZone)).days / count),
  };
}

function monthBoundaries(
  { count }: CalendarDuration,
  anchorMs: number,
  timeZone: string,
): Boundaries {
  const anchor = localDate(anchorMs, timeZone);
  const first = anchor.with({ day: 1 });
  return {
    atMs: (index) => startOfDayMs(first.add({ months: index * count }), timeZone),
    indexAtOrBelow: (nowMs) => {
      const { year, month } = localDate(nowMs, timeZone);
      const months = (year - first.year) * MONTHS_PER_YEAR + (month - first.month);
      return Math.floor(months / count);
    },
  };
}

/** The date of an instant, as in `2026-10-31`. */
export function localDay(atMs: number, timeZone: string): string {
  return localDate(atMs, timeZone).toString();
}

function localDate(atMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** Without a time of day, Temporal answers the first instant that bears the date or a later one. */
function startOfDayMs(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}
