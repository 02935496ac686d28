import { addMember, removeMember } from '../../../core/members/members.ts';
import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import type { Refusal } from '../../../core/refusals.ts';
import { membersSpeech, unknownMemberSpeech } from '../../blocks/members.ts';
import type { Call } from '../../call.ts';
import { code, mrkdwn } from '../../escape.ts';
import type { Mrkdwn } from '../../escape.ts';
import { refusalText } from '../../refusal-text.ts';
import { refusalSpeech } from '../../replies.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const members = subcommand({
  name: 'members',
  says: 'Shows who is in a team; managers add and remove people.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  mends: true,
  arguments: [
    TEAM,
    { name: 'add', kind: 'person', example: 'add=ann@acme.com', says: 'a person of the customer' },
    {
      name: 'new',
      kind: 'text',
      example: 'new=bob@acme.com',
      says: 'the same, for somebody who is not known yet',
    },
    {
      name: 'remove',
      kind: 'member',
      example: 'remove=ann@acme.com',
      says: 'takes a person out and blocks their keys of this team',
    },
  ],
  examples: ['members acme-prod', 'members acme-prod add=ann@acme.com'],
  async run(call, { values: { team: teamId = '', ...words } }) {
    const isChange = Object.keys(words).length > 0;
    const complaint = isChange ? await call.bot.roles.complaint(call.userId, 'manager') : undefined;
    if (complaint !== undefined) {
      await call.reply(complaint);
      return;
    }
    if ((await call.bot.stores.records.teams.find(teamId)) === undefined) {
      const refusal = refuse('team_unknown', { team: teamId });
      await tellUnknownTeam(call, refusal, teamId, (id) => `/team members ${id}`);
      return;
    }
    await (isChange ? changeMembers(call, teamId, words) : tellMembers(call, teamId));
  },
});

interface MemberWords {
  readonly add?: string;
  readonly new?: string;
  readonly remove?: string;
}

const WORDS = ['add', 'new', 'remove'] as const;

/** Who types @ means somebody of this workspace; members are people of the customer. */
function complaintAboutPerson(words: MemberWords): Refusal | undefined {
  const field = WORDS.find((name) => /^<?@/.test(words[name] ?? ''));
  const complaint =
    'members are people of the customer, by their e-mail address or ID like ann@acme.com, and nobody of this workspace';
  return field === undefined ? undefined : refuse('value_invalid', { field, complaint });
}

/** All of it or nothing, once. */
async function changeMembers(call: Call, teamId: string, words: MemberWords): Promise<void> {
  const { add = words.new, remove } = words;
  const wrong = complaintAboutPerson(words);
  if (wrong !== undefined) {
    await call.reply(refusalSpeech(wrong));
    return;
  }
  const done = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) => {
    const news: Mrkdwn[] = [];
    if (add !== undefined) {
      const createUser = words.new === add;
      const added = await addMember(stores, call.actor, { teamId, userId: add, createUser });
      if (isRefusal(added)) {
        return added;
      }
      news.push(mrkdwn`${code(add)} is in ${code(teamId)} now.`);
    }
    if (remove !== undefined) {
      const removed = await removeMember(stores, call.actor, { teamId, userId: remove });
      if (isRefusal(removed)) {
        return removed;
      }
      const keys = removed.keysBlocked === 1 ? 'key is' : 'keys are';
      news.push(mrkdwn`${code(remove)} is out; ${removed.keysBlocked} ${keys} blocked.`);
    }
    return news;
  });
  if (isRepeated(done)) {
    return;
  }
  if (!isRefusal(done)) {
    await tellMembers(call, teamId, done);
    return;
  }
  await call.reply(
    done.refused === 'user_unknown' && add !== undefined
      ? unknownMemberSpeech(refusalText(done), teamId, add, call.onceId)
      : refusalSpeech(done),
  );
}

async function tellMembers(call: Call, teamId: string, news: Mrkdwn[] = []): Promise<void> {
  const found = await call.bot.stores.records.members.ofTeam(teamId);
  await call.reply(membersSpeech(teamId, found, news));
}
