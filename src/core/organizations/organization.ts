import type { Ceilings } from '../ceilings/ceilings.ts';

/** A customer. Its id never changes: the gate's shard is drawn from it. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly status: OrganizationStatus;
  readonly statusReason: string | null;
  /** When a suspension or pause lifts by itself. */
  readonly statusUntil: Date | null;
  /** Where the days and months of its budgets begin: an IANA name. */
  readonly timeZone: string;
  readonly ceilings: Ceilings;
  /** Whether its teams' ceilings may sum to more than its own. */
  readonly overAllocation: 'allowed' | 'refused';
  /** Whether the gate looks at its end users: some of them are bounded or blocked, or were. */
  readonly boundsEndUsers: boolean;
  /** How many days its calls are kept, one by one; null for as long as the configuration says. */
  readonly usageRetentionDays: number | null;
  /** Where its news are told, and those of its teams that have no channel of their own. */
  readonly channelId: string | null;
  /** What its teams may use at most: models, access groups, beginnings with `*`; all where it is empty. */
  readonly models: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
  /** When somebody changed it last. */
  readonly updatedAt: Date;
}

export type OrganizationStatus = 'active' | 'suspended' | 'paused' | 'archived';

/** The operator's own: who belongs to nobody else belongs to it, and its provider credentials serve everybody. */
export const HOUSE_ORGANIZATION = 'default';
