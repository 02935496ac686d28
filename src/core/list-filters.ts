// What lists may be narrowed to, and their order.

import type { EntryKind } from './credits/entry.ts';
import type { KeyStatus } from './keys/virtual-key.ts';
import type { Behind, Page } from './keyset.ts';
import type { TeamStatus } from './teams/team.ts';

export interface TeamFilter {
  readonly organizationId?: string;
  /** Those of any of these. */
  readonly organizationIds?: readonly string[];
  /** Ids that contain this, in any case. */
  readonly contains?: string;
  readonly status?: TeamStatus;
  readonly channelId?: string;
  /** Made at this moment or later. */
  readonly from?: Date | undefined;
  /** Made before this moment. */
  readonly to?: Date | undefined;
  /** The order, by default that of ids. */
  readonly sort?: 'id' | 'alias' | 'createdAt';
  readonly descending?: boolean;
  /** What the page goes on behind; an id alone in the order of ids. */
  readonly after?: Behind | string;
  readonly limit: number;
}

/** Which teams a list is narrowed to, on all of its pages. */
export type TeamsWanted = {
  readonly [Name in 'organizationId' | 'contains' | 'status']?: TeamFilter[Name] | undefined;
};

export interface KeyFilter extends Page<'createdAt' | 'name' | 'expiresAt'>, KeysWanted {}

/** Which keys a list is narrowed to, on all of its pages. */
export interface KeysWanted {
  readonly organizationId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly userId?: string | undefined;
  readonly status?: KeyStatus | undefined;
  /** Ending before this moment, or ended. */
  readonly expiresBefore?: Date | undefined;
  /** Made at this moment or later. */
  readonly from?: Date | undefined;
  /** Made before this moment. */
  readonly to?: Date | undefined;
}

/** Entries of one team in the order in which they were written. */
export interface EntryFilter {
  readonly teamId: string;
  readonly kinds?: readonly EntryKind[] | undefined;
  /** Those that add to the balance, or those that take from it. */
  readonly adds?: boolean | undefined;
  readonly reference?: string | undefined;
  /** Written at this moment or later. */
  readonly from?: Date | undefined;
  /** Written before this moment. */
  readonly to?: Date | undefined;
  readonly descending: boolean;
  /** The posting that the page goes on behind. */
  readonly after?: string | undefined;
  readonly limit: number;
}
