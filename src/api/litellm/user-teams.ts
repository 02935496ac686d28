import type { Actor } from '../../core/audit/audit.ts';
import { addMembers } from '../../core/members/add-members.ts';
import type { TeamRole } from '../../core/members/member.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { setMemberBounds } from './member-bounds.ts';
import type { UserFields } from './user-fields.ts';

interface TeamWanted {
  readonly teamId: string;
  readonly role: TeamRole;
  readonly maxBudget: number | null;
}

export function teamsFrom(given: UserFields['teams']): TeamWanted[] {
  return (given ?? []).map((team) =>
    typeof team === 'string'
      ? { teamId: team, role: 'user', maxBudget: null }
      : {
          teamId: team.team_id,
          role: team.user_role ?? 'user',
          maxBudget: team.max_budget_in_team ?? null,
        },
  );
}

/** Takes a person into teams, as a part of a larger change. */
export async function joinTeams(
  stores: Stores,
  actor: Actor,
  userId: string,
  teams: readonly TeamWanted[],
): Promise<Refusal | undefined> {
  for (const { teamId, role, maxBudget } of teams) {
    const added = await addMembers(stores, actor, teamId, [{ userId, role }]);
    const subject = { kind: 'member', teamId, userId } as const;
    const refusal =
      isRefusal(added) || maxBudget === null
        ? added
        : await setMemberBounds(stores, actor, subject, { max_budget: maxBudget });
    if (isRefusal(refusal)) {
      return refusal;
    }
  }
  return undefined;
}
