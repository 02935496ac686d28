import type { Actor } from '../audit/audit.ts';
import type { ActionKind, ProposedAction } from './action.ts';
import type { Approvers } from './policy.ts';
import type { SubjectState } from './subject-state.ts';

/**
 * pending → approved → applied or failed; pending → rejected, expired or withdrawn. What needs the gate is
 * approved first and applied after; all else is applied with its last approval.
 */
export const PROPOSAL_STATUSES = [
  'pending',
  'approved',
  'applied',
  'failed',
  'rejected',
  'expired',
  'withdrawn',
] as const;
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

export const OPEN_STATUSES: readonly ProposalStatus[] = ['pending', 'approved'];

export interface Proposal {
  readonly id: string;
  readonly action: ProposedAction;
  readonly organizationId: string;
  readonly teamId: string | null;
  readonly proposedBy: Actor;
  /** Where it was asked for. */
  readonly channelId: string | null;
  /** 0 for what is free (free.ts). */
  readonly approvalsNeeded: number;
  readonly approvers: Approvers;
  readonly status: ProposalStatus;
  /** The state of the team when it was proposed. */
  readonly seen: SubjectState;
  readonly createdAt: Date;
  readonly remindAt: Date;
  readonly remindedAt: Date | null;
  readonly expiresAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decisionReason: string | null;
  readonly urgent: boolean;
  readonly outcome: Outcome | null;
  /** Who said yes, in their order. */
  readonly approvedBy: readonly Approval[];
}

export interface Approval {
  readonly actor: string;
  readonly at: Date;
}

/** What came of it. */
export interface Outcome {
  /** Microcredits in the ledger right after, as digits; absent for what moves none. */
  readonly balanceAfter?: string;
  /** Why it could not be done after all. */
  readonly complaint?: string;
}

export interface ProposalFilter {
  readonly statuses?: readonly ProposalStatus[];
  readonly kind?: ActionKind;
  readonly organizationId?: string;
  /** Those of any of these. */
  readonly organizationIds?: readonly string[];
  readonly teamId?: string;
  readonly proposedBy?: string;
  /** Those of any of these organizations, and those whose approvers name one of these people or user groups. */
  readonly within?: {
    readonly organizationIds: readonly string[];
    readonly named: readonly string[];
  };
  /** The id of the last of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export type NewProposal = Pick<
  Proposal,
  | 'id'
  | 'action'
  | 'organizationId'
  | 'teamId'
  | 'proposedBy'
  | 'channelId'
  | 'approvalsNeeded'
  | 'approvers'
  | 'seen'
  | 'createdAt'
  | 'remindAt'
  | 'expiresAt'
>;

export type ProposalChange = Partial<
  Pick<
    Proposal,
    'status' | 'remindedAt' | 'decidedAt' | 'decidedBy' | 'decisionReason' | 'urgent' | 'outcome'
  >
>;

export interface ProposalRecords {
  /** False if this reference was proposed before. */
  insert(proposal: NewProposal): Promise<boolean>;
  find(id: string): Promise<Proposal | undefined>;
  findByReference(reference: string): Promise<Proposal | undefined>;
  /** As `find`, and nobody else decides on it until this change is over. */
  locked(id: string): Promise<Proposal | undefined>;
  update(id: string, change: ProposalChange): Promise<void>;
  /** False if this person approved before. */
  approve(id: string, actor: string, at: Date): Promise<boolean>;
  /** Of those that need an approval, the latest first. */
  list(filter: ProposalFilter): Promise<Proposal[]>;
  /** Ids of pending ones whose time is over, and of pending ones that nobody was reminded of in time. */
  expired(at: Date, limit: number): Promise<string[]>;
  unreminded(at: Date, limit: number): Promise<string[]>;
  /** Where it is told. */
  places(id: string): Promise<string[]>;
  /** Those that are there already stay as they are. */
  addPlaces(id: string, places: readonly string[]): Promise<void>;
  /** False if who decides was reminded there before. */
  remindOnce(id: string, place: string): Promise<boolean>;
  /** Until this change is over, nothing else is weighed of this person. */
  lockPerson(actor: string): Promise<void>;
  /** Microcredits that a person added and moved since a moment, or is about to, without what others approved. */
  movedBy(actor: string, since: Date): Promise<bigint>;
}
