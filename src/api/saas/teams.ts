import { z } from 'zod';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import type { TeamChange } from '../../core/teams/update-team.ts';
import { answer, isWorded } from '../answer.ts';
import type { Worded } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { organizationInBody, teamInPath } from '../target.ts';
import { complaintAboutMetadata, replacedMetadata } from '../metadata.ts';
import { ACCESS_GROUPS, METADATA, MONEY_FIELDS, teamOf, TERMS, termsFrom } from './fields.ts';
import { PAGE, pageOfTeams, TEAM_FILTERS } from './listing.ts';
import { NEW_TEAM, newTeam } from './new-team.ts';
import { organizationOf } from './organizations.ts';
import { viewOf, viewsOf } from './team-view.ts';
import { usageSummary } from './usage.ts';
import { TEAM_WITH_CREDITS } from './answers/credits.ts';
import { TEAM, TEAM_CHANGED, TEAM_MADE } from './answers/teams.ts';
import { balanceView } from './balance-view.ts';

export const createTeamEndpoint = endpoint({
  summary: 'Create a team with its key',
  action: 'team.create',
  target: organizationInBody,
  fieldActions: { ...MONEY_FIELDS, key_sha256: 'team.terms' },
  body: NEW_TEAM,
  query: NO_QUERY,
  answer: TEAM_MADE,
  handle: async ({ stores, actor, body }) => newTeam(stores, actor, body),
});

export const listTeamsEndpoint = endpoint({
  summary: 'List teams',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({ organization_id: z.string().optional(), ...TEAM_FILTERS, ...PAGE }),
  refusals: ['organization_unknown'],
  answer: z.array(TEAM),
  async handle({ stores, query, within }) {
    if (within.teamId !== undefined) {
      const team = await teamOf(stores, within.teamId);
      return isRefusal(team) ? team : viewsOf(stores, [team]);
    }
    const organizationId = within.organizationId ?? query.organization_id;
    if (organizationId !== undefined) {
      const organization = await organizationOf(stores, organizationId);
      if (isRefusal(organization)) {
        return organization;
      }
    }
    const page = await pageOfTeams(stores, '/api/teams', organizationId, query);
    if (isRefusal(page)) {
      return page;
    }
    return answer(await viewsOf(stores, page.teams), { headers: page.headers });
  },
});

export const getTeamEndpoint = endpoint({
  versioned: 'team',
  summary: 'One team',
  action: 'team.read',
  target: teamInPath,
  body: NOTHING,
  query: NO_QUERY,
  answer: TEAM_WITH_CREDITS,
  async handle({ stores, id }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const summary = await usageSummary(stores, team);
    const [view, credits] = await Promise.all([viewOf(stores, team), balanceView(stores, team)]);
    return { ...view, usage_summary: summary, credits };
  },
});

const TEAM_CHANGE = z.strictObject({
  team_alias: z.string().nullish(),
  access_groups: ACCESS_GROUPS.nullish(),
  models: z.array(z.string()).nullish(),
  model_aliases: z.record(z.string(), z.string()).nullish(),
  metadata: METADATA.nullish(),
  ...TERMS,
});

export const updateTeamEndpoint = endpoint({
  versioned: 'team',
  summary: 'Change a team',
  action: 'team.change',
  target: teamInPath,
  fieldActions: { ...MONEY_FIELDS, access_groups: 'team.models', models: 'team.models' },
  body: TEAM_CHANGE,
  query: NO_QUERY,
  answer: TEAM_CHANGED,
  async handle({ stores, actor, id, body }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const change = changeFrom(body);
    if (isRefusal(change) || isWorded(change)) {
      return change;
    }
    const { metadata: given, ...rest } = change;
    const updated = await updateTeam(stores, actor, id, ({ metadata }) =>
      given === undefined ? rest : { ...rest, metadata: replacedMetadata(metadata, given) },
    );
    if (isRefusal(updated)) {
      return updated;
    }
    return { ...(await viewOf(stores, updated)), message: 'Team updated successfully' };
  },
});

function changeFrom(body: z.output<typeof TEAM_CHANGE>): TeamChange | Refusal | Worded {
  const terms = termsFrom(body);
  if (isRefusal(terms) || isWorded(terms)) {
    return terms;
  }
  const complaint = complaintAboutMetadata(body.metadata);
  if (complaint !== undefined) {
    return complaint;
  }
  return {
    ...terms,
    ...(typeof body.team_alias === 'string' ? { alias: body.team_alias } : {}),
    ...(Array.isArray(body.access_groups)
      ? { accessGroups: [...new Set(body.access_groups)] }
      : {}),
    ...(body.models ? { models: body.models } : {}),
    ...(body.model_aliases ? { modelAliases: body.model_aliases } : {}),
    ...(body.metadata === null || body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}
