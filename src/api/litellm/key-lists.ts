// Lists of keys, confined to what the caller sees: who may not read the keys of others sees their own.

import { z } from 'zod';
import type { KeyOwners, KeySearch } from '../../core/directory/directory-records.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { HIDDEN } from '../../core/members/deleted.ts';
import type { Caller, Within } from '../../core/permission/caller.ts';
import { may } from '../../core/permission/permissions.ts';
import type { Stores } from '../../core/stores.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { organizationFrom } from './default-organization.ts';
import { wrapped } from './errors.ts';
import { keyViews, UNNAMED } from './key-view.ts';
import { flagField, given, listPart, narrowed } from './list-query.ts';
import { pageField, pagesOf, sizeField } from './paging.ts';
import { userViews } from './user-view.ts';
import { KEY_ALIASES, KEY_PAGE } from './answers/changes.ts';
import type { Told } from '../told.ts';

const SIZE = 10;
const SIZE_MAX = 100;
const ALIASES_SIZE = 50;

/** Where the caller's sight ends, in the words of a search. */
export function keySightOf(caller: Caller, { organizationId, teamId }: Within): Partial<KeySearch> {
  const own = may(caller, 'key.read')
    ? {}
    : caller.userId === undefined || caller.role === 'team_key'
      ? { ids: [caller.keyId ?? ''] }
      : { userId: caller.userId };
  return {
    ...(organizationId === undefined ? {} : { organizationIds: [organizationId] }),
    ...(teamId === undefined ? {} : { teamIds: [teamId] }),
    ...own,
  };
}

const SORTS: Readonly<Record<string, KeySearch['sort']>> = {
  token: 'id',
  key_alias: 'name',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
};
const UNSORTED: readonly string[] = ['spend', 'max_budget'];
const NEWEST_FIRST = {
  sort: 'createdAt',
  descending: true,
  namedDescending: true,
  size: SIZE,
} as const;

const STATUSES: readonly string[] = ['active', 'expired', 'revoked', 'deleted'];
const EXPIRIES: readonly string[] = ['active', 'expired'];

const QUERY = z.strictObject({
  page: pageField(),
  size: sizeField(SIZE_MAX),
  user_id: z.string().optional(),
  team_id: z.string().optional(),
  organization_id: z.string().optional(),
  key_hash: z.string().optional(),
  key_alias: z.string().optional(),
  search: z.string().optional(),
  return_full_object: flagField(),
  include_team_keys: flagField(),
  include_created_by_keys: flagField(),
  substring_matching: flagField(),
  sort_by: z.string().optional(),
  sort_order: z.string().optional(),
  expand: z.union([z.string(), z.array(z.string())]).optional(),
  status: z.string().optional(),
  expires: z.string().optional(),
  project_id: z.string().optional(),
  agent_id: z.string().optional(),
});
type Query = z.output<typeof QUERY>;

export const keyListEndpoint = endpoint({
  summary: 'Keys, page by page',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: QUERY,
  answer: KEY_PAGE,
  better: ['Whoever may read the keys of a team sees them without include_team_keys.'],
  async handle({ stores, query, caller, within }) {
    const sight = keySightOf(caller, within);
    const mistake = complaintAbout(query, sight);
    if (mistake !== undefined) {
      return mistake;
    }
    const { page, part } = listPart({ ...query, page_size: query.size }, NEWEST_FIRST, SORTS);
    const search = { ...sight, ...(await filterOf(stores, query, sight)), ...part };
    const { rows, total } = await stores.records.directory.keys(search);
    return {
      keys: await shownKeys(stores, rows, query, sight),
      total_count: total,
      current_page: page.page,
      total_pages: pagesOf(total, page),
    };
  },
});

function complaintAbout(query: Query, { userId }: Partial<KeySearch>): Answer | undefined {
  const { sort_by: sortBy = 'created_at', status, expires, user_id: asked } = query;
  if (SORTS[sortBy] === undefined) {
    const known = ['spend', 'max_budget', 'created_at', 'updated_at', 'token', 'key_alias'];
    const error = UNSORTED.includes(sortBy)
      ? `Sorting by ${sortBy} is not offered here. One of: ${Object.keys(SORTS).join(', ')}`
      : `Invalid sort column. Must be one of: ${known.join(', ')}`;
    return wrapped(400, { error });
  }
  if (status !== undefined && !STATUSES.includes(status)) {
    const error = "Invalid status value. Supported: 'active', 'expired', 'revoked', 'deleted'.";
    return wrapped(400, { error });
  }
  if (expires !== undefined && !EXPIRIES.includes(expires)) {
    return wrapped(400, { error: "Invalid expires value. Supported: 'active', 'expired'." });
  }
  if (userId !== undefined && asked !== undefined && userId !== asked) {
    const message = "You are not authorized to check another user's keys";
    return wrapped(403, message, { type: 'bad_request_error', param: 'user_id' });
  }
  return undefined;
}

