// What was used for end users: a roll-up of its own, because it tells other things apart than those of keys and teams.

import type { UsageTotals } from './usage.ts';

/** All that are given must hold; a list that is empty finds nothing. */
export interface EndUserUsageQuery {
  /** All organizations where it is absent. */
  readonly organizationId?: string;
  readonly endUserIds?: readonly string[];
  /** Dates of each organization's time zone, from inclusive to exclusive; since the beginning where absent. */
  readonly days?: { readonly from: Date; readonly to: Date };
  /** Whether days and models are told apart. */
  readonly each: 'day_and_model' | 'end_user';
}

export interface EndUserUsageRow extends UsageTotals {
  readonly organizationId: string;
  readonly endUserId: string;
  /** `2026-11-01`; empty where days are not told apart. */
  readonly date: string;
  /** Empty where models are not told apart. */
  readonly model: string;
}
