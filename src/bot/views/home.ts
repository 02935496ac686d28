// The home tab: the teams that need somebody first.

import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { Proposal } from '../../core/approvals/proposal.ts';
import type { AuditEntry } from '../../core/audit/audit-records.ts';
import { deedLine, targetText } from '../blocks/deeds.ts';
import { actions, context, divider, header, section } from '../blocks/kit.ts';
import { waitingPart } from '../blocks/proposal-list.ts';
import { runButton } from '../blocks/run-button.ts';
import { teamLine } from '../blocks/team-list.ts';
import { percentOf } from '../blocks/words.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import type { Team } from '../../core/teams/team.ts';

export interface HomeTeam {
  readonly team: Team;
  readonly money: Money;
}

export const HOME_TEAMS_MAX = 20;

/** What a person sees who may look; it differs by what they may do. */
export type HomeRole = 'manager' | 'approver' | 'viewer';

export interface HomeFacts {
  readonly role: HomeRole;
  /** What waits for this person's decision, the oldest first. */
  readonly toDecide: readonly Proposal[];
  /** Sorted already, the neediest first. */
  readonly shown: readonly HomeTeam[];
  /** Teams that this person has worked on. */
  readonly mine: ReadonlySet<string>;
  /** How many more there are. */
  readonly hidden: number;
  readonly lowCreditPercent: number;
  /** The latest first. */
  readonly changes: readonly AuditEntry[];
}

/** The home tab of a person who may look. */
export function homeView(facts: HomeFacts): HomeView {
  const { role, toDecide, shown, mine, hidden, changes } = facts;
  const low = shown.filter((each) => isLow(each, facts.lowCreditPercent));
  const others = shown.filter((each) => !low.includes(each));
  const own = others.filter(({ team }) => mine.has(team.id));
  const rest = others.filter(({ team }) => !mine.has(team.id));
  return {
    type: 'home',
    blocks: [
      header('Quartermaster'),
      context(ROLE_WORDS[role]),
      actions(...buttonsOf(role)),
      ...waitingPart(toDecide),
      ...part('⚠️ Low on credits', low),
      ...part('Your teams', own),
      ...part(own.length === 0 && low.length === 0 ? 'Teams' : 'Other teams', rest),
      ...(shown.length === 0 ? [section(nothingYet(role))] : []),
      ...(hidden > 0
        ? [context(mrkdwn`… and ${hidden} more: ${code('/team list')} shows them all.`)]
        : []),
      ...changesPart(changes),
    ],
  };
}

const ROLE_WORDS: Readonly<Record<HomeRole, Mrkdwn>> = {
  manager: mrkdwn`You may change everything here; every change stands in the audit trail with your name.`,
  approver: mrkdwn`You decide on what needs a second pair of eyes, and may look at everything.`,
  viewer: mrkdwn`You may look at everything; account managers change it.`,
};

function buttonsOf(role: HomeRole): Button[] {
  const look = [runButton('All teams', '/team list'), runButton('Help', '/team help')];
  return role === 'manager'
    ? [
        runButton('Onboard a customer', '/org onboard', { style: 'primary' }),
        runButton('Create a team', '/team create'),
        runButton('Top up', '/team topup'),
        ...look,
      ]
    : [...look, runButton('Organizations', '/org list')];
}

function nothingYet(role: HomeRole): Mrkdwn {
  return role === 'manager'
    ? mrkdwn`No teams yet. Onboard the first customer, it takes a minute.`
    : mrkdwn`No teams yet.`;
}

function changesPart(changes: readonly AuditEntry[]): KnownBlock[] {
  return changes.length === 0
    ? []
    : [
        divider(),
        section(
          mrkdwn`*Recent changes*\n${joined(
            changes.map((deed) => mrkdwn`${targetText(deed.target)}  ${deedLine(deed)}`),
            '\n',
          )}`,
        ),
      ];
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
