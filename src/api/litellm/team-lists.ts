// Lists of teams, confined to what the caller sees.

import { z } from 'zod';
import type { TeamSearch } from '../../core/directory/directory-records.ts';
import type { Within } from '../../core/permission/caller.ts';
import type { Caller } from '../../core/permission/caller.ts';
import type { Stores } from '../../core/stores.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { organizationFrom } from './default-organization.ts';
import { detailed } from './errors.ts';
import { keySightOf } from './key-lists.ts';
import { keyViewsOfTeams } from './key-view.ts';
import { membershipViews } from './membership-view.ts';
import { given, listFields, listPart, narrowed, pageView } from './list-query.ts';
import { PERSONAL_TEAM } from '../../core/teams/personal-team.ts';
import { membershipsSeenBy, teamViews } from './team-view.ts';
import { TEAM } from './answers/rows.ts';
import { TEAM_LISTED, TEAM_PAGE } from './answers/changes.ts';

/** LiteLLM answers all teams at once; beyond this a client turns pages with /v2/team/list. */
const LIST_MAX = 1_000;

const PLAIN = { archived: false, idBeginsNot: PERSONAL_TEAM } as const;

/** Where the caller's sight ends, in the words of a search. */
export function sightOf({
  organizationId,
  teamId,
}: Within): Pick<TeamSearch, 'organizationIds' | 'ids'> {
  return {
    ...(organizationId === undefined ? {} : { organizationIds: [organizationId] }),
    ...(teamId === undefined ? {} : { ids: [teamId] }),
  };
}

/** Those of an organization that was asked for, as far as the caller sees it. */
function organizationsOf(
  asked: string | undefined,
  { organizationId }: Within,
): Pick<TeamSearch, 'organizationIds'> {
  if (asked === undefined) {
    return {};
  }
  const sight = organizationId === undefined ? undefined : [organizationId];
  return { organizationIds: narrowed(organizationFrom(asked), sight) ?? [] };
}

export const teamListEndpoint = endpoint({
  summary: 'All teams, with their keys and members',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    user_id: z.string().optional(),
    organization_id: z.string().optional(),
  }),
  answer: z.array(TEAM_LISTED),
  async handle({ stores, query, caller, within }) {
    const { rows } = await stores.records.directory.teams({
      ...PLAIN,
      ...sightOf(within),
      ...organizationsOf(query.organization_id, within),
      ...(query.user_id === undefined ? {} : { memberId: query.user_id }),
      sort: 'alias',
      descending: false,
      offset: 0,
      limit: LIST_MAX,
    });
    const memberships = await membershipsSeenBy(caller, stores, rows);
    const [views, keys, members] = await Promise.all([
      teamViews(stores, rows, memberships),
      keyViewsOfTeams(stores, rows, keySightOf(caller, within)),
      membershipViews(
        stores,
        memberships.map(({ member }) => member),
      ),
    ]);
    const membersOf = Map.groupBy(members, (each) => each.team_id);
    const keysOf = Map.groupBy(keys, (each) => each.team_id ?? '');
    return views.map((view) => ({
      ...view,
      team_memberships: membersOf.get(view.team_id) ?? [],
      keys: keysOf.get(view.team_id) ?? [],
    }));
  },
});

const SORTS: Readonly<Record<string, TeamSearch['sort']>> = {
  team_id: 'id',
  team_alias: 'alias',
  created_at: 'createdAt',
};
const V2_SIZE_MAX = 100;
const NEWEST_FIRST = {
  sort: 'createdAt',
  descending: true,
  namedDescending: false,
  size: 10,
} as const;

export const teamListV2Endpoint = endpoint({
  summary: 'Teams, page by page, searched and sorted',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    user_id: z.string().optional(),
    organization_id: z.string().optional(),
    team_id: z.string().optional(),
    team_alias: z.string().optional(),
    status: z.string().optional(),
    search: z.string().optional(),
    search_team_id_match: z.enum(['exact', 'prefix']).optional(),
    ...listFields(V2_SIZE_MAX),
  }),
  refusals: ['organization_unknown'],
  answer: TEAM_PAGE,
  async handle({ stores, query, within, caller }) {
    const { status, team_id: id, team_alias: alias } = query;
    if (status !== undefined && status !== 'deleted') {
      const error = "Invalid status value. Currently only 'deleted' is supported.";
      return detailed(400, { error });
    }
    const userId = query.user_id ?? ownIdOf(caller);
    const unknown = await complaintAboutUser(stores, userId, query.user_id, id);
    if (unknown !== undefined) {
      return unknown;
    }
    const { page, part } = listPart(query, NEWEST_FIRST, SORTS);
    const sight = sightOf(within);
    const { rows, total } = await stores.records.directory.teams({
      ...PLAIN,
      ...sight,
      ...organizationsOf(query.organization_id, within),
      ...given<Partial<TeamSearch>>({
        ids: narrowed(id, sight.ids),
        aliasContains: alias,
        idOrAlias: query.search
          ? { text: query.search, idBegins: query.search_team_id_match === 'prefix' }
          : undefined,
        // Who was in a team that is gone is not kept.
        memberId: status === 'deleted' ? undefined : userId,
      }),
      archived: status === 'deleted',
      ...part,
    });
    const teams = await teamViews(stores, rows, await membershipsSeenBy(caller, stores, rows));
    return { teams, ...pageView(total, page) };
  },
});

/** Whoever asks for nobody in particular and manages nothing sees the teams that they are in. */
function ownIdOf({ role, userId }: Caller): string | undefined {
  return role === 'member' ? userId : undefined;
}

async function complaintAboutUser(
  { records }: Stores,
  userId: string | undefined,
  asked: string | undefined,
  teamId: string | undefined,
) {
  if (userId === undefined || asked === undefined) {
    return undefined;
  }
  const part = { sort: 'id', descending: false, offset: 0, limit: 1 } as const;
  const { total } = await records.directory.people({ ids: [userId], ...part });
  if (total === 0) {
    return detailed(404, { error: `User not found, passed user_id=${userId}` });
  }
  const teams = teamId === undefined ? [] : await records.directory.membershipsOf([userId]);
  return teamId === undefined ||
    teams.some((each) => each.teamId === teamId && each.role !== 'removed')
    ? undefined
    : detailed(404, { error: `User is not a member of team_id=${teamId}` });
}

const FILTER_SIZE = 50;

export const teamFilterEndpoint = endpoint({
  summary: 'Teams whose id or name contains a text',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    team_id: z.string().optional(),
    team_alias: z.string().optional(),
    ...listFields(V2_SIZE_MAX),
  }),
  answer: z.array(TEAM),
  async handle({ stores, query, caller, within }) {
    const { rows } = await stores.records.directory.teams({
      ...PLAIN,
      ...sightOf(within),
      ...given<Partial<TeamSearch>>({
        idContains: query.team_id,
        aliasContains: query.team_alias,
      }),
      ...listPart(query, { ...NEWEST_FIRST, size: FILTER_SIZE }, SORTS).part,
    });
    return teamViews(stores, rows, await membershipsSeenBy(caller, stores, rows));
  },
});
