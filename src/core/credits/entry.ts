/** Why credits moved. */
export type EntryKind =
  | 'grant'
  | 'top_up'
  | 'subscription'
  | 'usage'
  | 'refund'
  | 'adjustment'
  | 'expiry'
  | 'transfer'
  | 'auto_refill';

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

/** What is asked of the ledger: one movement between a team's account and the house's. */
export interface FundingPosting {
  readonly teamId: string;
  readonly kind: FundingKind;
  readonly amount: bigint;
  readonly actor: string;
  readonly reason: string;
  /** Unique for the team for ever: what was posted under it is never posted again. */
  readonly reference: string;
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
