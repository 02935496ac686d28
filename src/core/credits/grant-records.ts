import type { CreditGrant } from './grant.ts';

/** A charged call, and which grants paid the posting that charged it. */
export interface ChargedEvent {
  readonly eventId: string;
  readonly teamId: string;
  /** Microcredits. */
  readonly charge: bigint;
  /** What the posting charged for the events before this one, in the order of their ids. */
  readonly ahead: bigint;
  /** What the posting took, in the order in which it took it. */
  readonly uses: readonly GrantUse[];
  /** Amounts that were given back before, the first one first. */
  readonly refunds: readonly bigint[];
}

export interface GrantUse {
  readonly grant: CreditGrant;
  /** Microcredits. */
  readonly amount: bigint;
}

/** A grant that ends, and where that may be told. */
export interface EndingGrant {
  readonly grantId: string;
  readonly teamId: string;
}

/** What the records know of grants beside the ledger's lines. */
export interface GrantRecords {
  find(id: string): Promise<CreditGrant | undefined>;
  /** Those with something left, in the order in which they are used. */
  ofTeam(teamId: string): Promise<CreditGrant[]>;
  /** What an entry brought. */
  ofPosting(postingId: string): Promise<CreditGrant[]>;
  /** A charged call; undefined where there is none, or it was charged nothing. */
  chargedEvent(eventId: string): Promise<ChargedEvent | undefined>;
  /** Those with something left whose end has come, the earliest first. */
  ended(at: Date, limit: number): Promise<EndingGrant[]>;
  /** Marks and answers those with something left that end before a moment: each once, for one caller. */
  warnOfEnd(at: Date, before: Date, limit: number): Promise<EndingGrant[]>;
  /** Teams that may suspend themselves, and have by the ledger nothing left. */
  exhausted(at: Date, limit: number): Promise<string[]>;
  /** Suspends an active team; false if it is not active, or no longer to suspend itself. */
  suspend(teamId: string, reason: string): Promise<boolean>;
  /** Lets a team call again that was suspended for this reason; false if it was not. */
  lift(teamId: string, reason: string): Promise<boolean>;
  /** Teams with a refill by the calendar, and those whose balance stands below their threshold. */
  refillable(after: string, limit: number): Promise<string[]>;
}
