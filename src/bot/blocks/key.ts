import type { Button } from '@slack/types';
import { REVEAL_LINK_LIFETIME_MS } from '../../core/keys/reveal-link.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { MINUTE_MS } from '../../core/time.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { clientMessage } from './client-message.ts';
import type { ClientMessage } from './client-message.ts';
import { actions, button, context, firstOf, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { termLines } from './key-card.ts';
import { runButton } from './run-button.ts';
import { moment } from './words.ts';

/** What fits a section of 3,000 characters, with room to spare. */
export const KEYS_SHOWN = 20;

/** What a rotation replaced, and until when the secret before it works; null where it has stopped. */
export interface Replaced {
  readonly key: VirtualKey;
  readonly until: Date | null;
}

interface NewKey {
  readonly teamId: string;
  readonly revealUrl: string;
  readonly replaced: Replaced | undefined;
  readonly made: VirtualKey | undefined;
  /** With these, a message to be sent on stands below. */
  readonly client: Pick<ClientMessage, 'models' | 'firstCall' | 'publicUrl'> | undefined;
}

/** A new key, behind its link; and what happens to the one that it replaces. */
export function newKeySpeech({ teamId, revealUrl, replaced, made, client }: NewKey): Speech {
  const minutes = REVEAL_LINK_LIFETIME_MS / MINUTE_MS;
  const said =
    replaced === undefined
      ? mrkdwn`✅ Team ${code(teamId)} has another key.`
      : mrkdwn`✅ Key ${code(replaced.key.name)} of team ${code(teamId)} has a new secret. The one before it, ${masked(replaced.key)}, ${graceText(replaced.until)}.`;
  return speech(said, [
    section(said),
    ...(made === undefined || replaced !== undefined ? [] : [section(madeText(made))]),
    ...(client === undefined
      ? []
      : clientMessage({
          ...client,
          greeting: greetingOf(teamId, replaced),
          keys: [{ of: teamId, revealUrl }],
        })),
    actions(
      client === undefined
        ? button({ id: 'reveal', label: 'Reveal the key once', url: revealUrl, style: 'primary' })
        : button({ id: 'reveal', label: 'Reveal it myself', url: revealUrl }),
      runButton('Keys of this team', `/team key list ${teamId}`),
    ),
    context(
      mrkdwn`The link shows the key once, to whoever opens it first, and ends after ${minutes} minutes; no key passes through Slack.`,
    ),
  ]);
}

/** In plain text, for a client: dates are UTC. */
function greetingOf(teamId: string, replaced: Replaced | undefined): string {
  if (replaced === undefined) {
    return `Hello, here is a new key of ${teamId}.`;
  }
  const { key, until } = replaced;
  const end =
    until === null
      ? 'has stopped working'
      : `works until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `Hello, the key "${key.name}" of ${teamId} has a new secret. The one before it (sk-…${key.lastFour}) ${end}.`;
}

function graceText(until: Date | null): Mrkdwn {
  return until === null ? mrkdwn`has stopped working` : mrkdwn`works until ${moment(until)}`;
}

/** What was understood, so that a slip shows before the key is handed out. */
function madeText(key: VirtualKey): Mrkdwn {
  const expires = key.expiresAt === null ? mrkdwn`never` : mrkdwn`${moment(key.expiresAt)}`;
  return joined(
    [mrkdwn`*Name*  ${key.name}`, mrkdwn`*Expires*  ${expires}`, ...termLines(key)],
    '\n',
  );
}

/** A key was blocked, unblocked or revoked; or was so already. */
export function keyStatusSpeech(key: VirtualKey, changed: boolean): Speech {
  const words = { active: 'works', blocked: 'is blocked', revoked: 'is revoked for ever' };
  return sentence(
    changed
      ? mrkdwn`✅ Key ${masked(key)} of ${code(key.teamId)} ${words[key.status]}, from its next call on.`
      : mrkdwn`Key ${masked(key)} of ${code(key.teamId)} ${words[key.status]} already. Nothing was changed.`,
    actions(
      runButton('Keys of this team', `/team key list ${key.teamId}`),
      ...(changed ? wayBack(key) : []),
    ),
  );
}

/** What was revoked stays so. */
function wayBack({ status, teamId, id }: VirtualKey): Button[] {
  switch (status) {
    case 'active':
      return [runButton('Undo: block', `/team key block ${teamId} ${id}`)];
    case 'blocked':
      return [runButton('Undo: unblock', `/team key unblock ${teamId} ${id}`)];
    case 'revoked':
      return [];
  }
}

/** A page of the keys of a team. */
export function keyPageSpeech(teamId: string, page: Page<VirtualKey>): Speech {
  const list = page.rows.length === 0 ? mrkdwn`none yet` : joined(page.rows.map(keyLine), '\n');
  return speech(mrkdwn`Keys of ${teamId}`, [
    section(mrkdwn`*Keys of* ${code(teamId)}\n${list}`),
    ...pageButtons(page, 'name'),
    actions(...keySteps(teamId)),
  ]);
}

/** The first keys of a team, with a word about one that was looked for and not found. */
export function keyListSpeech(
  teamId: string,
  keys: readonly VirtualKey[],
  lookedFor: string,
): Speech {
  const { shown, more } = firstOf(keys, KEYS_SHOWN);
  const lines = [...shown.map(keyLine), ...(more === undefined ? [] : [mrkdwn`_${more}_`])];
  const complaint =
    lookedFor === ''
      ? mrkdwn`Say which key is meant, by its last four characters.\n`
      : mrkdwn`No single key of ${code(teamId)} is called ${code(lookedFor)}. Take its last four characters.\n`;
  const list = lines.length === 0 ? mrkdwn`none yet` : joined(lines, '\n');
  return speech(mrkdwn`Keys of ${teamId}`, [
    section(mrkdwn`${complaint}*Keys of* ${code(teamId)}\n${list}`),
    actions(...keySteps(teamId)),
  ]);
}

function keySteps(teamId: string): Button[] {
  return [
    runButton('New key', `/team key new ${teamId}`),
    runButton('Show team', `/team show ${teamId}`),
  ];
}

function keyLine(key: VirtualKey): Mrkdwn {
  const expires = key.expiresAt === null ? mrkdwn`` : mrkdwn`, until ${moment(key.expiresAt)}`;
  const status = key.status === 'active' ? mrkdwn`` : mrkdwn` · ${key.status}`;
  const { previousLastFour, previousUntil } = key;
  const previous =
    previousLastFour === null || previousUntil === null
      ? mrkdwn``
      : mrkdwn` · ${code(`sk-…${previousLastFour}`)} before it, until ${moment(previousUntil)}`;
  return mrkdwn`${masked(key)}  ${key.name}, since ${moment(key.createdAt)}${expires}${status}${previous}`;
}

function masked(key: VirtualKey): Mrkdwn {
  return code(`sk-…${key.lastFour}`);
}
