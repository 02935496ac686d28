import { z } from 'zod';
import { addMember, removeMember, updateMember } from '../../core/members/members.ts';
import { TEAM_ROLES } from '../../core/members/member.ts';
import type { Member, User } from '../../core/members/member.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutRoles } from '../member-role.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInPath } from '../target.ts';
import { teamOf } from './fields.ts';
import { inFieldsOfKey } from './key-fields.ts';
import { MEMBERS, MEMBER_CHANGED, MEMBER_REMOVED } from './answers/people.ts';
import type { MEMBER } from './answers/people.ts';
import type { Told } from '../told.ts';

const ROLE = z.enum(TEAM_ROLES, `must be one of: ${TEAM_ROLES.join(', ')}`);

export const listMembersEndpoint = endpoint({
  isOwn: true,
  summary: 'Who is in a team',
  action: 'team.people.read',
  target: teamInPath,
  body: NOTHING,
  query: NO_QUERY,
  answer: MEMBERS,
  async handle({ stores, id }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const [members, users] = await Promise.all([
      stores.records.members.ofTeam(id),
      stores.records.users.list(team.organizationId),
    ]);
    const byId = new Map(users.map((user) => [user.id, user]));
    const views = members.map((member) => memberView(member, byId.get(member.userId)));
    return { team_id: id, total: views.length, members: views };
  },
});

export const addMemberEndpoint = endpoint({
  isOwn: true,
  summary: 'Add a person to a team',
  action: 'team.people.change',
  target: teamInPath,
  body: z.strictObject({
    user_id: z.string(),
    role: ROLE.nullish(),
    create_user: z.boolean().nullish(),
    user_name: z.string().nullish(),
    user_email: z.string().nullish(),
  }),
  query: NO_QUERY,
  answer: MEMBER_CHANGED,
  async handle({ stores, actor, caller, id, body }) {
    const no = complaintAboutRoles(caller, [body]);
    const team = no ?? (await teamOf(stores, id));
    if (isRefusal(team)) {
      return team;
    }
    const added = await addMember(stores, actor, {
      teamId: id,
      userId: body.user_id,
      role: body.role ?? undefined,
      createUser: body.create_user === true,
      name: body.user_name ?? undefined,
      email: body.user_email ?? undefined,
    });
    return isRefusal(added) ? inFieldsOfKey(added) : answerOf(stores, added, 'added to');
  },
});

export const updateMemberEndpoint = endpoint({
  isOwn: true,
  summary: "Change a person's role in a team",
  action: 'team.people.change',
  target: teamInPath,
  body: z.strictObject({ role: ROLE }),
  query: NO_QUERY,
  answer: MEMBER_CHANGED,
  async handle({ stores, actor, caller, id, user, body }) {
    const no = complaintAboutRoles(caller, [body]);
    const team = no ?? (await teamOf(stores, id));
    if (isRefusal(team)) {
      return team;
    }
    const wish = { teamId: id, userId: user, role: body.role };
    const updated = await updateMember(stores, actor, wish);
    return isRefusal(updated) ? updated : answerOf(stores, updated, 'changed in');
  },
});

export const removeMemberEndpoint = endpoint({
  isOwn: true,
  summary: 'Take a person out of a team, and block their keys of it',
  action: 'team.people.change',
  target: teamInPath,
  body: NOTHING,
  query: NO_QUERY,
  answer: MEMBER_REMOVED,
  async handle({ stores, actor, id, user }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const removed = await removeMember(stores, actor, { teamId: id, userId: user });
    return isRefusal(removed)
      ? removed
      : {
          team_id: id,
          user_id: user,
          keys_blocked: removed.keysBlocked,
          message: `User '${user}' has been removed from team '${id}'`,
        };
  },
});

async function answerOf(
  stores: Stores,
  member: Member,
  done: string,
): Promise<Told<typeof MEMBER_CHANGED>> {
  const { teamId, userId, organizationId } = member;
  const user = await stores.records.users.find(organizationId, userId);
  const message = `User '${userId}' has been ${done} team '${teamId}'`;
  return { team_id: teamId, ...memberView(member, user), message };
}

function memberView(member: Member, user: User | undefined): Told<typeof MEMBER> {
  return {
    user_id: member.userId,
    role: member.role,
    user_name: user?.name ?? '',
    user_email: user?.email ?? null,
    created_at: member.createdAt.toISOString(),
  };
}
