// Credits that came together: used in one order, and expired together. Invariant of a team: what remains of
// its grants sums to its balance, or to 0 while it is in debt. What an overdraft paid belongs to no grant;
// the next funding covers it first.

import { complaintAboutEnd } from '../moment.ts';

export interface CreditGrant extends GrantTerms {
  readonly id: string;
  readonly teamId: string;
  /** Microcredits that it brought. */
  readonly amount: bigint;
  /** Microcredits that are left of it. */
  readonly remaining: bigint;
  readonly createdAt: Date;
}

export interface GrantTerms {
  /** Lower goes first. */
  readonly priority: number;
  readonly category: GrantCategory;
  /** Since when it counts; decides among equals only, because a grant counts from its posting on. */
  readonly effectiveAt: Date;
  /** Null for never. */
  readonly expiresAt: Date | null;
}

export const GRANT_CATEGORIES = ['paid', 'promotional'] as const;
export type GrantCategory = (typeof GRANT_CATEGORIES)[number];

export const DEFAULT_PRIORITY = 50;
/** As many steps as anybody tells apart; Stripe's range. */
export const MAX_PRIORITY = 100;

export const PLAIN_TERMS = {
  priority: DEFAULT_PRIORITY,
  category: 'paid',
  expiresAt: null,
} as const satisfies Partial<GrantTerms>;

/** What is wrong with the terms of a new grant, with the field's name; undefined if nothing is. */
export function complaintAboutTermsOfGrant(
  { priority, expiresAt }: Partial<GrantTerms>,
  nowMs: number,
): { readonly field: string; readonly complaint: string } | undefined {
  if (
    priority !== undefined &&
    (!Number.isInteger(priority) || priority < 0 || priority > MAX_PRIORITY)
  ) {
    const complaint = `it must be a whole number from 0 to ${MAX_PRIORITY}, lower goes first`;
    return { field: 'priority', complaint };
  }
  const aboutEnd =
    expiresAt === undefined || expiresAt === null ? undefined : complaintAboutEnd(expiresAt, nowMs);
  return aboutEnd === undefined ? undefined : { field: 'expires_at', complaint: aboutEnd };
}
