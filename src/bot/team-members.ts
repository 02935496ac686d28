// Who is in a team: added, changed, taken out; and what keys of members may.

import { isRepeated } from '../core/change.ts';
import { TEAM_ROLES } from '../core/members/member.ts';
import type { TeamRole } from '../core/members/member.ts';
import { addMember, removeMember, updateMember } from '../core/members/members.ts';
import { once } from '../core/once.ts';
import { complaintAboutGranted } from '../core/permission/permissions.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { updateTeam } from '../core/teams/update-team.ts';
import { MEMBERS_SHOWN, membersSpeech, unknownMemberSpeech } from './blocks/members.ts';
import type { Call } from './call.ts';
import { code, joined, mrkdwn } from './escape.ts';
import type { Mrkdwn } from './escape.ts';
import { pageOf, tellPage } from './paging.ts';
import { refusalText } from './refusal-text.ts';
import { refusalSpeech } from './replies.ts';

export interface MemberWords {
  readonly add?: string;
  readonly new?: string;
  readonly remove?: string;
  readonly member?: string;
  readonly role?: string;
  readonly may?: readonly string[];
}

export async function tellMembers(
  call: Call,
  teamId: string,
  news: readonly Mrkdwn[] = [],
): Promise<void> {
  const { members, teams } = call.bot.stores.records;
  const [found, team] = await Promise.all([members.ofTeam(teamId), teams.find(teamId)]);
  const page = pageOf(call, found, { size: MEMBERS_SHOWN, placeOf: ({ userId }) => userId });
  const granted = team?.memberPermissions ?? [];
  await tellPage(call, membersSpeech({ teamId, page, news, granted }));
}

/** All of it or nothing, once. */
export async function changeMembers(call: Call, teamId: string, words: MemberWords): Promise<void> {
  const { add = words.new, role } = words;
  const wrong = complaintAbout(words);
  if (wrong !== undefined) {
    await call.reply(refusalSpeech(wrong));
    return;
  }
  const done = await once<Mrkdwn[]>(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    change(stores, call, teamId, words),
  );
  if (isRepeated(done)) {
    return;
  }
  if (!isRefusal(done)) {
    await tellMembers(call, teamId, done);
    return;
  }
  await call.reply(
    done.refused === 'user_unknown' && add !== undefined
      ? unknownMemberSpeech(refusalText(done), { teamId, userId: add, role }, call.onceId)
      : refusalSpeech(done),
  );
}

async function change(
  stores: Stores,
  { actor }: Call,
  teamId: string,
  words: MemberWords,
): Promise<Mrkdwn[] | Refusal> {
  const { add = words.new, remove, member } = words;
  // Read against the roles that there are.
  const role = words.role as TeamRole | undefined;
  const granted = grantedIn(words);
  const steps: (() => Promise<Mrkdwn | Refusal>)[] = [
    ...(add === undefined
      ? []
      : [async () => join(stores, actor, { teamId, userId: add, role, isNew: add === words.new })]),
    ...(member === undefined || role === undefined
      ? []
      : [async () => reassign(stores, actor, { teamId, userId: member, role })]),
    ...(granted === undefined ? [] : [async () => grant(stores, actor, teamId, granted)]),
    ...(remove === undefined ? [] : [async () => leave(stores, actor, teamId, remove)]),
  ];
  const news: Mrkdwn[] = [];
  for (const step of steps) {
    const done = await step();
    if (isRefusal(done)) {
      return done;
    }
    news.push(done);
  }
  return news;
}

interface Joining {
  readonly teamId: string;
  readonly userId: string;
  readonly role: TeamRole | undefined;
  readonly isNew: boolean;
}

async function join(
  stores: Stores,
  actor: Call['actor'],
  { isNew, ...wish }: Joining,
): Promise<Mrkdwn | Refusal> {
  const added = await addMember(stores, actor, { ...wish, createUser: isNew });
  const as = wish.role === undefined ? mrkdwn`` : mrkdwn`, as *${wish.role}*`;
  return isRefusal(added)
    ? added
    : mrkdwn`✅ ${code(wish.userId)} is in ${code(wish.teamId)} now${as}.`;
}

async function reassign(
  stores: Stores,
  actor: Call['actor'],
  wish: { readonly teamId: string; readonly userId: string; readonly role: TeamRole },
): Promise<Mrkdwn | Refusal> {
  const updated = await updateMember(stores, actor, wish);
  const { userId, teamId, role } = wish;
  return isRefusal(updated)
    ? updated
    : mrkdwn`✅ ${code(userId)} is *${role}* in ${code(teamId)} from now on.`;
}

async function grant(
  stores: Stores,
  actor: Call['actor'],
  teamId: string,
  memberPermissions: readonly string[],
): Promise<Mrkdwn | Refusal> {
  const updated = await updateTeam(stores, actor, teamId, { memberPermissions });
  const may =
    memberPermissions.length === 0
      ? mrkdwn`nothing of the management door`
      : joined(memberPermissions.map(code));
  return isRefusal(updated) ? updated : mrkdwn`✅ Keys of members may from now on: ${may}.`;
}

async function leave(
  stores: Stores,
  actor: Call['actor'],
  teamId: string,
  userId: string,
): Promise<Mrkdwn | Refusal> {
  const removed = await removeMember(stores, actor, { teamId, userId });
  if (isRefusal(removed)) {
    return removed;
  }
  const keys = removed.keysBlocked === 1 ? 'key is' : 'keys are';
  return mrkdwn`✅ ${code(userId)} is out; ${removed.keysBlocked} ${keys} blocked.`;
}

function grantedIn({ may }: MemberWords): readonly string[] | undefined {
  return may?.length === 1 && /^(none|off)$/i.test(may[0] ?? '') ? [] : may;
}

const PEOPLE = ['add', 'new', 'remove', 'member'] as const;

/** Who types @ means somebody of this workspace; members are people of the customer. */
function complaintAbout(words: MemberWords): Refusal | undefined {
  const { add, new: created, member, role } = words;
  const colleague = PEOPLE.find((name) => /^<?@/.test(words[name] ?? ''));
  if (colleague !== undefined) {
    const complaint =
      'members are people of the customer, by their e-mail address or ID like ann@acme.com, and nobody of this workspace';
    return refuse('value_invalid', { field: colleague, complaint });
  }
  if (member !== undefined && role === undefined) {
    const complaint = `say which, like role=${TEAM_ROLES[0]}`;
    return refuse('value_invalid', { field: 'role', complaint });
  }
  if (role !== undefined && (add ?? created ?? member) === undefined) {
    const complaint = 'say whose, like member=ann@acme.com';
    return refuse('value_invalid', { field: 'member', complaint });
  }
  return complaintAboutGranted('may', grantedIn(words) ?? []);
}
