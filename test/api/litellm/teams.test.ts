// All team routes of LiteLLM's proxy: what they take, what they answer, how they say no.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/organization/new', {
    organization_id: 'acme',
    organization_alias: 'ACME',
    max_budget: 100,
    rpm_limit: 50,
    models: ['gpt-4o', 'gpt-models'],
  });
});
afterAll(async () => door.close());

const post = async (path: string, body?: unknown) => door.ask('POST', path, body);
const get = async (path: string) => door.ask('GET', path);

async function newTeam(body: object = {}): Promise<string> {
  const made = await post('/team/new', body);
  expect([made.status, made.text]).toEqual([200, expect.anything()]);
  return made.json.team_id as string;
}

async function infoOf(teamId: string) {
  return (await get(`/team/info?team_id=${teamId}`)).json;
}

describe('/team/new', () => {
  test('makes a team with everything that it was told, and gives it back', async () => {
    const body = {
      team_id: 'engineering-team',
      team_alias: 'Engineering Team',
      models: ['gpt-4o', 'gpt-models'],
      max_budget: 1000.5,
      soft_budget: 900,
      tpm_limit: 1_000_000,
      rpm_limit: 10_000,
      max_parallel_requests: 9,
      budget_duration: '30d',
      model_rpm_limit: { 'gpt-4o': 5 },
      model_max_budget: { 'gpt-4o': { budget_limit: 3, time_period: '1d' } },
      model_aliases: { fast: 'gpt-4o-mini' },
      metadata: { department: 'Engineering' },
      tags: ['blue'],
      guardrails: ['no-secrets'],
      router_settings: { model_group_retry_policy: { max_retries: 5 } },
      access_group_ids: ['one'],
      members_with_roles: [
        { role: 'admin', user_id: 'user-1234' },
        { role: 'user', user_id: 'user-2434', user_email: 'two@acme.com' },
      ],
    };
    const made = await post('/team/new', body);
    expect(made.status).toBe(200);
    const {
      model_aliases: _renamed,
      model_rpm_limit: _inMetadata,
      tags: _tags,
      guardrails: _guardrails,
      ...shown
    } = body;
    expect(made.json).toMatchObject({
      ...shown,
      members_with_roles: [
        { role: 'admin', user_id: 'user-1234', user_email: null },
        { role: 'user', user_id: 'user-2434', user_email: 'two@acme.com' },
        { role: 'admin', user_id: 'default_user_id', user_email: null },
      ],
      models: ['gpt-models', 'gpt-4o'],
      litellm_model_table: { model_aliases: { fast: 'gpt-4o-mini' } },
      metadata: {
        department: 'Engineering',
        tags: ['blue'],
        guardrails: ['no-secrets'],
        model_rpm_limit: { 'gpt-4o': 5 },
      },
      organization_id: null,
      blocked: false,
      spend: 0,
      budget_reset_at: expect.stringMatching(/-01T00:00:00.000Z$/),
    });
    const team = await door.stores.records.teams.find('engineering-team');
    expect(team).toMatchObject({
      organizationId: 'default',
      limitPolicy: 'unlimited',
      budgetMode: 'consumption_usd',
      accessGroups: ['gpt-models'],
      models: ['gpt-4o'],
    });
  });

  test('needs nothing: an id is made, every model may be used, nothing bounds it', async () => {
    const made = await post('/team/new', {});
    expect(made.json).toMatchObject({
      team_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      models: [],
      max_budget: null,
      tpm_limit: null,
      metadata: {},
    });
    expect((await door.stores.records.teams.find(made.json.team_id))?.models).toEqual(['*']);
  });

  test.each([
    [{ max_budget: -1 }, 'max_budget cannot be negative. Received: -1.0'],
    [{ team_member_budget: -0.5 }, 'team_member_budget cannot be negative. Received: -0.5'],
    [{ soft_budget: -2 }, 'soft_budget cannot be negative. Received: -2.0'],
    [
      { soft_budget: 10, max_budget: 10 },
      'soft_budget (10.0) must be strictly lower than max_budget (10.0)',
    ],
    [{ organization_id: 'nowhere' }, 'Organization not found for organization_id=nowhere'],
    [
      { organization_id: 'acme', max_budget: 101 },
      "Team max_budget (101.0) exceeds organization's max_budget (100.0). Organization: acme",
    ],
    [
      { organization_id: 'acme', rpm_limit: 51 },
      "Team rpm_limit (51) exceeds organization's rpm_limit (50). Organization: acme",
    ],
    [
      { organization_id: 'acme', models: ['gemini-pro'] },
      "Model 'gemini-pro' not in organization's allowed models. Organization allowed models=['gpt-4o', 'gpt-models']. Organization: acme",
    ],
  ])('refuses %j in the words of LiteLLM', async (body, words) => {
    const told = await post('/team/new', body);
    expect(told.status).toBe(400);
    expect(told.json.error).toMatchObject({ code: '400', type: 'internal_server_error' });
    expect(told.json.error.message).toContain(words);
  });

  test('refuses an id twice, and what is promised to more than one', async () => {
    const id = await newTeam({ organization_id: 'acme', models: ['gpt-4o'], rpm_limit: 30 });
    const twice = await post('/team/new', { team_id: id });
    expect([twice.status, twice.json.error.message]).toEqual([
      400,
      `{'error': 'Team id = ${id} already exists. Please use a different team id.'}`,
    ]);
    const body = {
      organization_id: 'acme',
      rpm_limit: 21,
      rpm_limit_type: 'guaranteed_throughput',
    };
    const promised = await post('/team/new', { ...body, models: ['gpt-4o'] });
    expect([promised.status, promised.json.error.message]).toEqual([
      400,
      'Allocated RPM limit=30 + Team RPM limit=21 is greater than organization RPM limit=50',
    ]);
  });

  test('leaves nothing behind where a part of it is refused, and passes over unknown fields', async () => {
    const body = { team_id: 'half-made', tpm_limit: -5 };
    expect((await post('/team/new', body)).status).toBe(400);
    expect(await door.stores.records.teams.find('half-made')).toBeUndefined();
    const told = await post('/team/new', { brand_new_field: 1 });
    expect(told.status).toBe(200);
    expect(told.headers.get('x-quartermaster-warning')).toContain('brand_new_field');
    const mistyped = await post('/team/new', { max_budget: [] });
    expect([mistyped.status, mistyped.json.detail[0].loc]).toEqual([422, ['body', 'max_budget']]);
  });
});

