// Every route of LiteLLM's dialect: asked as it should be, by a stranger, with a body that is none, and about what does
// not exist. A route that is added and not asked here fails.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEALTH_PATHS } from '../../../src/api/health.ts';
import { LITELLM } from '../../../src/api/litellm/dialect.ts';
import { LITELLM_ROUTES } from '../../../src/api/litellm/routes.ts';
import { lost } from '../../../src/api/lost.ts';
import { openDoor } from '../door.ts';
import type { Door, Told } from '../door.ts';
import theirs from './fixtures/litellm-routes.json' with { type: 'json' };
import { complaintsAboutType, TYPED_ROUTES } from './their-types.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

/** Values that an answer told and later steps name: `$key` is the one that was remembered as `key`. */
const remembered = new Map<string, string>();

function filled(value: unknown): unknown {
  if (typeof value === 'string') {
    return remembered.get(value) ?? value;
  }
  if (Array.isArray(value)) {
    return value.map(filled);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each)]))
    : value;
}

async function ask(route: string, given: object = {}): Promise<Told> {
  const [method = '', pattern = ''] = route.split(' ');
  // What stands in paths and queries below is text.
  const values = filled(given) as Readonly<Record<string, string>>;
  const named = new Set<string>();
  const path = pattern.replaceAll(/:(\w+)/g, (_whole, name: string) => {
    named.add(name);
    return encodeURIComponent(values[`:${name}`] ?? values[name] ?? 'x');
  });
  const rest = Object.fromEntries(
    Object.entries(values).filter(([name]) => !name.startsWith(':') && !named.has(name)),
  );
  const search = new URLSearchParams(rest).toString();
  return method === 'GET'
    ? door.ask(method, search === '' ? path : `${path}?${search}`)
    : door.ask(method, path, rest);
}

