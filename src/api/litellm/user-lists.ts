// People looked at, confined to the organization that the caller sees.

import { z } from 'zod';
import type { Caller, Within } from '../../core/permission/caller.ts';
import { may, refuseRole } from '../../core/permission/permissions.ts';
import type { Refusal } from '../../core/refusals.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { wrapped } from './errors.ts';
import { keyViews } from './key-view.ts';
import { keySightOf } from './key-lists.ts';
import { pageField, pagesOf, partOf, sizeField } from './paging.ts';
import { PERSONAL_TEAM } from '../../core/teams/personal-team.ts';
import { teamViews } from './team-view.ts';
import { userViews } from './user-view.ts';

const QUERY = z.strictObject({ user_id: z.string().optional() });

/** Whom a request means: oneself, or somebody whom the caller may look at. */
export function askedFor(caller: Caller, given: string | undefined): string | undefined | Refusal {
  const id = given ?? caller.userId;
  return id === undefined || id === caller.userId || may(caller, 'organization.people.read')
    ? id
    : refuseRole('organization.people.read');
}

function organizationsIn({ organizationId }: Within): readonly string[] | undefined {
  return organizationId === undefined ? undefined : [organizationId];
}

/** What one person has at most of keys and teams in an answer. */
const ROWS_MAX = 1_000;

export const userInfoEndpoint = endpoint({
  summary: 'A person with their keys and teams',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: QUERY,
  async handle({ stores, query, caller, within }) {
    const id = askedFor(caller, query.user_id);
    if (typeof id === 'object') {
      return id;
    }
    if (id === undefined) {
      return wrapped(400, { error: 'Name a person by user_id, or list them by /user/list' });
    }
    const [view] = await userViews(stores, [id], organizationsIn(within));
    if (view === undefined) {
      return wrapped(404, { error: `User ${id} not found` });
    }
    const part = { sort: 'createdAt', descending: false, offset: 0, limit: ROWS_MAX } as const;
    const { directory } = stores.records;
    const sight =
      within.organizationId === undefined ? {} : { organizationIds: [within.organizationId] };
    const [keys, teams] = await Promise.all([
      directory.keys({ ...sight, userId: id, revoked: false, ...part }),
      directory.teams({
        ...sight,
        memberId: id,
        archived: false,
        idBeginsNot: PERSONAL_TEAM,
        ...part,
      }),
    ]);
    return {
      user_id: id,
      user_info: view,
      keys: await keyViews(stores, keys.rows),
      teams: await teamViews(stores, teams.rows),
    };
  },
});

export const userInfoV2Endpoint = endpoint({
  summary: 'A person',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: QUERY,
  async handle({ stores, query, caller, within }) {
    const id = askedFor(caller, query.user_id);
    if (typeof id === 'object') {
      return id;
    }
    const [view] = await userViews(stores, [id ?? ''], organizationsIn(within));
    return view ?? wrapped(404, { error: `User ${id ?? 'None'} not found` });
  },
});

const SIZE = 25;
const SIZE_MAX = 100;

export const userListEndpoint = endpoint({
  summary: 'People, page by page',
  action: 'organization.people.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    user_ids: z.string().optional(),
    user_email: z.string().optional(),
    team: z.string().optional(),
    page: pageField(),
    page_size: sizeField(SIZE_MAX),
    sort_order: z.string().optional(),
  }),
  async handle({ stores, query, caller, within }) {
    const page = { page: query.page ?? 1, size: query.page_size ?? SIZE };
    const organizationIds = organizationsIn(within);
    const { rows, total } = await stores.records.directory.people({
      ...(organizationIds === undefined ? {} : { organizationIds }),
      ...(query.user_ids === undefined ? {} : { ids: query.user_ids.split(',') }),
      ...(query.user_email === undefined ? {} : { emailContains: query.user_email }),
      ...(query.team === undefined ? {} : { teamIds: [query.team] }),
      sort: 'createdAt',
      descending: query.sort_order?.toLowerCase() !== 'asc',
      ...partOf(page),
    });
    const users = await userViews(stores, [...new Set(rows.map(({ id }) => id))], organizationIds);
    const sight = keySightOf(caller, within);
    const none = { sort: 'id', descending: false, offset: 0, limit: 1, revoked: false } as const;
    const counted = await Promise.all(
      users.map(async (user) => {
        const userId = String(user['user_id']);
        const { total: keys } = await stores.records.directory.keys({ ...sight, ...none, userId });
        return { ...user, key_count: keys };
      }),
    );
    return {
      users: counted,
      total,
      page: page.page,
      page_size: page.size,
      total_pages: pagesOf(total, page),
    };
  },
});