describe('/team/update', () => {
  test('changes what was sent, takes away what is null, and leaves the rest', async () => {
    const team_id = await newTeam({
      max_budget: 5,
      budget_duration: '1d',
      tpm_limit: 10,
      tags: ['a'],
    });
    const told = await post('/team/update', { team_id, tpm_limit: 100, team_alias: 'New' });
    expect(told.json).toMatchObject({
      team_id,
      data: { tpm_limit: 100, team_alias: 'New', max_budget: 5, metadata: { tags: ['a'] } },
    });
    const cleared = await post('/team/update', { team_id, max_budget: null, tpm_limit: null });
    expect(cleared.json.data).toMatchObject({ max_budget: null, tpm_limit: null });
    const soft = await post('/team/update', { team_id, soft_budget: 3 });
    expect(soft.json.data).toMatchObject({ soft_budget: 3, max_budget: null });
    const blocked = await post('/team/update', { team_id, blocked: true });
    expect(blocked.json.data).toMatchObject({ blocked: true, soft_budget: 3 });
  });

  test('keeps what is in use where a limit is lowered below it', async () => {
    const team_id = await newTeam({ max_budget: 5, budget_duration: '30d' });
    const told = await post('/team/update', { team_id, max_budget: 0.000001 });
    expect(told.json.data).toMatchObject({ max_budget: 0.000001, budget_duration: '30d' });
  });

  test('says no in the words of LiteLLM', async () => {
    const team_id = await newTeam({ max_budget: 10, soft_budget: 5 });
    const cases: readonly (readonly [object, number, string])[] = [
      [{ team_id: 'nowhere' }, 404, 'Team not found, passed team_id=nowhere'],
      [
        { team_id, soft_budget: 10 },
        400,
        'soft_budget (10.0) must be strictly lower than max_budget (10.0)',
      ],
      [
        { team_id, max_budget: 5 },
        400,
        'max_budget (5.0) must be strictly greater than soft_budget (5.0)',
      ],
      [
        { team_id, organization_id: 'nowhere' },
        404,
        'Organization not found, passed organization_id=nowhere',
      ],
      [{ team_id, organization_id: 'acme' }, 403, 'Cannot move team to organization.'],
    ];
    for (const [body, status, words] of cases) {
      const told = await post('/team/update', body);
      expect([told.status, told.json.error.message]).toEqual([
        status,
        expect.stringContaining(words),
      ]);
    }
    expect((await post('/team/update', {})).json.detail[0]).toMatchObject({
      loc: ['body', 'team_id'],
      msg: 'Field required',
      type: 'missing',
    });
    expect((await post('/team/update', { team_id, organization_id: '' })).status).toBe(200);
  });
});

