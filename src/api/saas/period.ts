import { refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { DAY_MS, monthOf } from '../../core/time.ts';

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
