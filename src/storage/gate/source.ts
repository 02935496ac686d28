import type { AccessGroup } from '../../core/models/access-group.ts';
import type { CreditAccount } from '../../core/credits/entry.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import type { Member, User } from '../../core/members/member.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import type { Team } from '../../core/teams/team.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';

/** A record that the gate holds a projection of, and what of its budgets is in the records. */
export interface Snapshot<Row> {
  readonly row: Row;
  readonly organizationId: string;
  /** Of the organization. */
  readonly timeZone: string;
  readonly spends: readonly BudgetSpend[];
  /** How far the shard is drained. Means something only while nothing drains. */
  readonly drainedPosition: string;
}

/** What was spent of one budget in one period. */
export interface BudgetSpend {
  readonly meter: string;
  readonly startsAtMs: number;
  readonly spentNanoUsd: bigint;
}

/** A team and its account. */
export interface TeamSnapshot extends Snapshot<Team> {
  readonly account: CreditAccount;
}

/** Where the gate loads from what it does not know. Throws RecordsUnavailable. */
export interface ProjectionSource extends SnapshotSource {
  keyByHash(hash: string): Promise<VirtualKey | undefined>;
  /** Runs `work` while nothing of the shard can be drained, with a source of the same transaction. */
  whileNothingDrains<Answer>(
    shard: number,
    work: (source: SnapshotSource) => Promise<Answer>,
  ): Promise<Answer>;
  /** Whether there is no organization yet, so that no call was ever let through. */
  isBlank(): Promise<boolean>;
  /** How far a shard is drained; '0-0' if it never was. */
  drainedPosition(shard: number): Promise<string>;
  catalog(): Promise<{ version: bigint; groups: readonly AccessGroup[] }>;
  /** Which of these reservations have their usage event in the records. */
  alreadyDrained(reservationIds: readonly string[]): Promise<Set<string>>;
}

/** What the gate knows of an end user. */
export type BoundEndUser = Pick<
  EndUser,
  'organizationId' | 'id' | 'status' | 'ceilings' | 'version'
>;

/** Each is undefined where there is no such record. */
export interface SnapshotSource {
  key(id: string): Promise<Snapshot<VirtualKey> | undefined>;
  organization(id: string): Promise<Snapshot<Organization> | undefined>;
  team(id: string): Promise<TeamSnapshot | undefined>;
  member(teamId: string, userId: string): Promise<Snapshot<Member> | undefined>;
  user(organizationId: string, userId: string): Promise<Snapshot<User> | undefined>;
  /** Of one that nobody put on record, too: nothing bounds it. */
  endUser(organizationId: string, endUserId: string): Promise<Snapshot<BoundEndUser>>;
}