describe('members', () => {
  test('join one by one or several at once, by id or by e-mail', async () => {
    const team_id = await newTeam();
    const one = await post('/team/member_add', {
      team_id,
      member: { role: 'user', user_id: 'krrish247652@berri.ai' },
      max_budget_in_team: 2,
    });
    expect(one.json).toMatchObject({
      team_id,
      updated_users: [{ user_id: 'krrish247652@berri.ai', teams: [team_id] }],
      updated_team_memberships: [
        { team_id, user_id: 'krrish247652@berri.ai', litellm_budget_table: { max_budget: 2 } },
      ],
    });
    const several = await post('/team/member_add', {
      team_id,
      member: [
        { role: 'user', user_id: 'krrish247652@berri.ai' },
        { role: 'admin', user_email: 'lea@acme.com' },
      ],
    });
    expect(several.status).toBe(200);
    const { team_info: team } = await infoOf(team_id);
    expect(team.members_with_roles).toEqual(
      expect.arrayContaining([
        { user_id: 'krrish247652@berri.ai', user_email: null, role: 'user' },
        { user_id: expect.any(String), user_email: 'lea@acme.com', role: 'admin' },
      ]),
    );
  });

  test('are not added twice', async () => {
    const team_id = await newTeam({ members_with_roles: [{ role: 'user', user_id: 'ann' }] });
    const member = { role: 'user', user_id: 'ann' };
    const twice = await post('/team/member_add', { team_id, member });
    expect([twice.status, twice.json.error]).toMatchObject([
      400,
      { type: 'team_member_already_in_team', param: 'member', code: '400' },
    ]);
    expect(twice.json.error.message).toContain('User already in team. Member: user_id=ann');
    const all = await post('/team/member_add', { team_id, member: [member, member] });
    expect(all.json.error.message).toContain('All users are already in team.');
  });

  test('are refused in the words of LiteLLM', async () => {
    const team_id = await newTeam();
    await newTeam({
      members_with_roles: [{ role: 'user', user_id: 'x', user_email: 'x@acme.com' }],
    });
    const add = async (member: object) => post('/team/member_add', { team_id, member });
    const cases = [
      [await add({ role: 'user' }), 400, 'Either user_id or user_email must be provided'],
      [
        await add({ role: 'user', user_id: 'y', user_email: 'x@acme.com' }),
        400,
        "user_email 'x@acme.com' and user_id 'y' do not belong to the same user.",
      ],
      [
        await post('/team/member_add', {
          team_id: 'nowhere',
          member: { role: 'user', user_id: 'y' },
        }),
        404,
        'Team not found for team_id=nowhere',
      ],
      [await post('/team/member_delete', { user_id: 'y' }), 400, 'No team id passed in'],
      [
        await post('/team/member_delete', { team_id }),
        400,
        'Either user_id or user_email needs to be passed in',
      ],
      [
        await post('/team/member_delete', { team_id, user_id: 'nobody' }),
        400,
        'User not found in team',
      ],
      [
        await post('/team/member_delete', { team_id: 'nowhere', user_id: 'y' }),
        400,
        'Team id=nowhere does not exist in db',
      ],
      [
        await post('/team/bulk_member_add', { team_id, members: [] }),
        400,
        'At least one member is required',
      ],
    ] as const;
    for (const [told, status, words] of cases) {
      const { detail, error } = told.json;
      expect([told.status, detail?.error ?? error?.message]).toEqual([
        status,
        expect.stringContaining(words),
      ]);
    }
  });

  test('are added in bulk, all of them or none', async () => {
    const team_id = await newTeam();
    const good = await post('/team/bulk_member_add', {
      team_id,
      members: [
        { user_id: 'user1', role: 'user' },
        { user_email: 'user2@example.com', role: 'admin' },
      ],
      max_budget_in_team: 100.0,
    });
    expect(good.json).toMatchObject({
      total_requested: 2,
      successful_additions: 2,
      failed_additions: 0,
      results: [
        { user_id: 'user1', success: true, updated_team_membership: { user_id: 'user1' } },
        { user_email: 'user2@example.com', success: true },
      ],
    });
    const bad = await post('/team/bulk_member_add', {
      team_id,
      members: [
        { user_id: 'user3', role: 'user' },
        { user_id: 'not an id', role: 'user' },
      ],
    });
    expect(bad.json).toMatchObject({
      successful_additions: 0,
      failed_additions: 2,
      updated_team: null,
    });
    expect((await infoOf(team_id)).team_info.members_with_roles).toHaveLength(3);
  });

  test('are bounded by the default of their team, or by what is their own', async () => {
    const team_id = await newTeam({
      team_member_budget: 7,
      budget_duration: '1d',
      members_with_roles: [{ role: 'user', user_id: 'ann' }],
    });
    await post('/team/member_update', {
      team_id,
      user_id: 'ann',
      max_budget_in_team: 3,
      role: 'admin',
    });
    await post('/team/member_add', { team_id, member: { role: 'user', user_id: 'bob' } });
    await post('/team/update', { team_id, team_member_budget: 9 });
    const { team_info: team, team_memberships: rows } = await infoOf(team_id);
    expect(team.team_member_budget_table).toMatchObject({ max_budget: 9, budget_duration: '1d' });
    const budgets = Object.fromEntries(
      rows.map((row: { user_id: string; litellm_budget_table: { max_budget: number } | null }) => [
        row.user_id,
        row.litellm_budget_table?.max_budget,
      ]),
    );
    expect(budgets).toEqual({ ann: 3, bob: 9, default_user_id: 9 });
    expect(team.members_with_roles).toContainEqual({
      user_id: 'ann',
      user_email: null,
      role: 'admin',
    });
  });

  test('who is taken out loses their keys of the team', async () => {
    const team_id = await newTeam();
    const made = await post('/key/generate', { team_id, user_id: 'ann' });
    expect((await post('/team/member_delete', { team_id, user_id: 'ann' })).status).toBe(200);
    expect((await get(`/key/info?key=${made.json.token}`)).status).toBe(404);
    const { team_info: team, keys } = await infoOf(team_id);
    expect(team.members_with_roles).toHaveLength(1);
    expect(keys).toEqual([]);
  });
});