/** One after the other: each is asked about what those before it made. */
type Step = readonly [route: string, given?: object, remember?: Readonly<Record<string, string>>];
const STORY: readonly Step[] = [
  ['GET /health'],
  ['POST /organization/new', { organization_id: 'acme', organization_alias: 'Acme' }],
  ['PATCH /organization/update', { organization_id: 'acme', max_budget: 50 }],
  ['GET /organization/list'],
  ['GET /organization/info', { organization_id: 'acme' }],
  ['POST /organization/info', { organizations: ['acme'] }],
  [
    'POST /organization/member_add',
    { organization_id: 'acme', member: { role: 'org_admin', user_id: 'boss' } },
  ],
  [
    'PATCH /organization/member_update',
    { organization_id: 'acme', user_id: 'boss', role: 'internal_user' },
  ],
  ['DELETE /organization/member_delete', { organization_id: 'acme', user_id: 'boss' }],
  ['GET /organization/daily/activity', { organization_ids: 'acme' }],
  ['GET /organization/daily/activity/aggregated', { organization_ids: 'acme', page: '7' }],
  ['POST /budget/new', { budget_id: 'small', max_budget: 5, budget_duration: '1d' }],
  ['POST /budget/update', { budget_id: 'small', max_budget: 6 }],
  ['POST /budget/info', { budgets: ['small'] }],
  ['GET /budget/list'],
  ['GET /budget/settings', { budget_id: 'small' }],
  ['POST /user/new', { user_id: 'ann', user_email: 'ann@x.y', auto_create_key: false }],
  ['POST /user/update', { user_id: 'ann', user_alias: 'Ann' }],
  ['POST /user/bulk_update', { users: [{ user_id: 'ann', max_budget: 9 }] }],
  ['GET /user/info', { user_id: 'ann' }],
  ['GET /v2/user/info', { user_id: 'ann' }],
  ['GET /user/list'],
  ['GET /user/available_roles'],
  ['GET /user/daily/activity', { user_id: 'ann' }],
  ['GET /user/daily/activity/aggregated', { user_id: 'ann' }],
  [
    'POST /team/new',
    {
      team_id: 'red',
      team_alias: 'Red',
      organization_id: 'acme',
      models: ['gpt-4o', 'gpt-4o-mini'],
      model_aliases: { mine: 'gpt-4o' },
    },
  ],
  ['POST /team/update', { team_id: 'red', max_budget: 10 }],
  ['POST /team/member_add', { team_id: 'red', member: { role: 'user', user_id: 'ann' } }],
  ['POST /team/bulk_member_add', { team_id: 'red', members: [{ role: 'user', user_id: 'bob' }] }],
  ['POST /team/member_update', { team_id: 'red', user_id: 'ann', max_budget_in_team: 3 }],
  ['POST /team/member_delete', { team_id: 'red', user_id: 'bob' }],
  ['POST /team/model/add', { team_id: 'red', models: ['gpt-4o'] }],
  ['POST /team/model/delete', { team_id: 'red', models: ['gpt-4o'] }],
  ['POST /team/permissions_update', { team_id: 'red', team_member_permissions: ['/key/generate'] }],
  ['GET /team/permissions_list', { team_id: 'red' }],
  ['POST /team/block', { team_id: 'red' }],
  ['POST /team/unblock', { team_id: 'red' }],
  ['GET /team/info', { team_id: 'red' }],
  ['GET /team/list'],
  ['GET /v2/team/list'],
  ['GET /team/available'],
  ['GET /team/filter/ui', { team_alias: 'RED' }],
  ['GET /team/daily/activity', { team_ids: 'red' }],
  ['GET /team/daily/activity/aggregated', { team_ids: 'red' }],
  [
    'POST /key/generate',
    { team_id: 'red', key_alias: 'first', tags: ['blue'] },
    { $key: 'key', $id: 'token' },
  ],
  ['POST /key/service-account/generate', { team_id: 'red' }, { $service: 'token' }],
  ['POST /key/update', { key: '$key', max_budget: 2 }],
  ['POST /key/bulk_update', { keys: [{ key: '$id', tags: ['green'] }] }],
  ['GET /key/info', { key: '$key' }],
  ['POST /v2/key/info', { keys: ['$id', '$service'] }],
  ['GET /key/list', { return_full_object: 'true', expand: 'user' }],
  ['GET /key/aliases'],
  ['POST /key/block', { key: '$id' }],
  ['POST /key/unblock', { key: '$id' }],
  ['POST /key/health'],
  ['POST /key/regenerate', { key: '$id' }],
  ['POST /key/:key/regenerate', { ':key': '$id' }],
  ['POST /customer/new', { user_id: 'buyer' }],
  ['POST /customer/update', { user_id: 'buyer', alias: 'Buyer' }],
  ['POST /customer/block', { user_ids: ['buyer'] }],
  ['POST /customer/unblock', { user_ids: ['buyer'] }],
  ['GET /customer/info', { end_user_id: 'buyer' }],
  ['GET /customer/list'],
  ['GET /customer/daily/activity'],
  ['GET /customer/daily/activity/aggregated'],
  ['POST /customer/delete', { user_ids: ['buyer'] }],
  ['POST /end_user/new', { user_id: 'other' }],
  ['POST /end_user/update', { user_id: 'other', alias: 'Other' }],
  ['POST /end_user/block', { user_ids: ['other'] }],
  ['POST /end_user/unblock', { user_ids: ['other'] }],
  ['GET /end_user/info', { end_user_id: 'other' }],
  ['GET /end_user/list'],
  ['GET /end_user/daily/activity'],
  ['GET /end_user/daily/activity/aggregated'],
  ['POST /global/spend/end_users', {}],
  ['GET /global/all_end_users'],
  ['POST /end_user/delete', { user_ids: ['other'] }],
  ['POST /tag/new', { name: 'blue', description: 'Blue' }],
  ['POST /tag/update', { name: 'blue', description: 'Sky' }],
  ['POST /tag/info', { names: ['blue'] }],
  ['GET /tag/list'],
  ['GET /tag/daily/activity', { tags: 'green' }],
  ['GET /tag/daily/activity/aggregated'],
  ['GET /global/spend/all_tag_names'],
  ['POST /tag/delete', { name: 'blue' }],
  [
    'POST /credentials',
    {
      credential_name: 'main',
      credential_info: { custom_llm_provider: 'openai' },
      credential_values: { api_key: 'sk-upstream-012345' },
    },
  ],
  ['GET /credentials'],
  ['GET /credentials/by_name/:id', { ':id': 'main' }],
  ['PATCH /credentials/:id', { ':id': 'main', credential_values: { api_base: 'https://x.y' } }],
  [
    'POST /model/new',
    {
      model_name: 'house',
      litellm_params: { model: 'openai/gpt-4o', litellm_credential_name: 'main' },
    },
  ],
  ['POST /model/update', { model_info: { id: 'house' }, blocked: true }],
  ['PATCH /model/:id/update', { ':id': 'house', blocked: false }],
  ['GET /model/info'],
  ['GET /v1/model/info'],
  ['GET /v2/model/info'],
  ['GET /model_group/info'],
  ['GET /credentials/by_model/:id', { ':id': 'house' }],
  ['POST /model/block', { model_id: 'house' }],
  ['POST /model/unblock', { model_id: 'house' }],
  ['POST /model/delete', { id: 'house' }],
  ['POST /spend/calculate', { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }],
  ['DELETE /credentials/:id', { ':id': 'main' }],
  ['GET /spend/keys'],
  ['GET /spend/users'],
  ['GET /spend/tags'],
  ['GET /spend/logs'],
  ['GET /spend/logs/v2'],
  ['GET /spend/logs/ui'],
  ['GET /global/spend'],
  ['GET /global/spend/logs'],
  ['GET /global/spend/keys'],
  ['GET /global/spend/teams'],
  ['GET /global/spend/models'],
  ['GET /global/spend/tags'],
  ['GET /global/spend/report', { group_by: 'api_key' }],
  ['GET /global/activity'],
  ['GET /global/activity/model'],
  ['POST /key/delete', { keys: ['$service'] }],
  ['POST /budget/delete', { id: 'small' }],
  ['POST /team/delete', { team_ids: ['red'] }],
  ['POST /user/delete', { user_ids: ['ann'] }],
  ['DELETE /organization/delete', { organization_ids: ['acme'] }],
];

