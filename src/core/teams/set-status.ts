import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { complaintAboutStatus, spokenStanding, standingAfter, verbOf } from '../status.ts';
import type { StatusChange } from '../status.ts';
import type { Stores } from '../stores.ts';
import type { Team } from './team.ts';

export interface StatusSet {
  readonly team: Team;
  /** False if the team had this status already. */
  readonly changed: boolean;
}

/**
 * Suspends, pauses, archives or resumes a team, for good or until a moment. Holds on the next request of
 * every replica. An archived team keeps its keys and credits, and may be resumed.
 */
export async function setTeamStatus(
  stores: Stores,
  actor: Actor,
  wish: StatusChange & { readonly teamId: string },
): Promise<StatusSet | Refusal> {
  const set = await stores.records.change<StatusSet>(async (records) => {
    const team = await records.teams.locked(wish.teamId);
    if (team === undefined) {
      return refuse('team_unknown', { team: wish.teamId });
    }
    const refusal = complaintAboutStatus(wish, stores.clock());
    if (refusal !== undefined) {
      return refusal;
    }
    const after = standingAfter(team, wish);
    if (after === undefined) {
      return { team, changed: false };
    }
    await records.teams.update(team.id, after);
    await records.audit.write({
      actor,
      action: `team.${verbOf(wish.status)}`,
      target: `team:${team.id}`,
      before: spokenStanding(team),
      after: spokenStanding(after),
      ...(wish.reason === undefined ? {} : { reason: wish.reason }),
    });
    await records.outbox.add({ kind: 'team.changed', teamId: team.id });
    return { team: { ...team, ...after }, changed: true };
  });
  if (!isRefusal(set)) {
    await tellGate(stores, { teamId: wish.teamId });
  }
  return set;
}
