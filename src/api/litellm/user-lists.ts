// People looked at, confined to the organization that the caller sees.

import { z } from 'zod';
import type { Caller, Within } from '../../core/permission/caller.ts';
import { may, refuseRole } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Noted, PeopleSearch } from '../../core/directory/directory-records.ts';
import { HIDDEN } from '../../core/members/deleted.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { organizationFrom } from './default-organization.ts';
import { wrapped } from './errors.ts';
import { keyViews } from './key-view.ts';
import { keySightOf } from './key-lists.ts';
import { given, listFields, listOf, listPart, pageView } from './list-query.ts';
import { PERSONAL_TEAM } from '../../core/teams/personal-team.ts';
import { teamViews } from './team-view.ts';
import { userViews } from './user-view.ts';
import { USER } from './answers/rows.ts';
import { USER_INFO, USER_PAGE } from './answers/changes.ts';

const QUERY = z.strictObject({ user_id: z.string().optional() });

/** Whom a request means: oneself, or somebody whom the caller may look at. */
export function askedFor(caller: Caller, named: string | undefined): string | undefined | Refusal {
  const id = named ?? caller.userId;
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
  summary:
    'A person with their keys and teams; for whoever runs this system and names nobody, those of all',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: QUERY,
  refusals: ['user_unknown'],
  answer: USER_INFO,
  async handle({ stores, query, caller, within }) {
    const id = askedFor(caller, query.user_id);
    if (isRefusal(id)) {
      return id;
    }
    if (id === undefined && !may(caller, 'system.read')) {
      return wrapped(400, { error: 'Name a person by user_id, or list them by /user/list' });
    }
    const [view] = id === undefined ? [] : await userViews(stores, [id], organizationsIn(within));
    if (view === undefined && id !== undefined) {
      return wrapped(404, { error: `User ${id} not found` });
    }
    const whose = id === undefined ? {} : { userId: id };
    const member = id === undefined ? {} : { memberId: id };
    const part = { sort: 'createdAt', descending: false, offset: 0, limit: ROWS_MAX } as const;
    const { directory } = stores.records;
    const sight =
      within.organizationId === undefined ? {} : { organizationIds: [within.organizationId] };
    const [keys, teams] = await Promise.all([
      directory.keys({ ...sight, ...whose, revoked: false, ...part }),
      directory.teams({
        ...sight,
        ...member,
        archived: false,
        idBeginsNot: PERSONAL_TEAM,
        ...part,
      }),
    ]);
    return {
      user_id: id ?? null,
      user_info: view ?? null,
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
  refusals: ['user_unknown'],
  answer: USER,
  async handle({ stores, query, caller, within }) {
    const id = askedFor(caller, query.user_id);
    if (isRefusal(id)) {
      return id;
    }
    const [view] = await userViews(stores, [id ?? ''], organizationsIn(within));
    return view ?? wrapped(404, { error: `User ${id ?? 'None'} not found` });
  },
});

const SIZE_MAX = 100;
const NEWEST_FIRST = {
  sort: 'createdAt',
  descending: true,
  namedDescending: false,
  size: 25,
} as const;
const SORTS: Readonly<Record<string, PeopleSearch['sort']>> = {
  user_id: 'id',
  user_email: 'email',
  user_alias: 'name',
  created_at: 'createdAt',
};

export const userListEndpoint = endpoint({
  summary: 'People, page by page, searched and sorted',
  action: 'organization.people.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    role: z.string().optional(),
    user_ids: z.string().optional(),
    sso_user_ids: z.string().optional(),
    user_email: z.string().optional(),
    search: z.string().optional(),
    team: z.string().optional(),
    organization_ids: z.string().optional(),
    ...listFields(SIZE_MAX),
  }),
  answer: USER_PAGE,
  async handle({ stores, query, caller, within }) {
    const { page, part } = listPart(query, NEWEST_FIRST, SORTS);
    const organizationIds = organizationsAsked(query.organization_ids, within);
    const { rows, total } = await stores.records.directory.people({
      ...given<Partial<PeopleSearch>>({
        organizationIds,
        ids: listOf(query.user_ids),
        emailContains: query.user_email,
        idOrEmailContains: query.search || undefined,
        teamIds: query.team === undefined ? undefined : [query.team],
        role: ROLES[query.role ?? ''],
        noted: [
          ...notedAs('user_role', ROLES[query.role ?? ''] === undefined ? query.role : undefined),
          ...notedAs('sso_user_id', listOf(query.sso_user_ids)),
        ],
      }),
      ...part,
    });
    const users = await userViews(stores, [...new Set(rows.map(({ id }) => id))], organizationIds);
    const sight = keySightOf(caller, within);
    const keys = await stores.records.directory.keyCounts(
      { ...sight, revoked: false },
      users.map(({ user_id: id }) => id),
    );
    const counted = users.map((user) => ({ ...user, key_count: keys.get(user.user_id) ?? 0 }));
    return { users: counted, ...pageView(total, page) };
  },
});

/** The organizations that are named, as far as the caller sees them. */
function organizationsAsked(
  named: string | undefined,
  within: Within,
): readonly string[] | undefined {
  const sight = organizationsIn(within);
  const asked = listOf(named)?.map(organizationFrom);
  return asked === undefined
    ? sight
    : asked.filter((id) => sight === undefined || sight.includes(id));
}

/** The roles that we know; other words of LiteLLM are kept as they came. */
const ROLES: Readonly<Record<string, PeopleSearch['role']>> = {
  org_admin: 'admin',
  internal_user: 'member',
};

function notedAs(field: string, asked: string | readonly string[] | undefined): readonly Noted[] {
  return asked === undefined ? [] : [{ path: [HIDDEN, field], anyOf: [asked].flat() }];
}
