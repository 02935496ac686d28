import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time.ts';

/**
 * How long a budget's period is. Two spellings of the same period are the same value:
 *
 * - less than whole days (`90m`, `36h`) is an exact number of seconds;
 * - whole days, however written (`24h`, `1440m`, `2w`), are days of the calendar;
 * - 30 days are a calendar month, because LiteLLM resets a `30d` budget on the 1st;
 * - years are 12 months each.
 *
 * Only {@link parseDuration} makes one; its text is {@link durationText}.
 */
export type BudgetDuration = FixedDuration | CalendarDuration;

/** An exact length: the same in every time zone, untouched by daylight saving. */
export interface FixedDuration {
  readonly unit: 'second';
  readonly count: number;
}

/** Days or months of the calendar, which are longer or shorter as the time zone has it. */
export interface CalendarDuration {
  readonly unit: 'day' | 'month';
  readonly count: number;
}

/** Why a text is no duration; a sentence part without a period, fit to stand after a colon. */
export interface NotADuration {
  readonly complaint: string;
}

/** The gate's boundaries are spent one by one; finer than a second would be a rate limit. */
export const MIN_DURATION_SECONDS = 1;
/** Beyond ten years, a budget that never resets is meant: that one has no duration. */
export const MAX_DURATION_YEARS = 10;

const MONTHS_PER_YEAR = 12;
const MAX_MONTHS = MAX_DURATION_YEARS * MONTHS_PER_YEAR;
/** Ten years hold two or three leap days; the longest ten years are allowed. */
const MAX_DAYS = MAX_DURATION_YEARS * 365 + 3;
/** LiteLLM's `30d` is its month. */
const DAYS_THAT_MEAN_A_MONTH = 30;
const DAYS_PER_WEEK = 7;

const SECONDS_PER_MINUTE = MINUTE_MS / SECOND_MS;
const SECONDS_PER_HOUR = HOUR_MS / SECOND_MS;
const SECONDS_PER_DAY = DAY_MS / SECOND_MS;

const UNITS: ReadonlyMap<string, BudgetDuration> = new Map([
  ['s', { unit: 'second', count: 1 }],
  ['m', { unit: 'second', count: SECONDS_PER_MINUTE }],
  ['h', { unit: 'second', count: SECONDS_PER_HOUR }],
  ['d', { unit: 'day', count: 1 }],
  ['w', { unit: 'day', count: DAYS_PER_WEEK }],
  ['mo', { unit: 'month', count: 1 }],
  ['y', { unit: 'month', count: MONTHS_PER_YEAR }],
]);

const WORDS: ReadonlyMap<string, BudgetDuration> = new Map([
  ['hourly', { unit: 'second', count: SECONDS_PER_HOUR }],
  ['daily', { unit: 'day', count: 1 }],
  ['weekly', { unit: 'day', count: DAYS_PER_WEEK }],
  ['monthly', { unit: 'month', count: 1 }],
  ['yearly', { unit: 'month', count: MONTHS_PER_YEAR }],
]);

const UNITS_SPELLED =
  's (seconds), m (minutes), h (hours), d (days), w (weeks), mo (months) or y (years)';
const HOW_TO_WRITE = `write a whole number and a unit, like 30d; units are ${UNITS_SPELLED}`;

/**
 * Reads what people and LiteLLM's clients write: `30s`, `15m` (minutes), `12h`, `7d`, `2w`, `1mo`,
 * `1y`, or hourly, daily, weekly, monthly, yearly. Blanks around it and capitals do not matter,
 * except that a lone `M` is refused: read as minutes where months were meant, it would reset a
 * budget 43,200 times too often.
 */
export function parseDuration(text: string): BudgetDuration | NotADuration {
  const trimmed = text.trim();
  if (trimmed === '') {
    return { complaint: `it is empty, ${HOW_TO_WRITE}` };
  }
  const word = WORDS.get(trimmed.toLowerCase());
  if (word !== undefined) {
    return word;
  }
  const shown = shorten(trimmed);
  const match = /^(\d+)([A-Za-z]+)$/.exec(trimmed);
  if (match === null) {
    return { complaint: `"${shown}" is not a duration, ${HOW_TO_WRITE}` };
  }
  const [, digits = '', letters = ''] = match;
  if (letters === 'M') {
    return { complaint: `"${shown}" may mean minutes or months, write m for minutes or mo` };
  }
  const unit = UNITS.get(letters.toLowerCase());
  if (unit === undefined) {
    return { complaint: `"${shown}" has an unknown unit, it must be ${UNITS_SPELLED}` };
  }
  const count = Number(digits) * unit.count;
  if (count === 0) {
    return { complaint: `"${shown}" is too short, at least ${MIN_DURATION_SECONDS}s is allowed` };
  }
  return count > maxCountOf(unit.unit)
    ? { complaint: `"${shown}" is too long, at most ${MAX_DURATION_YEARS}y are allowed` }
    : simplest(unit.unit, count);
}

/**
 * The one spelling of a duration, in the largest unit among s, m, h, d, mo and y that divides it:
 * `1h` for `60m`, `1d` for `24h`, `7d` for `1w`, `1mo` for `30d`, `1y` for `12mo`. Weeks are days.
 */
export function durationText({ unit, count }: BudgetDuration): string {
  if (unit === 'day') {
    return `${count}d`;
  }
  if (unit === 'month') {
    return count % MONTHS_PER_YEAR === 0 ? `${count / MONTHS_PER_YEAR}y` : `${count}mo`;
  }
  if (count % SECONDS_PER_HOUR === 0) {
    return `${count / SECONDS_PER_HOUR}h`;
  }
  return count % SECONDS_PER_MINUTE === 0 ? `${count / SECONDS_PER_MINUTE}m` : `${count}s`;
}

function maxCountOf(unit: BudgetDuration['unit']): number {
  if (unit === 'month') {
    return MAX_MONTHS;
  }
  return unit === 'day' ? MAX_DAYS : MAX_DAYS * SECONDS_PER_DAY;
}

function simplest(unit: BudgetDuration['unit'], count: number): BudgetDuration {
  if (unit === 'second') {
    return count % SECONDS_PER_DAY === 0
      ? simplest('day', count / SECONDS_PER_DAY)
      : { unit, count };
  }
  return unit === 'day' && count === DAYS_THAT_MEAN_A_MONTH
    ? { unit: 'month', count: 1 }
    : { unit, count };
}

/** What a person typed is shown back, but never a page of it. */
function shorten(text: string): string {
  const longestEcho = 40;
  return text.length > longestEcho ? `${text.slice(0, longestEcho)}…` : text;
}
