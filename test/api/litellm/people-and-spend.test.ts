// People, organizations, budgets, and what was spent.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../../src/core/audit/audit.ts';
import { insertOrganization } from '../../../src/core/organizations/create-organization.ts';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

const post = async (path: string, body?: unknown) => door.ask('POST', path, body);
const get = async (path: string) => door.ask('GET', path);

describe('people', () => {
  test('are made with a key of theirs, found, changed and deleted', async () => {
    await post('/team/new', { team_id: 'peoples' });
    const made = await post('/user/new', {
      user_id: 'ann',
      user_email: 'ann@acme.com',
      user_alias: 'Ann',
      max_budget: 5,
      teams: [{ team_id: 'peoples', max_budget_in_team: 2 }],
      metadata: { a: 1 },
    });
    expect(made.json).toMatchObject({
      key: expect.stringMatching(/^sk-/),
      user_id: 'ann',
      user_email: 'ann@acme.com',
      max_budget: 5,
      teams: expect.arrayContaining(['peoples']),
      metadata: { a: 1 },
    });
    const info = await get('/user/info?user_id=ann');
    expect(info.json).toMatchObject({
      user_id: 'ann',
      // The team that a key of one's own needs is not told.
      user_info: { user_alias: 'Ann', teams: ['peoples'] },
      keys: [{ user_id: 'ann', team_id: null }],
      teams: [{ team_id: 'peoples' }],
    });
    const all = await get('/user/info');
    expect(all.json).toMatchObject({ user_id: null, user_info: null });
    expect(all.json.teams.map(({ team_id: id }: { team_id: string }) => id)).toContain('peoples');
    const again = await post('/user/new', { user_id: 'ann' });
    expect([again.status, again.json.error.message]).toEqual([
      409,
      "{'error': 'User with id ann already exists'}",
    ]);
    const changed = await post('/user/update', { user_email: 'ann@acme.com', max_budget: 7 });
    expect(changed.json).toMatchObject({ user_id: 'ann', data: { max_budget: 7 } });
    expect(changed.json.data.budget_reset_at).toBeNull();
    const daily = await post('/user/update', { user_id: 'ann', budget_duration: '1d' });
    expect(daily.json.data.budget_reset_at).toMatch(/T00:00:00\.000Z$/);
    const list = await get('/user/list?user_email=ANN@');
    expect(list.json).toMatchObject({
      users: [{ user_id: 'ann', key_count: 1 }],
      total: 1,
      page: 1,
    });
    expect((await post('/user/delete', { user_ids: ['ann'] })).json).toEqual(['ann']);
    expect((await get('/user/info?user_id=ann')).status).toBe(404);
    expect((await get('/team/info?team_id=peoples')).text).not.toContain('"user_id":"ann"');
    expect((await post('/user/new', { user_id: 'ann', auto_create_key: false })).json.key).toBe('');
    expect((await post('/user/new', { user_role: 'proxy_admin' })).status).toBe(400);
  });

  test('whose key is refused are not made', async () => {
    await post('/key/generate', { key_alias: 'the-one' });
    for (const wrong of [{ key_alias: 'the-one' }, { aliases: { fast: 'nobody-serves-it' } }]) {
      const told = await post('/user/new', { user_id: 'nora', ...wrong });
      expect([wrong, told.status]).toEqual([wrong, 400]);
      expect((await get('/user/info?user_id=nora')).status).toBe(404);
    }
    expect((await post('/user/new', { user_id: 'nora' })).json.key).toMatch(/^sk-/);
  });
});

