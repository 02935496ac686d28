// Key routes of LiteLLM's proxy, and what they may reach.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';
import { openTenants } from '../tenants.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/team/new', { team_id: 'team-1', models: ['gpt-models'] });
});
afterAll(async () => door.close());

const post = async (path: string, body?: unknown) => door.ask('POST', path, body);
const get = async (path: string) => door.ask('GET', path);

describe('/key/generate', () => {
  test('makes a key with everything that it was told; the secret is in this answer alone', async () => {
    const made = await post('/key/generate', {
      team_id: 'team-1',
      key_alias: 'full',
      user_id: 'ann@acme.com',
      duration: '30d',
      models: ['gpt-4o'],
      aliases: { fast: 'gpt-4o-mini' },
      max_budget: 10,
      budget_duration: '7d',
      tpm_limit: 100,
      rpm_limit: 5,
      max_parallel_requests: 2,
      model_tpm_limit: { 'gpt-4o': 50 },
      metadata: { owner: 'build' },
      tags: ['ci'],
      allowed_routes: ['llm_api_routes'],
      permissions: { get_spend_routes: true },
    });
    expect(made.json).toMatchObject({
      key: expect.stringMatching(/^sk-/),
      key_alias: 'full',
      user_id: 'ann@acme.com',
      team_id: 'team-1',
      models: ['gpt-4o'],
      aliases: { fast: 'gpt-4o-mini' },
      max_budget: 10,
      budget_duration: '7d',
      tpm_limit: 100,
      rpm_limit: 5,
      max_parallel_requests: 2,
      metadata: { owner: 'build', tags: ['ci'], model_tpm_limit: { 'gpt-4o': 50 } },
      permissions: { get_spend_routes: true },
      blocked: false,
      spend: 0,
    });
    expect(made.json.token_id).toBe(made.json.token);
    expect(made.json.key_name).toBe(`sk-...${made.json.key.slice(-4)}`);
    const lifeMs = Date.parse(made.json.expires) - Date.now();
    expect(Math.round(lifeMs / 86_400_000)).toBe(30);
    const info = await get(`/key/info?key=${made.json.key}`);
    expect(info.json).toMatchObject({ key: made.json.key, info: { key_alias: 'full' } });
    expect(JSON.stringify(info.json.info)).not.toContain(made.json.key);
    expect(info.json.info.token).toBeUndefined();
  });

  test('needs nothing: a key without a team may call every model and stands in no list of teams', async () => {
    const made = await post('/key/generate', {});
    expect(made.json).toMatchObject({ team_id: null, user_id: null, key_alias: null, models: [] });
    const again = await post('/key/generate', {});
    const [one, two] = await Promise.all(
      [made, again].map(async ({ json }) => door.stores.records.keys.find(json.token)),
    );
    expect(one?.teamId).toBe(two?.teamId);
    const teams = await get('/v2/team/list?page_size=100');
    expect(teams.text).not.toContain(one?.teamId);
  });

  test('is refused in the words of LiteLLM', async () => {
    await post('/key/generate', { team_id: 'team-1', key_alias: 'taken' });
    const cases = [
      [{ max_budget: -1 }, 'max_budget cannot be negative. Received: -1.0'],
      [
        { key_alias: 'taken' },
        "Key with alias 'taken' already exists. Unique key aliases across all keys are required.",
      ],
      [
        { key: 'pk-1234567890' },
        "LiteLLM Virtual Key must start with 'sk-'. Received: pk-1****7890",
      ],
      [{ team_id: 'nowhere' }, 'Team not found, passed team_id=nowhere'],
      [{ budget_id: 'nowhere' }, "Budget 'nowhere' not found"],
      [{ duration: 'soon' }, 'Invalid duration format: soon'],
      [{ key_type: 'read_only' }, 'key_type=read_only is not offered here'],
      [{ allowed_routes: ['/team/new'] }, '/team/new is not offered here'],
    ] as const;
    for (const [body, words] of cases) {
      const told = await post('/key/generate', { team_id: 'team-1', ...body });
      expect([body, told.status < 500, told.json.error?.message]).toEqual([
        body,
        true,
        expect.stringContaining(words),
      ]);
    }
    const service = await post('/key/service-account/generate', {});
    expect(service.json.error.message).toContain('team_id is required for service account keys.');
    const made = await post('/key/service-account/generate', { team_id: 'team-1', user_id: 'x' });
    expect(made.json.user_id).toBeNull();
  });

  test('takes a key that the client chose, once', async () => {
    const key = 'sk-chosen-by-the-client-01';
    expect((await post('/key/generate', { team_id: 'team-1', key })).json.key).toBe(key);
    expect((await post('/key/generate', { team_id: 'team-1', key })).status).toBe(400);
  });

  test('of two who ask for one alias at once, one gets it', async () => {
    const body = { team_id: 'team-1', key_alias: 'raced' };
    const told = await Promise.all([post('/key/generate', body), post('/key/generate', body)]);
    expect(told.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 400,
    ]);
  });
});