test('every route by which LiteLLM manages is here, or it is said why not', () => {
  const here = [
    ...LITELLM_ROUTES.map(([method, path]) => `${method} ${path.replaceAll(/:\w+/g, ':id')}`),
    ...Object.keys(HEALTH_PATHS).map((path) => `GET ${path}`),
  ];
  const without = theirs.routes.filter((route) => {
    const [method = '', path = ''] = route.split(' ');
    const told = lost([], [LITELLM], method, path.replaceAll(':id', 'x'));
    return !here.includes(route) && told.status !== 501;
  });
  expect(without).toEqual([]);
});

test('a path of ours under another method is told which it takes, though it could be a name in a path of LiteLLM', () => {
  const places = LITELLM_ROUTES.map(([method, path]) => ({ method, path }));
  const fixed = places.filter(({ path }) => !path.includes(':'));
  const wrong = fixed.filter(({ path }) => {
    const told = lost(places, [LITELLM], 'PATCH', path);
    return (
      !places.some((each) => each.path === path && each.method === 'PATCH') && told.status !== 405
    );
  });
  expect(wrong).toEqual([]);
});

test('every route of the table is asked below', () => {
  const routes = LITELLM_ROUTES.map(([method, path]) => `${method} ${path}`);
  expect(STORY.map(([route]) => route).sort()).toEqual(routes.sort());
});

const STEPS = STORY.map(([route, given = {}, remember = {}]) => ({ route, given, remember }));
test.each(STEPS)('$route answers what it was asked', async ({ route, given, remember }) => {
  const told = await ask(route, given);
  expect([told.status, told.text]).toEqual([200, expect.any(String)]);
  expect(complaintsAboutType(route, told.json)).toEqual([]);
  for (const [name, field] of Object.entries(remember)) {
    remembered.set(name, told.json[field]);
  }
});

test('every type that LiteLLM declares for an answer is one of a route that is asked', () => {
  const asked = STORY.map(([route]) => route);
  expect(TYPED_ROUTES.filter((route) => !asked.includes(route))).toEqual([]);
});

/** Says to anybody that the service is up, and no more. */
const OPEN = '/health';

describe('a stranger', () => {
  const strangers: readonly (readonly [how: string, as: Readonly<Record<string, string>>])[] = [
    ['without a key', {}],
    ['with a key that nobody has', { authorization: `Bearer sk-${'0'.repeat(32)}` }],
  ];
  test.each(strangers)(
    '%s is told so by every route, before anything of the request is read',
    async (_how, as) => {
      const letIn: string[] = [];
      for (const [method, path] of LITELLM_ROUTES.filter(([, each]) => each !== OPEN)) {
        const told = await door.askBare(method, path, as);
        const { type, code } = told.json?.error ?? {};
        if (told.status !== 401 || type !== 'auth_error' || code !== '401') {
          letIn.push(`${method} ${path}: ${told.status} ${told.text}`);
        }
      }
      expect(letIn).toEqual([]);
    },
  );
});