/** What a query asks for beside its page; what lies out of sight is not found. */
async function filterOf(stores: Stores, query: Query, sight: Partial<KeySearch>) {
  const { organization_id: organization, key_alias: alias, status } = query;
  const asked = query.user_id ?? sight.userId;
  const isPart = query.substring_matching === true;
  const owners = asked === undefined ? undefined : await ownersOf(stores, query, asked);
  const isUserPart = isPart && query.user_id !== undefined && sight.userId === undefined;
  // Either the keys of a person, or those with what they may see beside.
  const whose =
    owners !== undefined
      ? { userId: undefined, either: owners }
      : isUserPart
        ? { userId: undefined, userIdContains: asked }
        : { userId: asked };
  const { userId: _own, ...rest } = given<Partial<KeySearch>>({
    organizationIds: narrowed(
      organization === undefined ? undefined : organizationFrom(organization),
      sight.organizationIds,
    ),
    teamIds: narrowed(query.team_id, sight.teamIds),
    ids: narrowed(query.key_hash, sight.ids),
    ...(isPart ? { nameContains: alias } : { name: alias }),
    idOrName: query.search,
    blocked: status === undefined || status === 'deleted' ? undefined : status === 'revoked',
    expiry: expiryOf(query, stores.clock()),
    noted: notedIn(query),
  });
  return { ...rest, ...(whose as Partial<KeySearch>), revoked: status === 'deleted' };
}

/** Whose keys are asked for beside the person's own; undefined where none are. */
async function ownersOf(
  { records }: Stores,
  query: Query,
  userId: string,
): Promise<KeyOwners | undefined> {
  const { include_team_keys: ofTeams, include_created_by_keys: ofMaker } = query;
  if (ofTeams !== true && ofMaker !== true) {
    return undefined;
  }
  const teams = ofTeams === true ? await records.directory.membershipsOf([userId]) : [];
  const managed = teams.filter(({ role }) => role === 'admin').map(({ teamId }) => teamId);
  return {
    userId,
    teamIds: managed,
    ...(ofMaker === true ? { createdBy: `api:user:${userId}` } : {}),
  };
}

function expiryOf({ status, expires }: Query, nowMs: number): KeySearch['expiry'] | undefined {
  const asked = expires ?? (status === 'active' || status === 'expired' ? status : undefined);
  return asked === undefined ? undefined : { at: new Date(nowMs), expired: asked === 'expired' };
}

/** Fields that are kept as they came, and can be asked for. */
function notedIn(query: Query): KeySearch['noted'] {
  return (['project_id', 'agent_id'] as const).flatMap((field) => {
    const asked = query[field];
    return asked === undefined ? [] : [{ path: [HIDDEN, field], anyOf: [asked] }];
  });
}

async function shownKeys(
  stores: Stores,
  rows: readonly VirtualKey[],
  query: Query,
  { organizationIds }: Partial<KeySearch>,
): Promise<Told<typeof KEY_PAGE>['keys']> {
  const isExpanded = [query.expand].flat().includes('user');
  if (query.return_full_object !== true && !isExpanded) {
    return rows.map(({ id }) => id);
  }
  const views = await keyViews(stores, rows);
  if (!isExpanded) {
    return views;
  }
  const ids = [...new Set(rows.flatMap(({ userId }) => userId ?? []))];
  const users = await userViews(stores, ids, organizationIds);
  const byId = new Map(users.map((user) => [user.user_id, user]));
  return views.map((view) => ({ ...view, user: byId.get(view.user_id ?? '') ?? null }));
}

const BY_NAME = {
  sort: 'name',
  descending: false,
  namedDescending: false,
  size: ALIASES_SIZE,
} as const;

export const keyAliasesEndpoint = endpoint({
  summary: 'Names of keys, page by page',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    page: pageField(),
    size: sizeField(SIZE_MAX),
    search: z.string().optional(),
    team_id: z.string().optional(),
  }),
  answer: KEY_ALIASES,
  async handle({ stores, query, caller, within }) {
    const sight = keySightOf(caller, within);
    const { page, part } = listPart({ page: query.page, page_size: query.size }, BY_NAME, {});
    const { rows, total } = await stores.records.directory.keys({
      ...sight,
      ...given<Partial<KeySearch>>({
        teamIds: narrowed(query.team_id, sight.teamIds),
        nameContains: query.search,
      }),
      nameIsNot: UNNAMED,
      revoked: false,
      ...part,
    });
    return {
      aliases: rows.map(({ name }) => name),
      total_count: total,
      current_page: page.page,
      total_pages: pagesOf(total, page),
      size: page.size,
    };
  },
});