describe('organizations', () => {
  test('are made with a budget, told with people and teams, and deleted with them', async () => {
    const made = await post('/organization/new', {
      organization_id: 'acme',
      organization_alias: 'ACME',
      max_budget: 50,
      budget_duration: '30d',
      models: ['gpt-4o'],
      metadata: { tier: 'gold' },
    });
    expect(made.json).toMatchObject({
      organization_id: 'acme',
      models: ['gpt-4o'],
      metadata: { tier: 'gold' },
      litellm_budget_table: { max_budget: 50, budget_duration: '30d' },
    });
    await post('/team/new', { team_id: 'acme-1', organization_id: 'acme', models: ['gpt-4o'] });
    const added = await post('/organization/member_add', {
      organization_id: 'acme',
      member: { role: 'org_admin', user_email: 'boss@acme.com' },
      max_budget_in_organization: 3,
    });
    expect(added.json.updated_organization_memberships).toMatchObject([
      {
        user_role: 'org_admin',
        user_email: 'boss@acme.com',
        litellm_budget_table: { max_budget: 3 },
      },
    ]);
    await door.ask('PATCH', '/organization/member_update', {
      organization_id: 'acme',
      user_email: 'boss@acme.com',
      role: 'internal_user',
    });
    const updated = await door.ask('PATCH', '/organization/update', {
      organization_id: 'acme',
      max_budget: null,
      organization_alias: 'Acme Inc.',
    });
    expect(updated.json).toMatchObject({
      organization_alias: 'Acme Inc.',
      litellm_budget_table: { max_budget: null },
      teams: [{ team_id: 'acme-1' }],
    });
    const roles = updated.json.members.map((each: { user_role: string }) => each.user_role);
    expect(roles).not.toContain('org_admin');
    expect((await get('/organization/list')).json).toMatchObject([{ organization_id: 'acme' }]);
    const ids = { organization_ids: ['acme'] };
    expect((await door.ask('DELETE', '/organization/delete', ids)).json).toMatchObject([
      { organization_id: 'acme' },
    ]);
    expect((await get('/organization/info?organization_id=acme')).status).toBe(404);
    expect((await get('/team/info?team_id=acme-1')).status).toBe(404);
  });
});

describe('budgets', () => {
  test('are made, changed, listed and deleted', async () => {
    const made = await post('/budget/new', {
      budget_id: 'b',
      max_budget: 1,
      budget_duration: '30d',
    });
    expect(made.json).toMatchObject({ budget_id: 'b', max_budget: 1, budget_duration: '30d' });
    const twice = await post('/budget/new', { budget_id: 'b' });
    expect(twice.json.error.message).toContain("Budget with id 'b' already exists.");
    expect((await post('/budget/update', { max_budget: 2 })).json.error.message).toContain(
      'budget_id is required',
    );
    expect((await post('/budget/update', { budget_id: 'b', max_budget: 2 })).json.max_budget).toBe(
      2,
    );
    expect((await post('/budget/info', { budgets: ['b', 'none'] })).json).toHaveLength(1);
    expect((await get('/budget/settings?budget_id=b')).json).toContainEqual(
      expect.objectContaining({ field_name: 'max_budget', field_value: 2 }),
    );
    expect((await post('/budget/delete', { id: 'b' })).json.budget_id).toBe('b');
    expect((await get('/budget/list')).json).toEqual([]);
    expect((await post('/budget/new', { max_budget: -1 })).json.error.message).toContain(
      'Received: -1.0',
    );
  });
});

test.each([
  '/spend/keys',
  '/spend/users',
  '/spend/tags',
  '/spend/logs',
  '/global/spend',
  '/global/spend/logs',
  '/global/spend/keys',
  '/global/spend/teams',
  '/global/spend/models',
  '/global/spend/tags',
  '/global/spend/report?start_date=2026-01-01&end_date=2026-01-31&group_by=team',
  '/global/activity',
  '/team/daily/activity?start_date=2026-01-01&end_date=2026-01-31',
  '/organization/daily/activity',
  '/tag/list',
  '/model/info',
  '/model_group/info',
  '/health',
  '/user/available_roles',
])('GET %s answers where nothing was spent yet', async (path) => {
  expect((await get(path)).status).toBe(200);
});

test('ranges of dates that are none are refused, and so are teams of nobody for those who see one', async () => {
  const wrong = await get('/team/daily/activity?start_date=yesterday');
  expect(wrong.status).toBe(422);
  const turned = await get('/global/activity?start_date=2026-02-01&end_date=2026-01-01');
  expect([turned.status, turned.json.error.reason]).toEqual([400, 'value_invalid']);
  const { key } = (await post('/key/generate', { team_id: 'peoples' })).json;
  const as = { authorization: `Bearer ${key}` };
  const other = await door.ask('GET', '/team/daily/activity?team_ids=other', undefined, as);
  expect([other.status, other.json.detail.error]).toEqual([
    404,
    "User does not belong to Team= other. Call `/user/info` to see user's teams",
  ]);
});

test('a sum over more organizations than are read at once is refused, not told of some of them', async () => {
  await door.stores.records.change(async (inside) => {
    for (let at = 0; at < 501; at += 1) {
      await insertOrganization(inside, SYSTEM, { id: `many-${at}`, name: 'One of many' });
    }
    return undefined;
  });
  for (const path of ['/global/spend/logs', '/spend/logs', '/spend/keys', '/global/activity']) {
    const told = await get(path);
    expect([path, told.status, told.text]).toEqual([
      path,
      400,
      expect.stringContaining('more than 500 organizations'),
    ]);
  }
});
