// What stands in more than one message about teams.

import type { AccessGroup } from '../../core/models/access-group.ts';
import type { Team, TeamStatus } from '../../core/teams/team.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { firstOf } from './kit.ts';
import { credits } from './words.ts';

const STATUS_SIGNS: Readonly<Record<TeamStatus, string>> = {
  active: '🟢',
  suspended: '🔴',
  paused: '🟡',
  archived: '⚪',
};
/** More would push what matters off the screen. */
const MODELS_SHOWN = 8;
const GROUPS_SHOWN = 10;
const BASIS_POINTS_PER_PERCENT = 100;

export function statusSign(status: TeamStatus): string {
  return STATUS_SIGNS[status];
}

/** `🟢 active`. */
export function statusText(status: TeamStatus): string {
  return `${statusSign(status)} ${status}`;
}

/** The status, and where nothing is left, that nothing is left: calls may be refused then. */
export function standingText(
  { status }: Pick<Team, 'status'>,
  { spendable }: Pick<Money, 'spendable'>,
) {
  return status === 'active' && spendable <= 0n ? '🟠 active, out of credits' : statusText(status);
}

/** `GPT models, Claude models`, or that there are none. */
export function groupNames(groups: readonly AccessGroup[]): Mrkdwn {
  const { shown, more } = firstOf(groups, GROUPS_SHOWN);
  const names = shown.map((group) => group.displayName);
  return groups.length === 0
    ? mrkdwn`no models`
    : joined(more === undefined ? names : [...names, more]);
}

/** The models of these groups, each once. */
export function modelNames(groups: readonly AccessGroup[]): Mrkdwn {
  const models = [...new Set(groups.flatMap((group) => group.aliases))].sort();
  const { shown, more } = firstOf(models, MODELS_SHOWN);
  return joined([...shown.map(code), ...(more === undefined ? [] : [mrkdwn`_${more}_`])], ' ');
}

/** What a call costs the team, in a sentence part. */
export function termsText(team: Team): Mrkdwn {
  const percent = team.markupBasisPoints / BASIS_POINTS_PER_PERCENT;
  const markup = percent === 0 ? '' : `, plus ${percent} %`;
  switch (team.budgetMode) {
    case 'job_based':
      return mrkdwn`By the job: 1 credit for each`;
    case 'consumption_usd':
      return mrkdwn`By cost: ${credits(team.microcreditsPerUsd)} per US dollar${markup}`;
    case 'consumption_tokens':
      return mrkdwn`By tokens: 1 credit per ${team.tokensPerCredit.toLocaleString('en')}${markup}`;
  }
}
