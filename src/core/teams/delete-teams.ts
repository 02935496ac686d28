import type { Actor } from '../audit/audit.ts';
import { setKeyStatus } from '../keys/change-key.ts';
import { removeMember } from '../members/members.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { together } from '../together.ts';
import { setTeamStatus } from './set-status.ts';

/**
 * Takes teams out of use for good: archived, without members, their keys revoked; all of them or none. Calls that
 * are under way end and are charged as any other. The ledger and what was used stay, and so does the id.
 */
export async function deleteTeams(
  stores: Stores,
  actor: Actor,
  teamIds: readonly string[],
): Promise<readonly string[] | Refusal> {
  // In one order, so that two who delete the same teams do not wait for each other.
  const ids = [...new Set(teamIds)].sort();
  return together(stores, async (inside) => {
    for (const teamId of ids) {
      const refusal = await deleteTeam(inside, actor, teamId);
      if (refusal !== undefined) {
        return refusal;
      }
    }
    return ids;
  });
}

const REASON = 'its team was deleted';

async function deleteTeam(
  stores: Stores,
  actor: Actor,
  teamId: string,
): Promise<Refusal | undefined> {
  const team = await stores.records.teams.locked(teamId);
  if (team === undefined || team.status === 'archived') {
    return refuse('team_unknown', { team: teamId });
  }
  const set = await setTeamStatus(stores, actor, { teamId, status: 'archived', reason: 'deleted' });
  if (isRefusal(set)) {
    return set;
  }
  for (const { userId } of await stores.records.members.ofTeam(teamId)) {
    const removed = await removeMember(stores, actor, { teamId, userId });
    if (isRefusal(removed)) {
      return removed;
    }
  }
  for (const { id, status } of await stores.records.keys.ofTeam(teamId)) {
    const wish = { keyId: id, status: 'revoked', reason: REASON } as const;
    const revoked = status === 'revoked' ? undefined : await setKeyStatus(stores, actor, wish);
    if (isRefusal(revoked)) {
      return revoked;
    }
  }
  return undefined;
}