const UNKNOWN: readonly (readonly [route: string, given: object, status: number, words: string])[] =
  [
    ['POST /team/update', { team_id: 'none' }, 404, 'Team not found, passed team_id=none'],
    ['POST /team/delete', { team_ids: ['none'] }, 404, 'Team not found, passed team_id=none'],
    ['GET /team/info', { team_id: 'none' }, 404, 'Team not found, passed team id: none.'],
    ['POST /team/block', { team_id: 'none' }, 404, 'Team not found, passed team_id=none'],
    ['POST /team/unblock', { team_id: 'none' }, 404, 'Team not found, passed team_id=none'],
    [
      'POST /team/member_add',
      { team_id: 'none', member: { role: 'user', user_id: 'a' } },
      404,
      'Team not found for team_id=none',
    ],
    [
      'POST /team/member_delete',
      { team_id: 'none', user_id: 'a' },
      400,
      'Team id=none does not exist in db',
    ],
    [
      'POST /team/member_update',
      { team_id: 'none', user_id: 'a' },
      400,
      'Team id=none does not exist in db',
    ],
    ['POST /team/model/add', { team_id: 'none', models: [] }, 404, 'Team not found'],
    ['POST /team/model/delete', { team_id: 'none', models: [] }, 404, 'Team not found'],
    [
      'GET /team/permissions_list',
      { team_id: 'none' },
      404,
      "Team doesn't exist in db. Team=none.",
    ],
    [
      'POST /team/permissions_update',
      { team_id: 'none', team_member_permissions: [] },
      404,
      "Team doesn't exist in db. Team=none.",
    ],
    ['POST /key/generate', { team_id: 'none' }, 400, 'Team not found, passed team_id=none'],
    [
      'POST /key/service-account/generate',
      {},
      400,
      'team_id is required for service account keys.',
    ],
    [
      'POST /key/service-account/generate',
      { team_id: 'none' },
      400,
      'team_id does not exist in the database.',
    ],
    ['POST /key/update', { key: 'none' }, 404, 'Team not found, passed team_id=None'],
    ['POST /key/bulk_update', { keys: [] }, 400, 'No keys provided for update'],
    ['POST /key/delete', { keys: ['none'] }, 404, 'Not all keys passed in were deleted.'],
    ['GET /key/info', { key: 'none' }, 404, 'Key not found in database'],
    ['POST /v2/key/info', { keys: ['none'] }, 404, 'No keys found'],
    ['POST /key/block', { key: 'none' }, 404, 'Key none not found'],
    ['POST /key/unblock', { key: 'none' }, 404, 'Key none not found'],
    ['POST /key/regenerate', {}, 400, 'No key passed in.'],
    ['POST /key/:key/regenerate', { ':key': 'none' }, 404, 'Key none not found.'],
    [
      'PATCH /organization/update',
      { organization_id: 'none' },
      404,
      'Organization not found for organization_id=none',
    ],
    ['GET /organization/info', { organization_id: 'none' }, 404, 'Organization not found'],
    ['DELETE /organization/delete', { organization_ids: ['none'] }, 404, 'none'],
    [
      'POST /organization/member_add',
      { organization_id: 'none', member: { role: 'org_admin', user_id: 'a' } },
      404,
      'Organization not found for organization_id=none',
    ],
    [
      'PATCH /organization/member_update',
      { organization_id: 'none', user_id: 'a' },
      404,
      'User not found in organization',
    ],
    [
      'DELETE /organization/member_delete',
      { organization_id: 'none', user_id: 'a' },
      404,
      'User not found in organization',
    ],
    ['POST /budget/update', { max_budget: 1 }, 400, 'budget_id is required'],
    ['POST /budget/update', { budget_id: 'none' }, 404, "Budget 'none' not found"],
    ['POST /budget/info', { budgets: [] }, 400, "Specify list of budget id's to query."],
    ['POST /budget/delete', { id: 'none' }, 404, "Budget 'none' not found"],
    ['POST /user/update', {}, 422, 'Either user id or user email must be provided'],
    ['POST /user/delete', { user_ids: ['none'] }, 404, 'User not found, passed user_id=none'],
    ['GET /user/info', { user_id: 'none' }, 404, 'User none not found'],
    ['GET /v2/user/info', { user_id: 'none' }, 404, 'User none not found'],
  ];

test.each(UNKNOWN)('%s of %j is refused as LiteLLM does', async (route, given, status, words) => {
  const told = await ask(route, given);
  expect([told.status, told.text]).toEqual([status, expect.stringContaining(words)]);
});
