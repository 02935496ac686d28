// The home tab: the teams that need somebody first.

import type { HomeView, KnownBlock } from '@slack/types';
import { actions, context, divider, firstOf, header, section } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import { teamLine } from '../blocks/team-list.ts';
import { percentOf } from '../blocks/words.ts';
import { code, md } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import type { Team } from '../../core/teams/team.ts';

export interface HomeTeam {
  readonly team: Team;
  readonly money: Money;
}

export const HOME_TEAMS_MAX = 20;

/** The lowest first; those that were never funded, and those that can't call anyway, last. */
export function byUrgency(teams: readonly HomeTeam[]): HomeTeam[] {
  const rank = ({ team, money }: HomeTeam): number =>
    (percentOf(money.spendable, money.allotment) ?? 1_000) + (team.status === 'active' ? 0 : 10_000);
  return teams.toSorted((a, b) => rank(a) - rank(b) || (a.team.id < b.team.id ? -1 : 1));
}

/** The home tab of a person who may look. `teams` are sorted already. */
export function homeView(teams: readonly HomeTeam[], lowCreditPercent: number): HomeView {
  const { shown, more } = firstOf(teams, HOME_TEAMS_MAX);
  const low = shown.filter((each) => isLow(each, lowCreditPercent));
  const others = shown.filter((each) => !low.includes(each));
  return {
    type: 'home',
    blocks: [
      header('Quartermaster'),
      actions(
        runButton('Create a team', '/team create', { style: 'primary' }),
        runButton('Top up', '/team topup'),
        runButton('All teams', '/team list'),
        runButton('Help', '/team help'),
      ),
      ...part('⚠️ Low on credits', low),
      ...part(low.length === 0 ? 'Teams' : 'All is well', others),
      ...(shown.length === 0 ? [section(md`No teams yet. Create the first one, it takes a minute.`)] : []),
      ...(more === undefined ? [] : [context(md`${more}: ${code('/team list')} shows them all.`)]),
    ],
  };
}

/** The home tab of a person who may not look. */
export function closedHomeView(said: readonly KnownBlock[]): HomeView {
  return { type: 'home', blocks: [header('Quartermaster'), ...said] };
}

function isLow({ team, money }: HomeTeam, lowCreditPercent: number): boolean {
  const percent = percentOf(money.spendable, money.allotment);
  return team.status === 'active' && percent !== undefined && percent <= lowCreditPercent;
}

function part(title: string, teams: readonly HomeTeam[]): KnownBlock[] {
  const heading: Mrkdwn = md`*${title}*`;
  return teams.length === 0
    ? []
    : [divider(), section(heading), ...teams.map(({ team, money }) => teamLine(team, money))];
}
