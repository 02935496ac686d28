import type { Actor } from '../audit/audit.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Member } from './member.ts';
import { ensureMember, MEMBERS_PER_TEAM_MAX } from './members.ts';
import type { MemberWish } from './members.ts';

/**
 * Takes several people into a team, all of them or none. Those who are members stay what they are; those who were
 * removed come back, and their keys stay blocked. Answers them in the order of the wishes, each once.
 */
export async function addMembers(
  stores: Stores,
  actor: Actor,
  teamId: string,
  wishes: readonly Omit<MemberWish, 'teamId' | 'createUser'>[],
): Promise<Member[] | Refusal> {
  return stores.records.change<Member[]>(async (records) => {
    const team = await records.teams.locked(teamId);
    if (team === undefined) {
      return refuse('team_unknown', { team: teamId });
    }
    const first = new Map(wishes.toReversed().map((wish) => [wish.userId, wish]));
    const present = new Set((await records.members.ofTeam(teamId)).map(({ userId }) => userId));
    const fresh = [...first.keys()].filter((userId) => !present.has(userId));
    if (present.size + fresh.length > MEMBERS_PER_TEAM_MAX) {
      const complaint = `a team has at most ${MEMBERS_PER_TEAM_MAX} members, this one has ${present.size}`;
      return refuse('value_invalid', { field: 'member', complaint });
    }
    const added: Member[] = [];
    for (const userId of new Set(wishes.map((wish) => wish.userId))) {
      const wish = { ...first.get(userId), userId, createUser: true, comesBack: true };
      const refusal = present.has(userId)
        ? undefined
        : await ensureMember(records, actor, team, wish);
      if (refusal !== undefined) {
        return refusal;
      }
      // Written or found in this transaction.
      added.push((await records.members.find(teamId, userId)) as Member);
    }
    return added;
  });
}
