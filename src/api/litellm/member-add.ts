// Taking people into a team, one or several.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { addMembers } from '../../core/members/add-members.ts';
import type { Member } from '../../core/members/member.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutRoles } from '../member-role.ts';
import { NO_QUERY } from '../shape.ts';
import { teamInBody } from '../target.ts';
import { detailed, listed, wrapped } from './errors.ts';
import { findTeam } from './find-team.ts';
import type { Bounds } from './bounds.ts';
import { MEMBER_MODELS } from './unheld.ts';
import { setMemberBounds } from './member-bounds.ts';
import { followMemberPlan, memberPlanOf } from './member-defaults.ts';
import { membershipViews } from './membership-view.ts';
import { peopleOf } from './people.ts';
import type { Person } from './people.ts';
import { MEMBER } from './team-fields.ts';
import type { MemberGiven } from './team-fields.ts';
import { membershipsIn, teamView } from './team-view.ts';
import type { Membership } from './team-view.ts';
import { userViews } from './user-view.ts';
import { MEMBERS_ADDED } from './answers/changes.ts';
import type { Told } from '../told.ts';

/** As LiteLLM has it, for one request. */
export const MEMBERS_MAX = 500;

export const memberAddEndpoint = endpoint({
  summary: 'Add people to a team; those who are not known are made',
  action: 'team.people.change',
  isNullGiven: true,
  fieldActions: { max_budget_in_team: 'person.limits', budget_duration: 'person.limits' },
  target: teamInBody,
  body: z.strictObject({
    team_id: z.string(),
    member: z.union([MEMBER, z.array(MEMBER).max(MEMBERS_MAX)]),
    max_budget_in_team: z.number().nullish(),
    budget_duration: z.string().nullish(),
    allowed_models: MEMBER_MODELS,
  }),
  query: NO_QUERY,
  answer: MEMBERS_ADDED,
  async handle({ stores, actor, caller, body }) {
    const no = complaintAboutRoles(caller, [body.member].flat());
    if (no !== undefined) {
      return no;
    }
    const team = await findTeam(stores, body.team_id);
    return team === undefined
      ? detailed(404, { error: `Team not found for team_id=${body.team_id}` })
      : addAll(stores, actor, team, body);
  },
});

type MemberBounds = Pick<Bounds, 'max_budget' | 'budget_duration'>;

interface Addition {
  readonly member: MemberGiven | readonly MemberGiven[];
  readonly max_budget_in_team?: number | null | undefined;
  readonly budget_duration?: string | null | undefined;
}

/** Adds them, all or none; answers the team with what became of each. */
export async function addAll(
  stores: Stores,
  actor: Actor,
  team: Team,
  { member, max_budget_in_team: maxBudget, budget_duration: duration }: Addition,
): Promise<Told<typeof MEMBERS_ADDED> | Answer | Refusal> {
  const wanted = [member].flat();
  const present = await membershipsIn(stores, [team]);
  const duplicate = complaintAboutDuplicates(member, present);
  if (duplicate !== undefined) {
    return duplicate;
  }
  const people = await peopleOf(stores, team.organizationId, wanted);
  if (isAnswer(people)) {
    return people;
  }
  const bounds = { max_budget: maxBudget ?? undefined, budget_duration: duration ?? undefined };
  const added = await together(stores, async (inside) =>
    addPeople(inside, actor, team, { wanted, people, bounds, present }),
  );
  if (isRefusal(added)) {
    return added;
  }
  return {
    ...(await teamView(stores, team)),
    updated_users: await userViews(
      stores,
      added.map(({ userId }) => userId),
      [team.organizationId],
    ),
    updated_team_memberships: await membershipViews(stores, added),
  };
}

async function addPeople(
  stores: Stores,
  actor: Actor,
  team: Team,
  given: {
    readonly wanted: readonly MemberGiven[];
    readonly people: readonly Person[];
    readonly bounds: MemberBounds;
    readonly present: readonly Membership[];
  },
): Promise<Member[] | Refusal> {
  const wishes = given.wanted.map(({ role }, at) => {
    // One for each that was named.
    const { userId, email } = given.people[at] as Person;
    return { userId, role, ...(email === undefined ? {} : { email }) };
  });
  const added = await addMembers(stores, actor, team.id, wishes);
  if (isRefusal(added)) {
    return added;
  }
  const known = new Set(given.present.map(({ member }) => member.userId));
  for (const { userId } of added.filter((each) => !known.has(each.userId))) {
    const refusal = await boundMember(stores, actor, team, userId, given.bounds);
    if (isRefusal(refusal)) {
      return refusal;
    }
  }
  return (await stores.records.directory.membersOf([team.id])).filter((member) =>
    added.some(({ userId }) => userId === member.userId),
  );
}

/** A budget of their own, or what all members of the team have. */
async function boundMember(
  stores: Stores,
  actor: Actor,
  { id: teamId, metadata }: Team,
  userId: string,
  bounds: MemberBounds,
): Promise<unknown> {
  const subject = { kind: 'member', teamId, userId } as const;
  const plan = memberPlanOf(metadata);
  if (bounds.max_budget === undefined) {
    return plan === undefined ? undefined : followMemberPlan(stores, actor, subject, plan);
  }
  return setMemberBounds(stores, actor, subject, bounds);
}

/** LiteLLM takes a list of which some are new, and refuses one of which none is. */
function complaintAboutDuplicates(
  member: Addition['member'],
  present: readonly Membership[],
): Answer | undefined {
  const isPresent = ({ user_id: id, user_email: email }: MemberGiven) =>
    present.some(
      ({ member: { userId }, user }) => (id && userId === id) || (email && user?.email === email),
    );
  const existing = `Existing members=${listed(present.map(({ member: { userId } }) => userId))}`;
  const rest = { type: 'team_member_already_in_team', param: 'member' };
  if (isList(member)) {
    return member.length > 0 && member.every(isPresent)
      ? wrapped(400, `All users are already in team. ${existing}`, rest)
      : undefined;
  }
  const one = member;
  const words = `User already in team. Member: user_id=${one.user_id ?? 'None'}, user_email=${one.user_email ?? 'None'}. ${existing}`;
  return isPresent(one) ? wrapped(400, words, rest) : undefined;
}

function isList(member: Addition['member']): member is readonly MemberGiven[] {
  return Array.isArray(member);
}
