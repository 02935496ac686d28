// The home tab: the teams that need somebody first.

import type { HomeView, KnownBlock } from '@slack/types';
import { actions, context, divider, header, section } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import { teamLine } from '../blocks/team-list.ts';
import { percentOf } from '../blocks/words.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import type { Team } from '../../core/teams/team.ts';

export interface HomeTeam {
  readonly team: Team;
  readonly money: Money;
}

/** A team by its account. */
export interface Standing {
  readonly team: Team;
  readonly balance: bigint;
  readonly allotment: bigint;
}

export const HOME_TEAMS_MAX = 20;

/** The lowest first; those that were never funded, and those that can't call anyway, last. */
export function byUrgency(teams: readonly Standing[]): Standing[] {
  const rank = ({ team, balance, allotment }: Standing): number =>
    (percentOf(balance, allotment) ?? 1_000) + (team.status === 'active' ? 0 : 10_000);
  return teams.toSorted((a, b) => rank(a) - rank(b) || (a.team.id < b.team.id ? -1 : 1));
}

/** The home tab of a person who may look: these teams, sorted already, of some more. */
export function homeView(
  shown: readonly HomeTeam[],
  hidden: number,
  lowCreditPercent: number,
): HomeView {
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
      ...(shown.length === 0
        ? [section(mrkdwn`No teams yet. Create the first one, it takes a minute.`)]
        : []),
      ...(hidden > 0
        ? [context(mrkdwn`… and ${hidden} more: ${code('/team list')} shows them all.`)]
        : []),
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
  const heading: Mrkdwn = mrkdwn`*${title}*`;
  return teams.length === 0
    ? []
    : [divider(), section(heading), ...teams.map(({ team, money }) => teamLine(team, money))];
}
