import type { KnownBlock } from '@slack/types';
import type { CeilingsReading } from '../../core/ceilings/read-ceilings.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import { channelLink, code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetName, count, dollars, limitName } from './ceilings-words.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { modelNames } from './organization-models.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';
import { statusText } from './team-words.ts';
import { moment } from './words.ts';

const TEAMS_SHOWN = 10;
/** As many as are looked over at once. */
export const ORGANIZATIONS_SHOWN = 20;

export interface OrganizationFacts {
  readonly organization: Organization;
  /** Ids of its teams, one more than are shown at the most. */
  readonly teams: readonly string[];
  readonly reading: CeilingsReading;
  /** It was just made or changed. */
  readonly done?: 'made' | 'changed' | undefined;
}

/** As many teams as are worth reading to show them. */
export const TEAMS_READ = 1_000;

/** Everything worth knowing about an organization at a glance. */
export function organizationCard({
  organization,
  teams,
  reading,
  done,
}: OrganizationFacts): Speech {
  const { id, status, statusReason } = organization;
  const title = organization.name === id ? id : `${organization.name} (${id})`;
  const because =
    status === 'active' || statusReason === null ? [] : [mrkdwn`because: ${statusReason}`];
  const ceilings = ceilingLines(reading);
  const news = done === undefined ? undefined : mrkdwn`✅ Organization ${code(id)} is ${done}.`;
  const blocks: KnownBlock[] = [
    ...(news === undefined ? [] : [section(news)]),
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
      mrkdwn`*Models of its teams*\n${modelNames(organization.models)}`,
      mrkdwn`*Single calls are kept*\n${keptText(organization.usageRetentionDays)}`,
    ]),
    section(mrkdwn`*Teams*\n${teamsText(teams)}`),
    section(
      mrkdwn`*Limits and budgets*\n${ceilings.length === 0 ? mrkdwn`none; its teams have their own` : joined(ceilings, '\n')}`,
    ),
    actions(
      runButton('Teams', `/team list org=${id}`, { style: 'primary' }),
      runButton('Limits', `/org limits ${id}`),
      runButton('Budgets', `/org budget ${id}`),
      runButton('Models', `/org models ${id}`),
      runButton('Members', `/org members ${id}`),
    ),
  ];
  return speech(news ?? mrkdwn`${title}: ${status}, ${teams.length} teams`, blocks);
}

function keptText(days: number | null): string {
  return days === null ? 'as long as the configuration says' : `${days.toLocaleString('en')} days`;
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

/** A page of organizations, each with its status and a way to look at it. */
export function organizationList(page: Page<Organization>): Speech {
  const { rows: shown } = page;
  const blocks: KnownBlock[] = [
    header('Organizations'),
    ...shown.map(organizationLine),
    ...(shown.length === 0
      ? [section(mrkdwn`None yet. One is made with its first team: ${code('/team create')}`)]
      : []),
    ...pageButtons(page, 'name'),
  ];
  return speech(mrkdwn`Organizations: ${shown.map(({ id }) => id).join(', ') || 'none'}`, blocks);
}

function organizationLine({ id, name, status }: Organization): KnownBlock {
  const alias = name === id ? mrkdwn`` : mrkdwn`  ·  “${name}”`;
  return section(
    mrkdwn`*${id}*${alias}  ·  ${statusText(status)}`,
    runButton('Show', `/org show ${id}`),
  );
}
