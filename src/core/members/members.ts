import type { Actor } from '../audit/audit.ts';
import { NO_CEILINGS } from '../ceilings/ceilings.ts';
import { tellGate } from '../change.ts';
import { writeKeyChange } from '../keys/write-key.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { complaintAboutUserId } from './member.ts';
import { isDeleted, undeleted } from './deleted.ts';
import type { Member, TeamRole } from './member.ts';
import { insertUser } from './users.ts';

export interface MemberWish {
  readonly teamId: string;
  readonly userId: string;
  readonly role?: TeamRole | undefined;
  /** Creates the person too if there is none. */
  readonly createUser?: boolean | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** A list that a person can still search; the gate asks for one member at a time, however many there are. */
export const MEMBERS_PER_TEAM_MAX = 2_000;

/** Takes a person into a team. One that was removed comes back; its keys stay blocked. */
export async function addMember(
  stores: Stores,
  actor: Actor,
  wish: MemberWish,
): Promise<Member | Refusal> {
  return stores.records.change<Member>(async (records) => {
    const team = await records.teams.find(wish.teamId);
    if (team === undefined) {
      return refuse('team_unknown', { team: wish.teamId });
    }
    const aboutId = complaintAboutUserId(wish.userId);
    if (aboutId !== undefined) {
      return refuse('value_invalid', { field: 'user', complaint: aboutId });
    }
    const known = await records.members.find(team.id, wish.userId);
    if (known !== undefined && known.role !== 'removed') {
      return refuse('member_exists', { user: wish.userId, team: team.id });
    }
    if ((await records.members.ofTeam(team.id)).length >= MEMBERS_PER_TEAM_MAX) {
      const complaint = `a team has at most ${MEMBERS_PER_TEAM_MAX} members`;
      return refuse('value_invalid', { field: 'member', complaint });
    }
    const refusal = await ensureMember(records, actor, team, { ...wish, comesBack: true });
    // Written or found in this transaction.
    return refusal ?? ((await records.members.find(team.id, wish.userId)) as Member);
  });
}

/** Changes what a member is in its team. */
export async function updateMember(
  stores: Stores,
  actor: Actor,
  wish: { readonly teamId: string; readonly userId: string; readonly role: TeamRole },
): Promise<Member | Refusal> {
  return stores.records.change<Member>(async (records) => {
    const member = await presentMember(records, wish.teamId, wish.userId);
    if (isRefusal(member) || member.role === wish.role) {
      return member;
    }
    await records.members.update(wish.teamId, wish.userId, { role: wish.role });
    await tellTrail(records, actor, member, { before: member.role, after: wish.role });
    return { ...member, role: wish.role };
  });
}

export interface MemberRemoved {
  readonly member: Member;
  /** How many of its keys were blocked with that. */
  readonly keysBlocked: number;
}

/** Takes a person out of a team and blocks its keys there. Holds on their next call. */
export async function removeMember(
  stores: Stores,
  actor: Actor,
  { teamId, userId }: { readonly teamId: string; readonly userId: string },
): Promise<MemberRemoved | Refusal> {
  let keyIds: readonly string[] = [];
  const removed = await stores.records.change<MemberRemoved>(async (records) => {
    const member = await presentMember(records, teamId, userId);
    if (isRefusal(member)) {
      return member;
    }
    await records.members.update(teamId, userId, { role: 'removed' });
    await tellTrail(records, actor, member, { before: member.role, after: 'removed' });
    keyIds = await blockKeysOf(records, actor, member);
    return { member: { ...member, role: 'removed' }, keysBlocked: keyIds.length };
  });
  if (!isRefusal(removed)) {
    await tellGate(stores, ...keyIds.map((keyId) => ({ keyId })));
  }
  return removed;
}

/** Answers which keys of a member were blocked; one that was revoked stays so. */
async function blockKeysOf(
  records: Records,
  actor: Actor,
  { teamId, userId }: Pick<Member, 'teamId' | 'userId'>,
): Promise<string[]> {
  const blocked: string[] = [];
  const keys = await records.keys.ofTeam(teamId);
  for (const { id } of keys.filter((key) => key.userId === userId && key.status === 'active')) {
    const key = await records.keys.locked(id);
    if (key?.status === 'active') {
      await writeKeyChange(
        records,
        key,
        { status: 'blocked' },
        {
          actor,
          action: 'key.blocked',
          before: { status: key.status },
          after: { status: 'blocked' },
          reason: `${userId} was removed from the team`,
        },
      );
      blocked.push(id);
    }
  }
  return blocked;
}

async function presentMember(
  records: Records,
  teamId: string,
  userId: string,
): Promise<Member | Refusal> {
  if ((await records.teams.find(teamId)) === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  // A key that is made at this moment waits here, or is seen below.
  const member =
    complaintAboutUserId(userId) === undefined
      ? await records.members.locked(teamId, userId)
      : undefined;
  return member === undefined || member.role === 'removed'
    ? refuse('member_unknown', { user: userId, team: teamId })
    : member;
}

/** Who was removed may come back by an explicit wish only. */
interface Ensured extends Omit<MemberWish, 'teamId'> {
  readonly comesBack: boolean;
}

/**
 * Makes sure, as a part of a larger change, that there is such a person in the organization and in the team:
 * without both, the gate could let no key of theirs through. The member stays locked until the change is over.
 */
export async function ensureMember(
  records: Records,
  actor: Actor,
  team: Pick<Team, 'id' | 'organizationId'>,
  wish: Ensured,
): Promise<Refusal | undefined> {
  const { organizationId } = team;
  const { userId, role = 'user', name, email } = wish;
  const aboutId = complaintAboutUserId(userId);
  if (aboutId !== undefined) {
    return refuse('value_invalid', { field: 'user', complaint: aboutId });
  }
  const user = await records.users.find(organizationId, userId);
  if (user === undefined) {
    const refusal = wish.createUser
      ? await insertUser(records, actor, { organizationId, id: userId, name, email })
      : refuse('user_unknown', { user: userId, organization: organizationId });
    // Somebody else may have made them at this moment: then they are there.
    if (refusal !== undefined && refusal.refused !== 'user_exists') {
      return refusal;
    }
  }
  const member = { teamId: team.id, userId, organizationId, role, ceilings: NO_CEILINGS };
  const inserted = await records.members.insert(member);
  const known = await records.members.locked(team.id, userId);
  if (!inserted && known?.role !== 'removed') {
    return undefined;
  }
  if (!inserted && !wish.comesBack) {
    return refuse('member_unknown', { user: userId, team: team.id });
  }
  if (!inserted) {
    await records.members.update(team.id, userId, { role });
  }
  if (user !== undefined && isDeleted(user)) {
    await records.users.update(organizationId, userId, { metadata: undeleted(user.metadata) });
  }
  await tellTrail(records, actor, member, { before: inserted ? null : 'removed', after: role });
  return undefined;
}

async function tellTrail(
  records: Records,
  actor: Actor,
  member: Pick<Member, 'teamId' | 'userId'>,
  role: { readonly before: string | null; readonly after: string },
): Promise<void> {
  const { before, after } = role;
  const isNew = before === null || before === 'removed';
  await records.audit.write({
    actor,
    action: after === 'removed' ? 'member.removed' : isNew ? 'member.added' : 'member.updated',
    target: `member:${member.teamId}/${member.userId}`,
    ...(before === null ? {} : { before: { role: before } }),
    after: { role: after },
  });
}