describe('a team', () => {
  test('is told with its keys, without their ids, and its members', async () => {
    const team_id = await newTeam({ team_alias: 'Told' });
    await post('/key/generate', { team_id, key_alias: 'its-key' });
    const info = await infoOf(team_id);
    expect(info).toMatchObject({
      team_id,
      team_info: { team_alias: 'Told', team_member_budget_table: null },
      keys: [{ key_alias: 'its-key', team_id }],
      team_memberships: [{ user_id: 'default_user_id' }],
    });
    expect(info.keys[0].token).toBeUndefined();
    const unknown = await get('/team/info?team_id=nowhere');
    expect([unknown.status, unknown.json.error]).toMatchObject([
      404,
      { message: "{'message': 'Team not found, passed team id: nowhere.'}", type: 'auth_error' },
    ]);
    expect((await get('/team/info')).json.error).toMatchObject({
      message: "{'message': 'Malformed request. No team id passed in.'}",
      code: '422',
    });
  });

  test('is blocked and unblocked', async () => {
    const team_id = await newTeam();
    expect((await post('/team/block', { team_id })).json).toMatchObject({ team_id, blocked: true });
    expect((await post('/team/unblock', { team_id })).json).toMatchObject({ blocked: false });
    const unknown = await post('/team/block', { team_id: 'nowhere' });
    expect([unknown.status, unknown.json]).toEqual([
      404,
      { detail: { error: 'Team not found, passed team_id=nowhere' } },
    ]);
  });

  test('is given models and loses them, and never has all by having lost the last', async () => {
    const team_id = await newTeam();
    const change = async (what: string, models: string[]) =>
      (await post(`/team/model/${what}`, { team_id, models })).json.models;
    expect(await change('add', ['gpt-4o'])).toEqual(['all-proxy-models', 'gpt-4o']);
    expect(await change('delete', ['all-proxy-models'])).toEqual(['gpt-4o']);
    expect(await change('delete', ['gpt-4o'])).toEqual(['no-default-models']);
    expect(await change('add', ['claude-models'])).toEqual(['claude-models']);
    expect((await post('/team/model/add', { team_id: 'nowhere', models: [] })).status).toBe(404);
  });

  test('opens routes to its members', async () => {
    const team_id = await newTeam();
    const listed = await get(`/team/permissions_list?team_id=${team_id}`);
    expect(listed.json).toMatchObject({
      team_id,
      team_member_permissions: ['/key/info', '/key/health'],
      all_available_permissions: expect.arrayContaining(['/key/generate', '/team/daily/activity']),
    });
    const made = await post('/key/generate', { team_id, user_id: 'ann' });
    const as = { authorization: `Bearer ${made.json.key}` };
    const ask = async () => door.ask('POST', '/key/generate', { team_id, key_alias: 'anns' }, as);
    expect((await ask()).status).toBe(403);
    const body = { team_id, team_member_permissions: ['/key/generate'] };
    expect((await post('/team/permissions_update', body)).json).toMatchObject(body);
    expect((await ask()).status).toBe(200);
    const unknown = await post('/team/permissions_update', {
      team_id,
      team_member_permissions: ['/x'],
    });
    expect(unknown.json.detail.error).toContain('Unknown permission /x');
  });

  test('is deleted with its keys, or none of them is', async () => {
    const team_id = await newTeam();
    const key = await post('/key/generate', { team_id });
    const mixed = await post('/team/delete', { team_ids: [team_id, 'nowhere'] });
    expect([mixed.status, mixed.json]).toEqual([
      404,
      { detail: { error: 'Team not found, passed team_id=nowhere' } },
    ]);
    expect((await infoOf(team_id)).team_id).toBe(team_id);
    expect((await post('/team/delete', { team_ids: [team_id] })).json).toEqual([team_id]);
    expect((await get(`/team/info?team_id=${team_id}`)).status).toBe(404);
    expect((await get(`/key/info?key=${key.json.key}`)).status).toBe(404);
    const deleted = await get('/v2/team/list?status=deleted');
    expect(deleted.json.teams).toMatchObject([{ team_id }]);
  });
});

