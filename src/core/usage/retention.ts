// How long single calls are kept. What they add up to is kept for ever, and so is the ledger.

import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { DAY_MS } from '../time.ts';

/** Longer than any outage after which calls are still handed in, so that none that was charged is taken for new. */
export const RETENTION_MIN_DAYS = 35;
/** Ten years: longer than books must be kept where we know of. */
export const RETENTION_MAX_DAYS = 3_650;

export function complaintAboutRetention(days: number | null): Refusal | undefined {
  const isPossible =
    days === null ||
    (Number.isInteger(days) && days >= RETENTION_MIN_DAYS && days <= RETENTION_MAX_DAYS);
  return isPossible
    ? undefined
    : refuse('value_invalid', {
        field: 'usage_retention_days',
        complaint: `it must be a whole number from ${RETENTION_MIN_DAYS} to ${RETENTION_MAX_DAYS}, or nothing for what the configuration says`,
      });
}

/** Calls that started before this are not kept: a midnight in UTC, so that it moves once a day. */
export function keptFrom(days: number, nowMs: number): Date {
  return new Date((Math.floor(nowMs / DAY_MS) - days) * DAY_MS);
}