describe('a key', () => {
  test('changes by what was sent, and points to a budget whose changes it follows', async () => {
    await post('/budget/new', { budget_id: 'small', max_budget: 5, rpm_limit: 3 });
    const { key, token } = (await post('/key/generate', { team_id: 'team-1', budget_id: 'small' }))
      .json;
    const told = await post('/key/update', {
      key,
      tpm_limit: 9,
      duration: '-1',
      metadata: { a: 1 },
    });
    expect(told.json).toMatchObject({ key, tpm_limit: 9, max_budget: 5, expires: null });
    await post('/budget/update', { budget_id: 'small', max_budget: 6 });
    const info = (await get(`/key/info?key=${token}`)).json.info;
    expect(info).toMatchObject({
      max_budget: 6,
      tpm_limit: 9,
      rpm_limit: 3,
      metadata: { a: 1 },
      budget_id: 'small',
      litellm_budget_table: { budget_id: 'small', max_budget: 6 },
    });
    const moved = await post('/key/update', { key, team_id: 'another' });
    expect([moved.status, moved.json.error.message]).toEqual([
      403,
      expect.stringContaining('A key never changes its team_id here'),
    ]);
    const unknown = await post('/key/update', { key: 'no-such-key' });
    expect([unknown.status, unknown.json.error.message]).toEqual([
      404,
      "{'error': 'Team not found, passed team_id=None'}",
    ]);
  });

  test('is renewed, blocked, unblocked and deleted, by secret or by id', async () => {
    const { key, token } = (await post('/key/generate', { team_id: 'team-1', max_budget: 4 })).json;
    const renewed = await post(`/key/${token}/regenerate`, { tpm_limit: 7 });
    expect(renewed.json).toMatchObject({ token, max_budget: 4, tpm_limit: 7 });
    expect(renewed.json.key).not.toBe(key);
    expect((await post('/key/block', { key: renewed.json.key })).json).toMatchObject({
      blocked: true,
    });
    expect((await post('/key/unblock', { key: token })).json).toMatchObject({ blocked: false });
    const missing = await post('/key/delete', { keys: [token, 'no-such-key'] });
    expect(missing.status).toBe(404);
    expect((await get(`/key/info?key=${token}`)).status).toBe(200);
    expect((await post('/key/delete', { keys: [token] })).json).toEqual({ deleted_keys: [token] });
    const gone = await get(`/key/info?key=${token}`);
    expect([gone.status, gone.json.error.type]).toEqual([404, 'not_found_error']);
    expect((await post('/key/delete', {})).status).toBe(422);
    await post('/key/generate', { team_id: 'team-1', key_alias: 'by-alias' });
    expect((await post('/key/delete', { key_aliases: ['by-alias'] })).json.deleted_keys).toEqual([
      'by-alias',
    ]);
    expect((await post('/key/regenerate', {})).json.error.message).toContain('No key passed in.');
    expect((await post('/key/regenerate?key=none')).json.error.message).toContain('not found');
  });

  test('is changed in bulk, each by itself', async () => {
    const { token } = (await post('/key/generate', { team_id: 'team-1' })).json;
    const told = await post('/key/bulk_update', {
      keys: [
        { key: token, max_budget: 3 },
        { key: 'no-such-key', max_budget: 3 },
      ],
    });
    expect(told.json).toMatchObject({
      total_requested: 2,
      successful_updates: [{ key: token, key_info: { max_budget: 3 } }],
      failed_updates: [{ key: 'no-such-key', failed_reason: 'Key not found: no-such-key' }],
    });
    expect((await post('/key/bulk_update', { keys: [] })).json.detail.error).toBe(
      'No keys provided for update',
    );
  });

  test('is found in lists, page by page', async () => {
    await post('/team/new', { team_id: 'team-2' });
    for (const key_alias of ['list-a', 'list-b', 'list-c']) {
      await post('/key/generate', { team_id: 'team-2', key_alias });
    }
    const page = await get(
      '/key/list?team_id=team-2&size=2&return_full_object=true&sort_by=key_alias&sort_order=asc',
    );
    expect(page.json).toMatchObject({
      keys: [{ key_alias: 'list-a' }, { key_alias: 'list-b' }],
      total_count: 3,
      current_page: 1,
      total_pages: 2,
    });
    expect((await get('/key/list?team_id=team-2&page=2&size=2')).json.keys).toHaveLength(1);
    expect((await get('/key/aliases?search=LIST-')).json).toMatchObject({
      aliases: ['list-a', 'list-b', 'list-c'],
      total_count: 3,
    });
    const wrong = await get('/key/list?sort_by=color');
    expect([wrong.status, wrong.json.error.message]).toEqual([
      400,
      expect.stringContaining('Invalid sort column.'),
    ]);
  });
});

