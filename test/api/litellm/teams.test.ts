// Teams made, changed and listed in LiteLLM's dialect. What its documents say of each team route stands in
// team-routes.txt, a line for each behaviour.

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

  test('names a team by its id where that is the name that was given', async () => {
    const named = await post('/team/new', { team_id: 'same-name', team_alias: 'same-name' });
    expect(named.json.team_alias).toBe('same-name');
    const change = async (team_alias: string | null) =>
      (await post('/team/update', { team_id: 'same-name', team_alias })).json.data.team_alias;
    expect(await change(null)).toBeNull();
    expect(await change('same-name')).toBe('same-name');
    const told = await get('/team/info?team_id=same-name');
    expect(told.json.team_info.team_alias).toBe('same-name');
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
