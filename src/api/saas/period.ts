import { refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { DAY_MS, monthOf } from '../../core/time.ts';
import type { Worded } from '../answer.ts';

/** Reads `2024-10` or `2024-10-31`, in UTC: from inclusive, to exclusive. */
export function periodFrom(text: string): { from: Date; to: Date } | Refusal {
  return (
    monthOf(text) ??
    dayOf(text) ??
    refuse('value_invalid', {
      field: 'period',
      complaint: `"${text.slice(0, LONGEST_ECHO)}" is neither a month like 2024-10 nor a day like 2024-10-31`,
    })
  );
}

/** How far back a report goes that names no beginning. */
const DEFAULT_DAYS = 30;

/** Days from and to inclusive, in UTC; the last thirty where none are named. */
export function daysFrom(
  start: string | undefined,
  end: string | undefined,
  nowMs: number,
): { readonly from: Date; readonly to: Date } | Worded {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const last = dayOf((end ?? today).slice(0, 10));
  if (last === undefined) {
    return wrongDate('end_date', end);
  }
  const first =
    start === undefined
      ? { from: new Date(last.to.getTime() - DEFAULT_DAYS * DAY_MS) }
      : dayOf(start.slice(0, 10));
  return first === undefined ? wrongDate('start_date', start) : { from: first.from, to: last.to };
}

function wrongDate(field: string, given: string | undefined): Worded {
  const detail = `Invalid ${field} format: ${(given ?? '').slice(0, LONGEST_ECHO)}. Use ISO format (YYYY-MM-DD)`;
  const complaint = 'it is no day like 2026-11-21';
  return { refusal: refuse('value_invalid', { field, complaint }), detail };
}

/** What was typed is shown back, but never a page of it. */
const LONGEST_ECHO = 40;

function dayOf(text: string): { from: Date; to: Date } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return undefined;
  }
  const from = new Date(`${text}T00:00:00.000Z`);
  // A day that the month does not have rolls over, and so reads differently.
  return !Number.isNaN(from.getTime()) && from.toISOString().startsWith(text)
    ? { from, to: new Date(from.getTime() + DAY_MS) }
    : undefined;
}
