import type { Status } from '../../core/status.ts';
import { quoted } from '../commands/words.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, button, context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { objectIn, runButton } from './run-button.ts';

/** What has a status: a team or a whole customer. */
export interface Standee {
  readonly kind: 'team' | 'organization';
  readonly id: string;
}

const COMMANDS = { team: '/team', organization: '/org' } as const;

function effectOf(status: Status, kind: Standee['kind']): string {
  const calls = kind === 'team' ? 'its calls' : 'the calls of all its teams';
  const stopped = `From the next one on, ${calls} get 403.`;
  switch (status) {
    case 'suspended':
    case 'paused':
      return `${stopped} Calls under way end normally.`;
    case 'archived':
      return `${stopped} It stays on record.`;
    case 'active':
      return `From the next one on, ${calls} are let through.`;
  }
}
/** The beginning of the news. */
export const DONE: Readonly<Record<Status, string>> = {
  suspended: '🔴 Suspended',
  paused: '🟡 Paused',
  archived: '⚪ Archived',
  active: '🟢 Resumed',
};

/** What a person wants, and what they are told of it. */
export interface StatusWish {
  readonly status: Status;
  readonly reason?: string | undefined;
  readonly until?: Date | undefined;
  /** The end as it is repeated. */
  readonly untilSaid?: Mrkdwn | undefined;
}

/** What a confirmation carries. */
export interface StatusValue extends Standee {
  readonly status: 'suspended' | 'archived';
  readonly reason?: string;
  /** ISO 8601. */
  readonly until?: string;
  readonly untilSaid?: string;
  readonly once: string;
}

const QUESTIONS = { suspended: 'Suspend', archived: 'Archive' } as const;

/** Asks before something is suspended or archived, and says what will happen. */
export function statusQuestion(
  standee: Standee & { readonly of?: string },
  wish: StatusWish & { readonly status: StatusValue['status'] },
  once: string,
): Speech {
  const { kind, id, of } = standee;
  const { status, reason, until, untilSaid } = wish;
  const value: StatusValue = {
    kind,
    id,
    status,
    once,
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until: until.toISOString() }),
    ...(untilSaid === undefined ? {} : { untilSaid: untilSaid.mrkdwn }),
  };
  const whose = of === undefined ? mrkdwn`` : mrkdwn` of ${code(of)}`;
  const because = reason === undefined ? mrkdwn`` : mrkdwn`\nReason: ${reason}`;
  const end =
    untilSaid === undefined ? mrkdwn`` : mrkdwn`\nUntil ${untilSaid}; it lifts by itself.`;
  const label = QUESTIONS[status];
  return sentence(
    mrkdwn`${label} ${code(id)}${whose}? From its *next call* on, every call with ${KEYS[kind]} gets 403. Calls under way end normally, credits stay.${because}${end}`,
    actions(
      button({ id: 'suspend', label, style: 'danger', value: JSON.stringify(value) }),
      button({ id: 'keep', label: 'Keep it running', value: id }),
    ),
  );
}

const KEYS = { team: 'its keys', organization: 'the keys of all its teams' } as const;

export function statusValueOf(value: string | undefined): StatusValue | undefined {
  const parsed = objectIn(value);
  return typeof parsed?.['id'] === 'string' &&
    typeof parsed['once'] === 'string' &&
    (parsed['kind'] === 'team' || parsed['kind'] === 'organization') &&
    (parsed['status'] === 'suspended' || parsed['status'] === 'archived')
    ? (parsed as unknown as StatusValue)
    : undefined;
}

/** What asks the same question anew. */
export function statusCommandOf({ kind, id, status, reason }: StatusValue): string {
  const verb = status === 'suspended' ? 'suspend' : 'archive';
  const because = reason === undefined ? '' : ` reason=${quoted(reason)}`;
  return `${COMMANDS[kind]} ${verb} ${id}${because}`;
}

/** The question was answered with no. */
export function keptSpeech(id: string): Speech {
  return sentence(mrkdwn`${code(id)} keeps running. Nothing was changed.`);
}

/** For the person who changed a status, or found it so. What was not active before is not resumed to undo it. */
export function statusSpeech(
  { kind, id }: Standee,
  { status, untilSaid }: StatusWish,
  { changed, before }: { readonly changed: boolean; readonly before: Status | undefined },
): Speech {
  if (!changed) {
    return sentence(mrkdwn`${code(id)} is already ${status}. Nothing was changed.`);
  }
  const command = COMMANDS[kind];
  const undo =
    status !== 'active' && before === 'active'
      ? [runButton('Undo: resume', `${command} resume ${id}`)]
      : [];
  const own =
    kind === 'organization' && status === 'active'
      ? [mrkdwn`Teams that are suspended themselves stay so.`]
      : [];
  return sentence(
    mrkdwn`${DONE[status]}: ${code(id)}${endText(untilSaid)}.`,
    context(mrkdwn`${effectOf(status, kind)}`, ...own),
    actions(runButton(`Show ${kind}`, `${command} show ${id}`), ...undo),
  );
}

function endText(untilSaid: Mrkdwn | undefined): Mrkdwn {
  return untilSaid === undefined ? mrkdwn`` : mrkdwn` until ${untilSaid}`;
}
