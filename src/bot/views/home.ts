// The home tab: the teams that need somebody first.

import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { Proposal } from '../../core/approvals/proposal.ts';
import type { AuditEntry } from '../../core/audit/audit-records.ts';
import { deedLine, targetText } from '../blocks/deeds.ts';
import { isAtLeast } from '../../core/policy.ts';
import type { Role } from '../../core/policy.ts';
import { actions, context, divider, firstOf, header, section } from '../blocks/kit.ts';
import { waitingPart } from '../blocks/proposal-list.ts';
import { runButton } from '../blocks/run-button.ts';
import { teamLine } from '../blocks/team-list.ts';
import { percentOf } from '../blocks/words.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import type { Sight } from '../sight.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Team } from '../../core/teams/team.ts';

export interface HomeTeam {
  readonly team: Team;
  readonly money: Money;
}

export interface HomeChange {
  readonly deed: AuditEntry;
  /** What it was done to, where that is a key. */
  readonly key: VirtualKey | undefined;
}

export const HOME_TEAMS_MAX = 20;

export interface HomeFacts {
  /** The best that this person has anywhere; what is shown differs by it. */
  readonly role: Role;
  /** Where they have it. */
  readonly where: Sight;
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
  readonly changes: readonly HomeChange[];
}

/** The home tab of a person who may look. */
export function homeView(facts: HomeFacts): HomeView {
  const { role, where, toDecide, shown, mine, hidden, changes } = facts;
  const low = shown.filter((each) => isLow(each, facts.lowCreditPercent));
  const others = shown.filter((each) => !low.includes(each));
  const own = others.filter(({ team }) => mine.has(team.id));
  const rest = others.filter(({ team }) => !mine.has(team.id));
  return {
    type: 'home',
    blocks: [
      header('Quartermaster'),
      context(ROLE_WORDS[role](placeWords(where))),
      actions(...buttonsOf(facts)),
      ...waitingPart(toDecide),
      ...part('⚠️ Low on credits', low),
      ...part('Your teams', own),
      ...part(own.length === 0 && low.length === 0 ? 'Teams' : 'Other teams', rest),
      ...(shown.length === 0 ? [section(nothingYet(facts))] : []),
      ...(hidden > 0
        ? [context(mrkdwn`… and ${hidden} more: ${code('/team list')} shows them all.`)]
        : []),
      ...changesPart(changes),
    ],
  };
}

type Words = (where: Mrkdwn) => Mrkdwn;

const ROLE_WORDS: Readonly<Record<Role, Words>> = {
  owner: (where) =>
    mrkdwn`You may change everything${where}, and say who else may. Every change stands in the audit trail with your name.`,
  manager: (where) =>
    mrkdwn`You may change everything${where}; every change stands in the audit trail with your name.`,
  approver: (where) =>
    mrkdwn`You decide on what needs a second pair of eyes, and may look at everything${where}.`,
  viewer: (where) => mrkdwn`You may look at everything${where}; account managers change it.`,
};

/** As many as are read in one line. */
const ORGANIZATIONS_NAMED = 5;

function placeWords(where: Sight): Mrkdwn {
  if (where === 'everything') {
    return mrkdwn``;
  }
  const { shown, more } = firstOf(where, ORGANIZATIONS_NAMED);
  const named = joined(shown.map(code));
  return more === undefined ? mrkdwn` of ${named}` : mrkdwn` of ${named} (${more})`;
}

function buttonsOf({ role, where }: Pick<HomeFacts, 'role' | 'where'>): Button[] {
  const isForAll = where === 'everything';
  const look = [runButton('All teams', '/team list'), runButton('Help', '/team help')];
  switch (role) {
    case 'owner':
    case 'manager':
      return [
        // A new customer belongs to no organization yet.
        ...(isForAll
          ? [runButton('Onboard a customer', '/org onboard', { style: 'primary' })]
          : []),
        runButton('Create a team', '/team create'),
        runButton('Top up', '/team topup'),
        ...look,
        ...(role === 'owner' ? [runButton('Settings', '/quartermaster settings')] : []),
      ];
    case 'approver':
      return [...look, runButton('Audit trail', '/audit search')];
    case 'viewer':
      return [...look, runButton('Organizations', '/org list')];
  }
}

function nothingYet({ role, where }: Pick<HomeFacts, 'role' | 'where'>): Mrkdwn {
  const mayOnboard = where === 'everything' && isAtLeast(role, 'manager');
  return mayOnboard
    ? mrkdwn`No teams yet. Onboard the first customer, it takes a minute.`
    : mrkdwn`No teams yet.`;
}

function changesPart(changes: readonly HomeChange[]): KnownBlock[] {
  return changes.length === 0
    ? []
    : [
        divider(),
        section(
          mrkdwn`*Recent changes*\n${joined(
            changes.map(
              ({ deed, key }) => mrkdwn`${targetText(deed.target, key)}  ${deedLine(deed)}`,
            ),
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
  // Who never had any has no percentage of it.
  const isOut = money.spendable <= 0n && team.limitPolicy !== 'unlimited';
  const percent = isOut ? 0 : percentOf(money.spendable, money.allotment);
  return team.status === 'active' && percent !== undefined && percent <= lowCreditPercent;
}

function part(title: string, teams: readonly HomeTeam[]): KnownBlock[] {
  const heading: Mrkdwn = mrkdwn`*${title}*`;
  return teams.length === 0
    ? []
    : [divider(), section(heading), ...teams.map(({ team, money }) => teamLine(team, money))];
}
