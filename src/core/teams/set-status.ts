import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Team, TeamStatus } from './team.ts';

export interface StatusSet {
  readonly team: Team;
  /** False if the team had this status already. */
  readonly changed: boolean;
}

/** Suspends, pauses or resumes a team. Holds on the next request of every replica. */
export async function setTeamStatus(
  stores: Stores,
  actor: Actor,
  wish: { readonly teamId: string; readonly status: TeamStatus; readonly reason?: string },
): Promise<StatusSet | Refusal> {
  const set = await stores.records.change<StatusSet>(async (records) => {
    const team = await records.teams.find(wish.teamId);
    if (team === undefined) {
      return refuse('team_unknown', { team: wish.teamId });
    }
    if (team.status === wish.status) {
      return { team, changed: false };
    }
    const statusReason = wish.reason ?? null;
    await records.teams.update(team.id, { status: wish.status, statusReason });
    await records.audit.write({
      actor,
      action: wish.status === 'active' ? 'team.resumed' : `team.${wish.status}`,
      target: `team:${team.id}`,
      before: { status: team.status },
      after: { status: wish.status },
      ...(wish.reason === undefined ? {} : { reason: wish.reason }),
    });
    await records.outbox.add({ kind: 'team.changed', teamId: team.id });
    return { team: { ...team, status: wish.status, statusReason }, changed: true };
  });
  if (!isRefusal(set)) {
    await tellGate(stores, { teamId: wish.teamId });
  }
  return set;
}
