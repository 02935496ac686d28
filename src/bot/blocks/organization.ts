import type { KnownBlock } from '@slack/types';
import type { CeilingsReading } from '../../core/ceilings/read-ceilings.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetName, count, dollars, limitName } from './ceilings-words.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { statusText } from './team-words.ts';
import { moment } from './words.ts';

const TEAMS_SHOWN = 10;
/** A message holds 50 blocks. */
const ORGANIZATIONS_SHOWN = 40;

export interface OrganizationFacts {
  readonly organization: Organization;
  /** Ids of its teams, one more than are shown at the most. */
  readonly teams: readonly string[];
  readonly reading: CeilingsReading;
}

/** As many teams as are worth reading to show them. */
export const TEAMS_READ = 1_000;

/** Everything worth knowing about an organization at a glance. */
export function organizationCard({ organization, teams, reading }: OrganizationFacts): Speech {
  const { id, status, statusReason } = organization;
  const title = organization.name === id ? id : `${organization.name} (${id})`;
  const because =
    status === 'active' || statusReason === null ? [] : [mrkdwn`because: ${statusReason}`];
  const ceilings = ceilingLines(reading);
  const blocks: KnownBlock[] = [
    header(title),
    context(
      joined(
        [statusText(status), mrkdwn`since ${moment(organization.createdAt)}`, ...because],
        '  ·  ',
      ),
    ),
    fields([
      mrkdwn`*Time zone of its budgets*\n${organization.timeZone}`,
      mrkdwn`*Channel*\n${organization.channelId === null ? mrkdwn`none` : channelLink(organization.channelId)}`,
      mrkdwn`*Over-allocation by teams*\n${organization.overAllocation === 'allowed' ? 'allowed' : 'refused'}`,
    ]),
    section(mrkdwn`*Teams*\n${teamsText(teams)}`),
    section(
      mrkdwn`*Limits and budgets*\n${ceilings.length === 0 ? mrkdwn`none; its teams have their own` : joined(ceilings, '\n')}`,
    ),
    actions(
      runButton('Teams', `/team list org=${id}`, { style: 'primary' }),
      runButton('Limits', `/org limits ${id}`),
      runButton('Budgets', `/org budget ${id}`),
    ),
  ];
  return speech(mrkdwn`${title}: ${status}, ${teams.length} teams`, blocks);
}

function teamsText(teams: readonly string[]): Mrkdwn {
  const { shown, more } = firstOf(teams, TEAMS_SHOWN);
  const names = [...shown.map(code), ...(more === undefined ? [] : [mrkdwn`_${more}_`])];
  return teams.length === 0 ? mrkdwn`none yet` : joined(names, ' ');
}

function ceilingLines({ limits, budgets }: CeilingsReading): Mrkdwn[] {
  return [
    ...limits.map(({ limit }) => mrkdwn`${limitName(limit)}: ${count(limit.max)}`),
    ...budgets.map(({ budget }) => mrkdwn`${budgetName(budget)}: ${dollars(budget.maxNanoUsd)}`),
  ];
}

/** All organizations, each with its status and a way to look at it. */
export function organizationList(organizations: readonly Organization[]): Speech {
  const { shown, more } = firstOf(organizations, ORGANIZATIONS_SHOWN);
  const blocks: KnownBlock[] = [
    header('Organizations'),
    ...shown.map(organizationLine),
    ...(shown.length === 0
      ? [section(mrkdwn`None yet. One is made with its first team: ${code('/team create')}`)]
      : []),
    ...(more === undefined
      ? []
      : [context(mrkdwn`${more}; look at one with ${code('/org show')}`)]),
  ];
  return speech(
    mrkdwn`Organizations: ${organizations.length === 0 ? 'none' : shown.map(({ id }) => id).join(', ')}`,
    blocks,
  );
}

function organizationLine({ id, name, status }: Organization): KnownBlock {
  const alias = name === id ? mrkdwn`` : mrkdwn`  ·  “${name}”`;
  return section(
    mrkdwn`*${id}*${alias}  ·  ${statusText(status)}`,
    runButton('Show', `/org show ${id}`),
  );
}
