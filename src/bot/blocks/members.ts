import type { Member, User } from '../../core/members/member.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, firstOf, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { moment } from './words.ts';

/** What fits a section of 3,000 characters, with room to spare. */
const MEMBERS_SHOWN = 20;
/** As much of an id as fits a line. */
const ID_SHOWN = 80;

/** Who is in a team; with a word about what was just changed. */
export function membersSpeech(
  teamId: string,
  members: readonly Member[],
  news: readonly Mrkdwn[] = [],
): Speech {
  const { shown, more } = firstOf(members, MEMBERS_SHOWN);
  const lines = shown.map(
    ({ userId, role, createdAt }) =>
      mrkdwn`${code(userId.slice(0, ID_SHOWN))}${role === 'admin' ? ' (admin)' : ''}, since ${moment(createdAt)}`,
  );
  const list =
    lines.length === 0
      ? mrkdwn`nobody yet`
      : joined(more === undefined ? lines : [...lines, more], '\n');
  return speech(mrkdwn`Members of ${teamId}`, [
    ...(news.length === 0 ? [] : [section(joined(news, '\n'))]),
    section(mrkdwn`*Members of* ${code(teamId)}\n${list}`),
    actions(
      runButton('Show team', `/team show ${teamId}`),
      runButton('Keys of this team', `/team key list ${teamId}`),
    ),
  ]);
}

/** The people of a customer, whatever teams they are in. */
export function peopleSpeech(organizationId: string, people: readonly User[]): Speech {
  const { shown, more } = firstOf(people, MEMBERS_SHOWN);
  const lines = shown.map(({ id, name, createdAt }) => {
    const called = name === null || name === id ? mrkdwn`` : mrkdwn` “${name}”`;
    return mrkdwn`${code(id.slice(0, ID_SHOWN))}${called}, since ${moment(createdAt)}`;
  });
  const list =
    lines.length === 0
      ? mrkdwn`nobody yet; people come with ${code('/team members acme-prod new=ann@acme.com')}`
      : joined(more === undefined ? lines : [...lines, more], '\n');
  return speech(mrkdwn`People of ${organizationId}`, [
    section(mrkdwn`*People of* ${code(organizationId)}\n${list}`),
    actions(runButton('Show organization', `/org show ${organizationId}`)),
  ]);
}

/** Somebody who is to be added is not known yet: the button makes them. */
export function unknownMemberSpeech(
  said: Mrkdwn,
  teamId: string,
  userId: string,
  once: string,
): Speech {
  const command = `/team members ${teamId} new=${userId}`;
  return sentence(
    said,
    actions(runButton(`Create ${userId}`, command, { once, style: 'primary' })),
  );
}