describe('lists', () => {
  test('hold every team once, by name, with keys and memberships', async () => {
    const team_id = await newTeam({
      team_alias: 'AAA first',
      organization_id: 'acme',
      models: ['gpt-4o'],
    });
    await post('/key/generate', { team_id, key_alias: 'listed' });
    const { json } = await get('/team/list?organization_id=acme');
    const listed = json.find((each: { team_id: string }) => each.team_id === team_id);
    expect(listed).toMatchObject({
      team_id,
      organization_id: 'acme',
      keys: [{ key_alias: 'listed' }],
      team_memberships: [{ user_id: 'default_user_id' }],
    });
    const without = await get('/team/list?organization_id=default_organization');
    expect(
      without.json.every((each: { organization_id: null }) => each.organization_id === null),
    ).toBe(true);
    const own = await get('/team/list?user_id=user-1234');
    expect(own.json.map((each: { team_id: string }) => each.team_id)).toEqual(['engineering-team']);
  });

  test('are turned page by page, searched and sorted', async () => {
    const page = await get('/v2/team/list?page=2&page_size=2&sort_by=team_id&sort_order=asc');
    expect(page.json).toMatchObject({ page: 2, page_size: 2, teams: [{}, {}] });
    expect(page.json.total_pages).toBe(Math.ceil(page.json.total / 2));
    const found = await get('/v2/team/list?team_alias=ENGINEERING');
    expect(found.json.teams).toMatchObject([{ team_id: 'engineering-team' }]);
    expect((await get('/team/filter/ui?team_id=NEERING-t')).json).toMatchObject([
      { team_id: 'engineering-team' },
    ]);
    const wrong = await get('/v2/team/list?status=gone');
    expect([wrong.status, wrong.json.detail.error]).toEqual([
      400,
      "Invalid status value. Currently only 'deleted' is supported.",
    ]);
    const nobody = await get('/v2/team/list?user_id=nobody');
    expect([nobody.status, nobody.json.detail.error]).toEqual([
      404,
      'User not found, passed user_id=nobody',
    ]);
    expect((await get('/v2/team/list?page=0')).status).toBe(422);
    expect((await get('/team/available')).json).toEqual([]);
  });
});
