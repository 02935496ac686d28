// Lists of keys, confined to what the caller sees: who may not read the keys of others sees their own.

import { z } from 'zod';
import type { KeySearch } from '../../core/directory/directory-records.ts';
import type { Caller, Within } from '../../core/permission/caller.ts';
import { may } from '../../core/permission/permissions.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { organizationFrom } from './default-organization.ts';
import { wrapped } from './errors.ts';
import { UNNAMED, keyViews } from './key-view.ts';
import { pageField, pagesOf, partOf, sizeField } from './paging.ts';

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

/** What a filter asks for, unless the caller sees something else only: then it finds nothing. */
function narrowed(
  given: string | undefined,
  sight: readonly string[] | undefined,
): readonly string[] | undefined {
  if (given === undefined) {
    return sight;
  }
  return sight === undefined || sight.includes(given) ? [given] : [];
}

const SORTS: Readonly<Record<string, KeySearch['sort']>> = {
  token: 'id',
  key_alias: 'name',
  created_at: 'createdAt',
};
const UNSORTED: readonly string[] = ['spend', 'max_budget', 'updated_at'];

export const keyListEndpoint = endpoint({
  summary: 'Keys, page by page',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    page: pageField(),
    size: sizeField(SIZE_MAX),
    user_id: z.string().optional(),
    team_id: z.string().optional(),
    organization_id: z.string().optional(),
    key_hash: z.string().optional(),
    key_alias: z.string().optional(),
    return_full_object: z.string().optional(),
    include_team_keys: z.string().optional(),
    include_created_by_keys: z.string().optional(),
    sort_by: z.string().optional(),
    sort_order: z.string().optional(),
    expand: z.string().optional(),
    status: z.string().optional(),
  }),
  async handle({ stores, query, caller, within }) {
    const sortBy = query.sort_by ?? 'created_at';
    const sort = SORTS[sortBy];
    if (sort === undefined) {
      const known = [...Object.keys(SORTS), ...UNSORTED].join(', ');
      const error = UNSORTED.includes(sortBy)
        ? `Sorting by ${sortBy} is not offered here. One of: ${Object.keys(SORTS).join(', ')}`
        : `Invalid sort column. Must be one of: ${known}`;
      return wrapped(400, { error });
    }
    const sight = keySightOf(caller, within);
    const organization =
      query.organization_id === undefined ? undefined : organizationFrom(query.organization_id);
    if (
      sight.userId !== undefined &&
      query.user_id !== undefined &&
      sight.userId !== query.user_id
    ) {
      return wrapped(403, "You are not authorized to check another user's keys", {
        type: 'bad_request_error',
        param: 'user_id',
      });
    }
    const organizationIds = narrowed(organization, sight.organizationIds);
    const teamIds = narrowed(query.team_id, sight.teamIds);
    const ids = narrowed(query.key_hash, sight.ids);
    const page = { page: query.page ?? 1, size: query.size ?? SIZE };
    const userId = query.user_id ?? sight.userId;
    const { rows, total } = await stores.records.directory.keys({
      ...(organizationIds === undefined ? {} : { organizationIds }),
      ...(teamIds === undefined ? {} : { teamIds }),
      ...(ids === undefined ? {} : { ids }),
      ...(userId === undefined ? {} : { userId }),
      ...(query.key_alias === undefined ? {} : { name: query.key_alias }),
      revoked: query.status === 'deleted',
      sort,
      descending: query.sort_order?.toLowerCase() !== 'asc',
      ...partOf(page),
    });
    const isFull = query.return_full_object?.toLowerCase() === 'true';
    return {
      keys: isFull ? await keyViews(stores, rows) : rows.map(({ id }) => id),
      total_count: total,
      current_page: page.page,
      total_pages: pagesOf(total, page),
    };
  },
});

export const keyAliasesEndpoint = endpoint({
  summary: 'Names of keys, page by page',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    page: pageField(),
    size: sizeField(SIZE_MAX),
    search: z.string().optional(),
  }),
  async handle({ stores, query, caller, within }) {
    const page = { page: query.page ?? 1, size: query.size ?? ALIASES_SIZE };
    const { rows, total } = await stores.records.directory.keys({
      ...keySightOf(caller, within),
      ...(query.search === undefined ? {} : { nameContains: query.search }),
      nameIsNot: UNNAMED,
      revoked: false,
      sort: 'name',
      descending: false,
      ...partOf(page),
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
