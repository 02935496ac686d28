// What messages say of usage, read from core's roll-ups.

import { Temporal } from 'temporal-polyfill';
import { dateIn, DEFAULT_TIME_ZONE } from '../core/time-zone.ts';
import { DAY_MS } from '../core/time.ts';
import type { Stores } from '../core/stores.ts';
import type { UsageDimension, UsageRangeRow, UsageScope } from '../core/usage/usage-range.ts';
import { NOTHING_USED, sumOf } from '../core/usage/usage.ts';
import type { UsageTotals } from '../core/usage/usage.ts';

/** A part of the range: a day, or a month where the range is long. */
export interface UsagePeriod extends UsageTotals {
  /** `2026-11-01`, or `2026-11`. */
  readonly period: string;
}

/** A model, key, team…: one part of the whole. */
export interface UsagePart extends UsageTotals {
  readonly name: string;
}

export interface UsageReading {
  readonly scope: UsageScope;
  readonly range: UsageRange;
  /** The last day; the range holds it whole. */
  readonly until: string;
  readonly timeZone: string;
  /** Without gaps, the oldest first. */
  readonly periods: readonly UsagePeriod[];
  readonly total: UsageTotals;
  /** The same length of time right before. */
  readonly before: UsageTotals;
  readonly by: UsageDimension;
  /** The dearest first. */
  readonly parts: readonly UsagePart[];
}

/** How far back a person may look, by the words for it. */
export const USAGE_RANGES = { '7d': 7, '14d': 14, '30d': 30, '90d': 90, '365d': 365 } as const;
export type UsageRange = keyof typeof USAGE_RANGES;

/** From so many days on, months say more than days. */
const MONTHS_FROM_DAYS = 180;

/** The usage of a team, an organization, a key or a person, up to today. */
export async function readUsage(
  stores: Stores,
  scope: UsageScope,
  { range, by }: { readonly range: UsageRange; readonly by: UsageDimension },
): Promise<UsageReading> {
  const { usage } = stores.records;
  const days = USAGE_RANGES[range];
  const to = new Date(stores.clock());
  // Today counts, so the first of seven days is six days ago.
  const step = days >= MONTHS_FROM_DAYS ? 'month' : 'day';
  const timeZone = await timeZoneOf(stores, scope);
  const from =
    step === 'day'
      ? new Date(to.getTime() - (days - 1) * DAY_MS)
      : elevenMonthsBefore(to, timeZone);
  const dayBefore = new Date(from.getTime() - DAY_MS);
  const firstBefore = new Date(from.getTime() - days * DAY_MS);
  const [rows, before, parts] = await Promise.all([
    usage.range({ scope, from, to, step, by: [] }),
    usage.range({ scope, from: firstBefore, to: dayBefore, step: 'all', by: [] }),
    usage.range({ scope, from, to, step: 'all', by: [by] }),
  ]);
  return {
    scope,
    range,
    until: dateIn(timeZone, to.getTime()),
    timeZone,
    periods: withoutGaps(rows, periodsBetween(from, to, step, timeZone)),
    total: sumOf(rows),
    before: sumOf(before),
    by,
    parts: parts
      .map((row) => ({ ...sumOf([row]), name: row.names[by] ?? '' }))
      .toSorted((a, b) => Number(b.charge - a.charge) || Number(b.calls - a.calls)),
  };
}

/** In the first month of the twelve that end with this one. */
function elevenMonthsBefore(at: Date, timeZone: string): Date {
  const today = Temporal.PlainDate.from(dateIn(timeZone, at.getTime()));
  const first = today.with({ day: 1 }).subtract({ months: 11 });
  // Noon lies on that date in every zone but the farthest, and there on the next.
  return new Date(`${first.toString()}T12:00:00Z`);
}

async function timeZoneOf({ records }: Stores, scope: UsageScope): Promise<string> {
  const id = await organizationOf(records, scope);
  const organization = id === undefined ? undefined : await records.organizations.find(id);
  return organization?.timeZone ?? DEFAULT_TIME_ZONE;
}

async function organizationOf(
  records: Stores['records'],
  scope: UsageScope,
): Promise<string | undefined> {
  switch (scope.kind) {
    case 'organization':
    case 'user':
      return scope.organizationId;
    case 'team':
      return (await records.teams.find(scope.teamId))?.organizationId;
    case 'key':
      return (await records.keys.find(scope.keyId))?.organizationId;
  }
}

/** The names of all days or months of a range, as the customer counts them. */
function periodsBetween(from: Date, to: Date, step: 'day' | 'month', timeZone: string): string[] {
  const last = Temporal.PlainDate.from(dateIn(timeZone, to.getTime()));
  const first = Temporal.PlainDate.from(dateIn(timeZone, from.getTime()));
  const names: string[] = [];
  let at = step === 'month' ? first.with({ day: 1 }) : first;
  while (Temporal.PlainDate.compare(at, last) <= 0) {
    names.push(step === 'month' ? at.toString().slice(0, 7) : at.toString());
    at = step === 'month' ? at.add({ months: 1 }) : at.add({ days: 1 });
  }
  return names;
}

function withoutGaps(rows: readonly UsageRangeRow[], periods: readonly string[]): UsagePeriod[] {
  const known = new Map(rows.map((row) => [row.period, sumOf([row])]));
  return periods.map((period) => ({ period, ...(known.get(period) ?? NOTHING_USED) }));
}
