import type { StatusSet } from '../../core/teams/set-status.ts';
import type { Team, TeamStatus } from '../../core/teams/team.ts';
import { code, mrkdwn, mention } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, button, context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { objectIn, runButton } from './run-button.ts';

const EFFECTS: Readonly<Record<TeamStatus, string>> = {
  suspended: 'From its next call on, each of its calls gets 403. Calls under way end normally.',
  paused: 'From its next call on, each of its calls gets 403 until it is resumed.',
  archived: 'From its next call on, each of its calls gets 403. It stays on record.',
  active: 'Its next call is let through.',
};
const DONE: Readonly<Record<TeamStatus, string>> = {
  suspended: '🔴 Suspended',
  paused: '🟡 Paused',
  archived: '⚪ Archived',
  active: '🟢 Resumed',
};

/** What a confirmation carries. */
export interface SuspendValue {
  readonly team: string;
  readonly reason?: string;
  readonly once: string;
}

/** Asks before a team is suspended, and says what will happen. */
export function suspendQuestion(team: Team, reason: string | undefined, once: string): Speech {
  const value: SuspendValue = { team: team.id, once, ...(reason === undefined ? {} : { reason }) };
  const because = reason === undefined ? mrkdwn`` : mrkdwn`\nReason: ${reason}`;
  return sentence(
    mrkdwn`Suspend ${code(team.id)} of ${code(team.organizationId)}? From its *next call* on, every call with its keys gets 403. Calls under way end normally, credits stay.${because}`,
    actions(
      button({ id: 'suspend', label: 'Suspend', style: 'danger', value: JSON.stringify(value) }),
      button({ id: 'keep', label: 'Keep it running', value: team.id }),
    ),
  );
}

export function suspendValueOf(value: string | undefined): SuspendValue | undefined {
  const parsed = objectIn(value);
  return typeof parsed?.['team'] === 'string' && typeof parsed['once'] === 'string'
    ? (parsed as unknown as SuspendValue)
    : undefined;
}

/** The question was answered with no. */
export function keptSpeech(teamId: string): Speech {
  return sentence(mrkdwn`${code(teamId)} keeps running. Nothing was changed.`);
}

/** For the person who changed a status. */
export function statusSpeech({ team, changed }: StatusSet): Speech {
  if (!changed) {
    return sentence(mrkdwn`${code(team.id)} is already ${team.status}. Nothing was changed.`);
  }
  const undo = team.status === 'active' ? [] : [runButton('Resume', `/team resume ${team.id}`)];
  return sentence(
    mrkdwn`${DONE[team.status]}: ${code(team.id)}.`,
    context(mrkdwn`${EFFECTS[team.status]}`),
    actions(runButton('Show team', `/team show ${team.id}`), ...undo),
  );
}

/** For the team's channel. */
export function statusNews(team: Team, userId: string): Speech {
  const because: Mrkdwn = team.statusReason === null ? mrkdwn`` : mrkdwn`: ${team.statusReason}`;
  return sentence(mrkdwn`${DONE[team.status]}: team *${team.id}*, by ${mention(userId)}${because}`);
}
