// What members of a team may do beside what their role may: LiteLLM's routes from and to the actions of core.

import { z } from 'zod';
import type { Action } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Team } from '../../core/teams/team.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInBody, teamInQuery } from '../target.ts';
import { detailed } from './errors.ts';
import { extrasOf, shownMetadata, storedMetadata } from './extras.ts';
import { findTeam } from './find-team.ts';
import { teamView } from './team-view.ts';
import { TEAM } from './answers/rows.ts';
import { MEMBER_PERMISSIONS } from './answers/changes.ts';

/** Every route that LiteLLM lets a team open to its members, and which action it is here. */
const ACTIONS: Readonly<Record<string, Action>> = {
  '/key/info': 'key.read',
  '/key/health': 'key.read',
  '/key/generate': 'key.create',
  '/key/service-account/generate': 'key.create',
  '/key/update': 'key.change',
  '/key/delete': 'key.change',
  '/key/{key_id}/regenerate': 'key.rotate',
  '/key/block': 'key.change',
  '/key/unblock': 'key.change',
  '/key/list': 'key.read',
  '/team/daily/activity': 'team.usage',
};
const DEFAULTS: readonly string[] = ['/key/info', '/key/health'];

/** The actions of core behind LiteLLM's routes; a route that is not among them opens nothing. */
export function actionsOf(routes: readonly string[]): string[] {
  return [...new Set(routes.flatMap((route) => ACTIONS[route] ?? []))];
}

/** The routes as they came, LiteLLM's own where none did; those behind the actions where these were set elsewhere. */
export function permissionsIn({
  metadata,
  memberPermissions,
}: Pick<Team, 'metadata' | 'memberPermissions'>): readonly string[] {
  const kept = extrasOf(metadata)['team_member_permissions'];
  const routes = Array.isArray(kept) ? (kept as readonly string[]) : [];
  if (actionsOf(routes).toSorted().join() !== memberPermissions.toSorted().join()) {
    return Object.keys(ACTIONS).filter((route) => memberPermissions.includes(ACTIONS[route] ?? ''));
  }
  return Array.isArray(kept) ? routes : DEFAULTS;
}

export const permissionsListEndpoint = endpoint({
  summary: 'What members of a team may do',
  action: 'team.people.read',
  target: teamInQuery,
  body: NOTHING,
  query: z.strictObject({ team_id: z.string() }),
  answer: MEMBER_PERMISSIONS,
  async handle({ stores, query }) {
    const team = await findTeam(stores, query.team_id);
    return team === undefined
      ? detailed(404, { error: notInDb(query.team_id) })
      : {
          team_id: team.id,
          team_member_permissions: permissionsIn(team),
          all_available_permissions: Object.keys(ACTIONS),
        };
  },
});

export const permissionsUpdateEndpoint = endpoint({
  summary: 'Set what members of a team may do',
  action: 'team.people.change',
  fieldActions: { team_member_permissions: 'key.grant' },
  target: teamInBody,
  body: z.strictObject({ team_id: z.string(), team_member_permissions: z.array(z.string()) }),
  query: NO_QUERY,
  answer: TEAM,
  async handle({ stores, actor, body }) {
    const routes = body.team_member_permissions;
    const unknown = routes.find((route) => !Object.hasOwn(ACTIONS, route));
    if (unknown !== undefined) {
      const error = `Unknown permission ${unknown}. Available permissions=${Object.keys(ACTIONS).join(', ')}`;
      return detailed(400, { error });
    }
    if ((await findTeam(stores, body.team_id)) === undefined) {
      return detailed(404, { error: notInDb(body.team_id) });
    }
    const updated = await updateTeam(stores, actor, body.team_id, ({ metadata }) => ({
      memberPermissions: actionsOf(routes),
      metadata: storedMetadata(shownMetadata(metadata), {
        ...extrasOf(metadata),
        team_member_permissions: routes,
      }),
    }));
    return isRefusal(updated) ? updated : teamView(stores, updated);
  },
});

export function notInDb(teamId: string): string {
  return `Team doesn't exist in db. Team=${teamId}. Create team via \`/team/new\` call.`;
}
