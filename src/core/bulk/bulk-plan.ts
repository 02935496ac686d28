// A change to many teams: first as a plan that shows what would become of each, then, once somebody has
// confirmed that very plan, team by team.

import type { Team, TeamStatus } from '../teams/team.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';

/** More at once is no slip of one person any more: whoever needs it narrows by organization. */
export const BULK_TEAMS_MAX = 500;
/** Older previews show balances and states of another time. */
export const BULK_PLAN_LIFE_MS = HOUR_MS;
/** Long enough to see a slip, too short for others to have reckoned with it. */
export const BULK_UNDO_MS = 10 * MINUTE_MS;

/** So many cards may lie on the table of who approves. */
export const BULK_PROPOSALS_MAX = 20;

export type BulkAction =
  | { readonly kind: 'suspend' | 'pause' | 'resume'; readonly reason: string }
  | { readonly kind: 'topup'; readonly reason: string; readonly microcredits: bigint }
  | { readonly kind: 'allow' | 'deny'; readonly names: readonly string[] };

/** Which teams; what is absent narrows nothing. */
export interface BulkFilter {
  readonly organizationId?: string | undefined;
  /** Those of any of these: what the person may see at all. */
  readonly organizationIds?: readonly string[] | undefined;
  readonly status?: TeamStatus | undefined;
  /** Microcredits: those with less. */
  readonly below?: bigint | undefined;
  /** A group or model that they were given by name. */
  readonly model?: string | undefined;
}

export interface BulkPlan {
  readonly id: string;
  /** Who saw it. */
  readonly actor: string;
  readonly action: BulkAction;
  /** In the order of their ids. */
  readonly teamIds: readonly string[];
  /** What each team was like, by its id, as far as the action is about it. */
  readonly seen: Readonly<Record<string, SeenTeam>>;
  readonly createdAt: Date;
}

/** What a preview showed of a team. A balance is not in it: calls change it all the time. */
export interface SeenTeam {
  readonly status: TeamStatus;
  /** ISO 8601; null for good. */
  readonly statusUntil: string | null;
  /** How many entries that are no usage its account had. */
  readonly fundingSequence: string;
  readonly accessGroups: readonly string[];
  readonly models: readonly string[];
}

/** What would become of one team. */
export interface BulkLine {
  readonly team: Team;
  /** Microcredits that it has, by the ledger. */
  readonly balance: bigint;
  readonly seen: SeenTeam;
}

export interface BulkPreview {
  readonly plan: BulkPlan;
  readonly lines: readonly BulkLine[];
  /** Whether each of them will wait for an approval. */
  readonly needsApproval: boolean;
  /** Teams that fit the filter, and are already as they would become. */
  readonly unchanged: number;
}

/** Plans as they were shown. */
export interface BulkPlanRecords {
  insert(plan: BulkPlan): Promise<void>;
  find(id: string): Promise<BulkPlan | undefined>;
}

/** What became of one team. */
export type BulkOutcome =
  | { readonly teamId: string; readonly is: 'done' | 'done_before' | 'unchanged' | 'waiting' }
  | { readonly teamId: string; readonly is: 'refused'; readonly why: string }
  | { readonly teamId: string; readonly is: 'failed' };
