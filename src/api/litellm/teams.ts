// Teams looked at, blocked, deleted.

import { z } from 'zod';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { deleteTeams } from '../../core/teams/delete-teams.ts';
import { setTeamStatus } from '../../core/teams/set-status.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import type { Team } from '../../core/teams/team.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInBody, teamInQuery, tenantOfTeam } from '../target.ts';
import { detailed, wrapped } from './errors.ts';
import { extrasOf, shownMetadata, storedMetadata } from './extras.ts';
import { findTeam } from './find-team.ts';
import { keySightOf } from './key-lists.ts';
import { keyViewsOfTeams } from './key-view.ts';
import { memberPlanOf } from './member-defaults.ts';
import { boundsTable, membershipViews } from './membership-view.ts';
import { listedModels, teamModelsFrom, withModels, withoutModels } from './model-lists.ts';
import { membershipsSeenBy, teamView, teamViews } from './team-view.ts';
import { TEAM } from './answers/rows.ts';
import type { BOUNDS_TABLE, KEY } from './answers/rows.ts';
import { TEAM_INFO } from './answers/changes.ts';
import type { TEAM_OVERVIEW } from './answers/changes.ts';
import { NAMES } from '../told.ts';
import type { Told } from '../told.ts';

export const teamInfoEndpoint = endpoint({
  summary: 'A team with its keys and members',
  better: ['The fields of the overview stand beside `team_info`, too.'],
  action: 'team.read',
  target: teamInQuery,
  body: NOTHING,
  query: z.strictObject({ team_id: z.string().optional() }),
  answer: TEAM_INFO,
  async handle({ stores, caller, within, query: { team_id: id } }) {
    if (id === undefined) {
      const message = 'Malformed request. No team id passed in.';
      return wrapped(422, { message }, { type: 'auth_error' });
    }
    const team = await findTeam(stores, id);
    if (team === undefined) {
      const message = `Team not found, passed team id: ${id}.`;
      return wrapped(404, { message }, { type: 'auth_error' });
    }
    const memberships = await membershipsSeenBy(caller, stores, [team]);
    const [views, keys, rows, plan] = await Promise.all([
      teamViews(stores, [team], memberships),
      keyViewsOfTeams(stores, [team], keySightOf(caller, within)),
      membershipViews(
        stores,
        memberships.map(({ member }) => member),
      ),
      planOf(stores, team),
    ]);
    // One for each that was asked for.
    const view = views[0] as Told<typeof TEAM>;
    return {
      ...overviewOf(view, keys),
      team_id: id,
      team_info: { ...view, team_member_budget_table: plan },
      keys: keys.map(({ token: _hidden, ...key }) => key),
      team_memberships: rows,
    };
  },
});

/** Its overview has these beside the id, where its code has `team_info`; a client may lean on either. */
function overviewOf(
  view: Told<typeof TEAM>,
  keys: readonly Told<typeof KEY>[],
): Told<typeof TEAM_OVERVIEW> {
  const { team_alias, models, spend, max_budget, metadata, members_with_roles: people } = view;
  const members = people.map((member) => ({
    ...member,
    key: keys.find((key) => key.user_id === member.user_id)?.key_name ?? null,
  }));
  return { team_alias, models, spend, max_budget, metadata, members };
}

async function planOf(
  { records }: Stores,
  { metadata }: Team,
): Promise<Told<typeof BOUNDS_TABLE> | null> {
  const id = memberPlanOf(metadata);
  const plan = id === undefined ? undefined : await records.plans.find(id);
  return plan === undefined ? null : boundsTable(plan.ceilings, plan);
}

export const teamDeleteEndpoint = endpoint({
  summary: 'Delete teams: all of them or none; their keys are revoked, the ledger stays',
  better: [
    'Calls that are under way end and are charged.',
    'The id is never given again, because the ledger names it.',
  ],
  action: 'team.delete',
  target: async (stores, { body }) =>
    Promise.all(body.team_ids.map(async (id) => tenantOfTeam(stores, id))),
  body: z.strictObject({ team_ids: z.array(z.string()).max(500) }),
  query: NO_QUERY,
  answer: NAMES,
  async handle({ stores, actor, body }) {
    for (const id of body.team_ids) {
      if ((await findTeam(stores, id)) === undefined) {
        return detailed(404, { error: `Team not found, passed team_id=${id}` });
      }
    }
    const deleted = await deleteTeams(stores, actor, body.team_ids);
    return deleted;
  },
});

function blocking(status: 'suspended' | 'active', summary: string): Endpoint {
  return endpoint({
    summary,
    action: 'team.status',
    target: teamInBody,
    body: z.strictObject({ team_id: z.string() }),
    query: NO_QUERY,
    answer: TEAM,
    async handle({ stores, actor, body: { team_id: teamId } }) {
      if ((await findTeam(stores, teamId)) === undefined) {
        return detailed(404, { error: `Team not found, passed team_id=${teamId}` });
      }
      const reason = status === 'active' ? {} : { reason: 'blocked' };
      const set = await setTeamStatus(stores, actor, { teamId, status, ...reason });
      return isRefusal(set) ? set : teamView(stores, set.team);
    },
  });
}

export const teamBlockEndpoint = blocking('suspended', 'Block all calls of a team');
export const teamUnblockEndpoint = blocking('active', 'Let a team call again');

type ListChange = (listed: readonly string[], given: readonly string[]) => string[];

function modelChange(summary: string, change: ListChange): Endpoint {
  return endpoint({
    summary,
    better: ['Losing the last model leaves no-default-models, never all of them.'],
    action: 'team.models',
    target: teamInBody,
    body: z.strictObject({ team_id: z.string(), models: z.array(z.string()) }),
    query: NO_QUERY,
    answer: TEAM,
    async handle({ stores, actor, body }) {
      if ((await findTeam(stores, body.team_id)) === undefined) {
        return detailed(404, { error: `Team not found, passed team_id=${body.team_id}` });
      }
      const groups = (await stores.records.accessGroups.list()).map(({ name }) => name);
      const updated: Team | Refusal = await updateTeam(stores, actor, body.team_id, (team) => {
        const models = change(listedModels(team), body.models);
        const metadata = storedMetadata(shownMetadata(team.metadata), {
          ...extrasOf(team.metadata),
          models,
        });
        return { ...teamModelsFrom(models, groups), metadata };
      });
      return isRefusal(updated) ? updated : teamView(stores, updated);
    },
  });
}

export const teamModelAddEndpoint = modelChange('Let a team use more models', withModels);
export const teamModelDeleteEndpoint = modelChange('Let a team use fewer models', withoutModels);

export const teamAvailableEndpoint = endpoint({
  summary: 'Teams that anybody may join by themselves: none',
  action: 'team.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: z.array(TEAM),
  handle: async () => [],
});
