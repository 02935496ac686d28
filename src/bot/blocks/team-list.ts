import type { KnownBlock } from '@slack/types';
import { code, mrkdwn } from '../escape.ts';
import type { Page } from '../paging.ts';
import type { Money } from '../readings.ts';
import type { Team } from '../../core/teams/team.ts';
import { actions, context, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';
import { standingText } from './team-words.ts';
import { bar, roundedCredits, percentOf } from './words.ts';

/** What the list shows of a team. */
export interface TeamRow {
  readonly team: Team;
  readonly money: Money;
}

/** A page of teams, each with what it has left and a way to look at it. */
export function teamList(page: Page<TeamRow>, organizationId: string | undefined): Speech {
  const title = organizationId === undefined ? 'Teams' : `Teams of ${organizationId}`;
  const { rows, path } = page;
  const isEmpty = rows.length === 0;
  const blocks: KnownBlock[] = [
    header(title),
    ...(isEmpty
      ? [section(mrkdwn`None ${path.length === 0 ? 'yet' : 'here any more'}.`)]
      : rows.map(({ team, money }) => teamLine(team, money))),
    ...pageButtons(page, 'name'),
    ...(path.length === 0 ? [] : [context(mrkdwn`Page ${path.length + 1}`)]),
    ...(isEmpty && path.length === 0
      ? [actions(runButton('Create a team', '/team create', { style: 'primary' }))]
      : []),
  ];
  return speech(mrkdwn`${title}: ${rows.map(({ team }) => team.id).join(', ') || 'none'}`, blocks);
}

/** One team in two lines, with the button that shows it. */
export function teamLine(team: Team, money: Money): KnownBlock {
  const percent = percentOf(money.spendable, money.allotment);
  const left = percent === undefined ? '' : `  ${percent} %`;
  const about = mrkdwn`*${team.id}*  ·  ${code(team.organizationId)}  ·  ${standingText(team, money)}`;
  const balance = mrkdwn`${bar(money.spendable, money.allotment)}${left}  ·  ${roundedCredits(money.spendable)}`;
  return section(mrkdwn`${about}\n${balance}`, runButton('Show', `/team show ${team.id}`));
}
