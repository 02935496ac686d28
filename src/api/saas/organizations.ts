import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { complaintAboutId } from '../../core/ids.ts';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import { createOrganization } from '../../core/organizations/create-organization.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import { updateOrganization } from '../../core/organizations/update-organization.ts';
import { isRefusal, publicSentence, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { DAY_MS } from '../../core/time.ts';
import { sumOf } from '../../core/usage/usage.ts';
import { answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { organizationInPath } from '../target.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { ACCESS_GROUPS, CREDITS, METADATA } from './fields.ts';
import { PAGE, pageOfTeams, ROWS_PER_PAGE_MAX, TEAM_FILTERS } from './listing.ts';
import { newTeam } from './new-team.ts';
import { spokenUntil } from './standing.ts';
import { viewsOf } from './team-view.ts';
import {
  ORGANIZATION,
  ORGANIZATION_MADE,
  ORGANIZATION_TOLD,
  ORGANIZATION_WITH_TEAMS,
  TEAMS_OF_ORGANIZATION,
} from './answers/organizations.ts';
import type { Told } from '../told.ts';

const NEW_ORGANIZATION = z.strictObject({
  organization_id: z.string(),
  name: z.string(),
  models: z.array(z.string()).nullish(),
  metadata: METADATA.nullish(),
  create_default_team: z.boolean().nullish(),
  default_team_name: z.string().nullish(),
  default_team_access_groups: ACCESS_GROUPS.nullish(),
  default_team_credits: CREDITS.nullish(),
});

export const createOrganizationEndpoint = endpoint({
  summary: 'Create an organization',
  action: 'organization.create',
  target: 'nothing',
  body: NEW_ORGANIZATION,
  query: NO_QUERY,
  answer: ORGANIZATION_MADE,
  async handle({ stores, actor, body }) {
    const metadata = body.metadata ?? {};
    const complaint = complaintAboutMetadata(metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const models = [...new Set(body.models ?? [])];
    const wish = { id: body.organization_id, name: body.name, models, metadata };
    const created = await createOrganization(stores, actor, wish);
    if (isRefusal(created)) {
      return created;
    }
    const defaultTeam =
      body.create_default_team === false ? null : await makeDefaultTeam(stores, actor, body);
    return { ...spoken(created), default_team: defaultTeam };
  },
});

export const listOrganizationsEndpoint = endpoint({
  summary: 'List organizations',
  action: 'organization.read',
  target: 'listed',
  body: NOTHING,
  query: NO_QUERY,
  answer: z.array(ORGANIZATION_TOLD),
  async handle({ stores, within }) {
    const { organizationId } = within;
    if (organizationId === undefined) {
      return (await stores.records.organizations.list()).map(told);
    }
    const organization = await organizationOf(stores, organizationId);
    return isRefusal(organization) ? organization : [told(organization)];
  },
});

export const getOrganizationEndpoint = endpoint({
  versioned: 'organization',
  summary: 'One organization',
  action: 'organization.read',
  target: organizationInPath,
  body: NOTHING,
  query: NO_QUERY,
  answer: ORGANIZATION_WITH_TEAMS,
  async handle({ stores, id }) {
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    const { teams: all, totals } = stores.records;
    const teams = await all.list({ organizationId: organization.id, limit: ROWS_PER_PAGE_MAX });
    const isAll = teams.length < ROWS_PER_PAGE_MAX;
    return {
      ...told(organization),
      usage_summary: await usageOf(stores, organization),
      team_count: isAll ? teams.length : await totals.teamsOf(organization.id),
      teams: teams.map((team) => team.id),
    };
  },
});

export const listOrganizationTeamsEndpoint = endpoint({
  summary: 'The teams of an organization',
  action: 'organization.read',
  target: organizationInPath,
  body: NOTHING,
  query: z.strictObject({ ...TEAM_FILTERS, ...PAGE }),
  answer: TEAMS_OF_ORGANIZATION,
  async handle({ stores, id, query }) {
    const organization = await organizationOf(stores, id);
    if (isRefusal(organization)) {
      return organization;
    }
    const path = `/api/organizations/${id}/teams`;
    const page = await pageOfTeams(stores, path, id, query);
    if (isRefusal(page)) {
      return page;
    }
    const views = await viewsOf(stores, page.teams);
    const isAll = query.after === undefined && Object.keys(page.headers).length === 0;
    const { status, search: contains } = query;
    const count = isAll
      ? views.length
      : await stores.records.teams.count({ organizationId: id, status, contains });
    const body = { organization_id: id, team_count: count, teams: views };
    return answer(body, { headers: page.headers });
  },
});

export const updateOrganizationEndpoint = endpoint({
  versioned: 'organization',
  summary: 'Change an organization',
  action: 'organization.change',
  target: organizationInPath,
  body: z.strictObject({
    name: z.string().nullish(),
    time_zone: z.string().nullish(),
    over_allocation: z.enum(['allowed', 'refused']).nullish(),
    /** Null for as long as the configuration says. */
    usage_retention_days: z.number().nullish(),
    /** Null for no channel of its own. */
    channel_id: z.string().nullish(),
    /** Empty for all of them. */
    models: z.array(z.string()).nullish(),
    metadata: METADATA.nullish(),
  }),
  query: NO_QUERY,
  answer: ORGANIZATION,
  async handle({ stores, actor, id, body }) {
    const { name, time_zone: timeZone, over_allocation: overAllocation, metadata } = body;
    const { usage_retention_days: usageRetentionDays, channel_id: channelId } = body;
    const complaint = complaintAboutMetadata(metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const updated = await updateOrganization(stores, actor, id, {
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof timeZone === 'string' ? { timeZone } : {}),
      ...(overAllocation ? { overAllocation } : {}),
      ...(usageRetentionDays === undefined ? {} : { usageRetentionDays }),
      ...(channelId === undefined ? {} : { channelId }),
      ...(body.models ? { models: [...new Set(body.models)] } : {}),
      ...(metadata ? { metadata } : {}),
    });
    return isRefusal(updated) ? updated : spoken(updated);
  },
});

/** The organization of an id that somebody wrote; what can't be an id names none. */
export async function organizationOf(stores: Stores, id: string): Promise<Organization | Refusal> {
  const found =
    complaintAboutId(id) === undefined ? await stores.records.organizations.find(id) : undefined;
  return found ?? refuse('organization_unknown', { organization: id });
}

/** All that its teams ever did, in three numbers. */
async function usageOf(
  { records, clock }: Stores,
  { id }: Organization,
): Promise<Told<typeof ORGANIZATION_WITH_TEAMS>['usage_summary']> {
  const scope = { kind: 'organization', organizationId: id } as const;
  const to = new Date(clock() + DAY_MS);
  const sum = sumOf(
    await records.usage.range({ scope, from: new Date(0), to, step: 'all', by: [] }),
  );
  return {
    total_jobs: Number(sum.jobs),
    total_cost_usd: usdToNumber(sum.costNanoUsd),
    credits_used: creditsToNumber(sum.charge),
  };
}

function told(organization: Organization): Told<typeof ORGANIZATION_TOLD> {
  return { ...spoken(organization), default_team: null };
}

function spoken(organization: Organization): Told<typeof ORGANIZATION> {
  return {
    organization_id: organization.id,
    name: organization.name,
    status: organization.status,
    ...(organization.statusReason === null ? {} : { status_reason: organization.statusReason }),
    ...spokenUntil(organization),
    time_zone: organization.timeZone,
    over_allocation: organization.overAllocation,
    usage_retention_days: organization.usageRetentionDays,
    channel_id: organization.channelId,
    models: organization.models,
    metadata: organization.metadata,
    created_at: organization.createdAt.toISOString(),
    updated_at: organization.updatedAt.toISOString(),
  };
}

/** As documented, the organization stands even where its default team could not be made. */
async function makeDefaultTeam(
  stores: Stores,
  actor: Actor,
  body: z.output<typeof NEW_ORGANIZATION>,
): Promise<NonNullable<Told<typeof ORGANIZATION_MADE>['default_team']>> {
  const made = await newTeam(stores, actor, {
    organization_id: body.organization_id,
    team_id: `${body.organization_id}_default`,
    team_alias: body.default_team_name ?? body.name,
    access_groups: body.default_team_access_groups ?? [],
    credits_allocated: body.default_team_credits ?? 0,
  });
  if ('team_id' in made) {
    return made;
  }
  const reason = isRefusal(made) ? publicSentence(made) : made.detail;
  return { error: `Failed to create default team: ${reason}` };
}
