// Questions about usage, and the shape of what answers them. Answers come out of roll-ups, never out of single
// calls, so a year costs no more than a day of many calls.

import { Temporal } from 'temporal-polyfill';
import { dateIn } from '../time-zone.ts';
import type { UsageTotals } from './usage.ts';

/** Whose usage. */
export type UsageScope =
  | { readonly kind: 'organization'; readonly organizationId: string }
  | { readonly kind: 'team'; readonly teamId: string }
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'user'; readonly organizationId: string; readonly userId: string };

export type UsageStep = 'hour' | 'day' | 'month' | 'all';
export type UsageDimension = 'team' | 'key' | 'user' | 'model' | 'tag' | 'job_type';

export interface UsageQuery {
  readonly scope: UsageScope;
  /**
   * From inclusive, to exclusive. Days, months and hours are those of the organization's time zone; the ones in which
   * the range begins and ends count whole: hours for the step `hour`, days for all others.
   */
  readonly from: Date;
  readonly to: Date;
  /** `all` for one sum over the range. */
  readonly step: UsageStep;
  /**
   * What to tell apart; empty for nothing. A call under a key of two tags counts for both of them, one without
   * tags for none: by tag, the rows do not sum to the whole.
   */
  readonly by: readonly UsageDimension[];
  /**
   * Whether what another system counted by day is among it: of days, months and sums of them, not told apart by tag, and
   * without a charge. Never where `brought_spends` is added.
   */
  readonly withBrought?: boolean;
  /** So many rows at most, the first of them; all if absent. */
  readonly limit?: number;
}

export interface UsageRangeRow extends UsageTotals {
  /** `2026-11-01` of a day, `2026-11` of a month, an ISO time in UTC of an hour; empty for `all`. */
  readonly period: string;
  /**
   * A name for each dimension that was asked for: ids of teams, keys and users, else what clients call it. Empty
   * where there is none: a service's key has no user, a job beside its calls has no model.
   */
  readonly names: Readonly<Partial<Record<UsageDimension, string>>>;
}

/** Which rows answer a question: those of a grain that start within. */
export interface UsageSegment {
  readonly grain: 'hour' | 'day' | 'month';
  readonly from: Date;
  readonly to: Date;
}

/** A day or month starts, for the roll-ups, at midnight UTC of its first date. */
function startOf(date: Temporal.PlainDate): Date {
  return new Date(`${date.toString()}T00:00:00Z`);
}

/**
 * The fewest rows that hold a range: whole months where no days are asked for, days at both ends of them. Empty
 * where the range is.
 */
export function segmentsOf(
  { from, to, step }: Pick<UsageQuery, 'from' | 'to' | 'step'>,
  timeZone: string,
): UsageSegment[] {
  if (from.getTime() >= to.getTime()) {
    return [];
  }
  if (step === 'hour') {
    // The rows are named by their beginning, and the first of them began up to an hour before.
    return [{ grain: 'hour', from: hourOf(from, timeZone), to }];
  }
  const first = Temporal.PlainDate.from(dateIn(timeZone, from.getTime()));
  const end = Temporal.PlainDate.from(dateIn(timeZone, to.getTime() - 1)).add({ days: 1 });
  const firstMonth = first.day === 1 ? first : first.with({ day: 1 }).add({ months: 1 });
  const endMonth = end.with({ day: 1 });
  if (step === 'day' || Temporal.PlainDate.compare(firstMonth, endMonth) >= 0) {
    return [{ grain: 'day', from: startOf(first), to: startOf(end) }];
  }
  const segments = [
    { grain: 'day', from: startOf(first), to: startOf(firstMonth) },
    { grain: 'month', from: startOf(firstMonth), to: startOf(endMonth) },
    { grain: 'day', from: startOf(endMonth), to: startOf(end) },
  ] as const;
  return segments.filter((segment) => segment.from.getTime() < segment.to.getTime());
}

function hourOf(at: Date, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const past = (local.minute * 60 + local.second) * 1_000 + local.millisecond;
  return new Date(at.getTime() - past);
}
