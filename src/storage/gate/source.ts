import type { AccessGroup } from '../../core/models/access-group.ts';
import type { CreditAccount } from '../../core/credits/entry.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import type { Team } from '../../core/teams/team.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';

/** A team, its account and how far its shard is drained. */
export interface TeamSnapshot {
  readonly team: Team;
  readonly account: CreditAccount;
  readonly drainedPosition: string;
}

/** Where the gate loads from what it does not know. Throws RecordsUnavailable. */
export interface ProjectionSource {
  keyByHash(hash: string): Promise<VirtualKey | undefined>;
  key(id: string): Promise<VirtualKey | undefined>;
  organization(id: string): Promise<Organization | undefined>;
  team(id: string): Promise<TeamSnapshot | undefined>;
  /** Runs `work` on a snapshot while nothing of the shard can be drained. */
  teamWhileNothingDrains<Answer>(
    id: string,
    work: (snapshot: TeamSnapshot) => Promise<Answer>,
  ): Promise<Answer | undefined>;
  /** How far a shard is drained; '0-0' if it never was. */
  drainedPosition(shard: number): Promise<string>;
  catalog(): Promise<{ version: bigint; groups: readonly AccessGroup[] }>;
  /** Which of these reservations have their usage event in the records. */
  alreadyDrained(reservationIds: readonly string[]): Promise<Set<string>>;
}
