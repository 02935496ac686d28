import type { GrantTerms } from './grant.ts';

/** Why credits moved. */
export const ENTRY_KINDS = [
  'grant',
  'top_up',
  'subscription',
  'usage',
  'refund',
  'adjustment',
  'expiry',
  'transfer',
  'auto_refill',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Kinds that anybody but the drain may write. */
export type FundingKind = Exclude<EntryKind, 'usage'>;

/** A ledger line of a team's account. */
export interface CreditEntry {
  readonly postingId: string;
  readonly kind: EntryKind;
  /** Microcredits; positive adds to the balance. */
  readonly amount: bigint;
  readonly balanceAfter: bigint;
  readonly actor: string;
  readonly reason: string;
  readonly reference: string;
  readonly createdAt: Date;
}

/** Who moves credits, why, and under which reference. */
interface Movement {
  readonly actor: string;
  readonly reason: string;
  /** Unique for the team for ever: what was posted under it is never posted again. */
  readonly reference: string;
}

/** What is asked of the ledger: one movement between a team's account and the house's. */
export interface FundingPosting extends Movement {
  readonly teamId: string;
  readonly kind: FundingKind;
  /** Microcredits; negative takes from the team's grants. */
  readonly amount: bigint;
  /** What the added credits are like; plain ones where nothing is said. */
  readonly terms?: Partial<GrantTerms>;
  /** The one grant that is taken from; without it, grants are taken from in their order. */
  readonly grantId?: string;
}

/** One movement between two teams: their accounts are the two lines of the posting. */
export interface TransferPosting extends Movement {
  readonly teamId: string;
  readonly toTeamId: string;
  /** Microcredits, more than 0. */
  readonly amount: bigint;
}

/** What one charged call gets back. */
export interface RefundPosting extends Movement {
  readonly teamId: string;
  readonly eventId: string;
  /** How many refunds of this event there were before. */
  readonly refundsBefore: number;
  readonly parts: readonly RefundPart[];
}

/** Credits that return to the grant that gave them, or, where it is gone, as a new grant. */
export interface RefundPart {
  /** Microcredits, more than 0. */
  readonly amount: bigint;
  /** The grant that the call used; undefined for what an overdraft paid. */
  readonly grantId: string | undefined;
  /** What a new grant is like; undefined where the credits return to their own. */
  readonly terms: Partial<GrantTerms> | undefined;
}

/** What was posted: now, or, if `repeated`, before and under the same reference. */
export interface Posted {
  readonly entry: CreditEntry;
  readonly repeated: boolean;
}

/** A team's account as the ledger has it, in microcredits. Balance = funded − used. */
export interface CreditAccount {
  readonly teamId: string;
  readonly balance: bigint;
  readonly funded: bigint;
  readonly used: bigint;
  /** The balance right after the latest funding: what alerts measure against. */
  readonly allotment: bigint;
  readonly fundingSequence: bigint;
}