test('nobody reaches keys, teams or organizations of another customer by a list of ids', async () => {
  const { own, foreign, credentials } = await openTenants(door);
  for (const role of ['organization_admin', 'team_admin', 'member', 'team_key'] as const) {
    const as = { authorization: `Bearer ${credentials.get(role)}` };
    const ask = async (method: string, path: string, body?: unknown) =>
      (await door.ask(method, path, body, as)).status;
    const asked = [
      await ask('POST', '/key/delete', { keys: [foreign.keyId] }),
      await ask('POST', '/key/delete', { keys: [own.keyId, foreign.keyId] }),
      await ask('POST', '/key/bulk_update', { keys: [{ key: foreign.keyId, max_budget: 1 }] }),
      await ask('POST', '/v2/key/info', { keys: [foreign.keyId] }),
      await ask('GET', `/key/info?key=${foreign.keyId}`),
      await ask('POST', '/team/delete', { team_ids: [foreign.teamId] }),
      await ask('DELETE', '/organization/delete', { organization_ids: [foreign.organizationId] }),
      await ask('POST', '/organization/info', { organizations: [foreign.organizationId] }),
    ];
    expect([role, asked]).toEqual([role, asked.map(() => 403)]);
    const lists = [
      '/key/list?return_full_object=true',
      '/key/aliases',
      '/team/list',
      '/v2/team/list',
    ];
    for (const path of [...lists, `/key/list?team_id=${foreign.teamId}`]) {
      const told = await door.ask('GET', path, undefined, as);
      expect([told.status, told.text]).toEqual([200, expect.not.stringContaining('rival')]);
    }
  }
  const as = { authorization: `Bearer ${credentials.get('team_key')}` };
  expect((await door.ask('GET', '/key/info', undefined, as)).json.info.team_id).toBe(own.teamId);
  const boss = { authorization: `Bearer ${credentials.get('organization_admin')}` };
  const lead = { authorization: `Bearer ${credentials.get('team_admin')}` };
  const stronger = { team_id: own.teamId, user_id: 'boss@acme' };
  expect((await door.ask('POST', '/key/generate', stronger, lead)).status).toBe(403);
  const stranger = { organizations: ['acme'], teams: [foreign.teamId] };
  expect((await door.ask('POST', '/user/new', stranger, boss)).status).toBe(403);
  const mate = await door.ask('POST', '/user/new', { organizations: ['acme'] }, boss);
  expect([mate.status, mate.json.key]).toEqual([200, '']);
  const free = await door.ask('POST', '/key/generate', { organization_id: 'acme' }, boss);
  expect(free.status).toBe(403);
  const team = await door.ask('POST', '/team/new', { organization_id: 'acme' }, boss);
  expect((await door.stores.records.teams.find(team.json.team_id))?.limitPolicy).toBe('hard');
});
