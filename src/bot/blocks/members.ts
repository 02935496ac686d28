import type { Member, User } from '../../core/members/member.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { quoted } from '../commands/words.ts';
import { cancelButton } from './cancel-button.ts';
import { formButton } from './form-button.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { actions, context, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { moment } from './words.ts';

/** What fits a section of 3,000 characters, with room to spare. */
export const MEMBERS_SHOWN = 20;
/** As much of an id as fits a line. */
const ID_SHOWN = 80;

export interface MembersReading {
  readonly teamId: string;
  readonly page: Page<Member>;
  /** What was just changed. */
  readonly news: readonly Mrkdwn[];
  /** What keys of members may at the management door. */
  readonly granted: readonly string[];
}

/** A page of who is in a team. */
export function membersSpeech({ teamId, page, news, granted }: MembersReading): Speech {
  const lines = page.rows.map(
    ({ userId, role, createdAt }) =>
      mrkdwn`${code(userId.slice(0, ID_SHOWN))}${role === 'admin' ? ' (admin)' : ''}, since ${moment(createdAt)}`,
  );
  const list = lines.length === 0 ? mrkdwn`nobody yet` : joined(lines, '\n');
  return speech(news[0] ?? mrkdwn`Members of ${teamId}`, [
    ...(news.length === 0 ? [] : [section(joined(news, '\n'))]),
    section(mrkdwn`*Members of* ${code(teamId)}\n${list}`),
    ...(granted.length === 0
      ? []
      : [context(mrkdwn`Their keys may at the management door: ${joined(granted.map(code))}`)]),
    ...pageButtons(page, 'name'),
    actions(
      runButton('Show team', `/team show ${teamId}`),
      runButton('Keys of this team', `/team key list ${teamId}`),
    ),
  ]);
}

/** A page of the people of a customer, whatever teams they are in. */
export function peopleSpeech(
  organizationId: string,
  page: Page<User>,
  news: readonly Mrkdwn[] = [],
): Speech {
  const lines = page.rows.map(({ id, name, role, createdAt }) => {
    const called = name === '' || name === id ? mrkdwn`` : mrkdwn` “${name}”`;
    const manages = role === 'admin' ? mrkdwn` (admin)` : mrkdwn``;
    return mrkdwn`${code(id.slice(0, ID_SHOWN))}${called}${manages}, since ${moment(createdAt)}`;
  });
  const list =
    lines.length === 0
      ? mrkdwn`nobody yet; people come with ${code(`/org members ${organizationId} new=ann@acme.com`)}`
      : joined(lines, '\n');
  return speech(news[0] ?? mrkdwn`People of ${organizationId}`, [
    ...(news.length === 0 ? [] : [section(joined(news, '\n'))]),
    section(mrkdwn`*People of* ${code(organizationId)}\n${list}`),
    ...pageButtons(page, 'name'),
    actions(
      formButton('Change …', `/org members ${organizationId}`),
      runButton('Show organization', `/org show ${organizationId}`),
    ),
  ]);
}

interface Newcomer {
  readonly teamId: string;
  readonly userId: string;
  readonly role: string | undefined;
}

/** Somebody who is to be added is not known yet: the button makes them. */
export function unknownMemberSpeech(
  said: Mrkdwn,
  { teamId, userId, role }: Newcomer,
  once: string,
): Speech {
  const as = role === undefined ? '' : ` role=${role}`;
  const command = `/team members ${teamId} new=${userId}${as}`;
  return sentence(
    said,
    actions(runButton(`Create ${userId}`, command, { once, style: 'primary' })),
  );
}

interface Removal {
  readonly org: string;
  readonly person: string;
  /** Everything that was asked for, by its words. */
  readonly words: Readonly<Record<string, string>>;
}

/** Asks before somebody loses their teams and keys: a key that was revoked does not come back. */
export function removalQuestion({ org, person, words }: Removal, once: string): Speech {
  const typed = Object.entries(words).map(([name, value]) => `${name}=${quoted(value)}`);
  const command = `/org members ${org} ${typed.join(' ')} sure=yes`;
  return sentence(
    mrkdwn`Take ${code(person)} out of ${code(org)}? They leave all its teams, and their keys there are revoked for ever. What they used stays on record.`,
    actions(runButton('Take out', command, { once, style: 'danger' }), cancelButton()),
  );
}
