import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { createEndUser } from '../../src/core/end-users/end-users.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { callOnce } from './one-call.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;
let secretKey: string;
let keyId: string;

beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const made = await door.ask('POST', '/api/teams/create', {
    organization_id: 'acme',
    team_id: 'acme-prod',
    access_groups: ['gpt-models'],
    credits_allocated: 100,
  });
  secretKey = made.json.virtual_key;
  const [key] = await door.stores.records.keys.ofTeam('acme-prod');
  keyId = key?.id ?? '';
  const user = { organizationId: 'acme', ceilings: { limits: [], budgets: [] } };
  await door.stores.records.users.insert({
    ...user,
    id: 'ann@acme.com',
    name: 'Ann',
    email: null,
    metadata: {},
  });
  await door.stores.records.members.insert({
    ...user,
    teamId: 'acme-prod',
    userId: 'ann@acme.com',
    role: 'user',
  });
});
afterAll(async () => door.close());

const TEAM = '/api/teams/acme-prod/limits';
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

test('a set is replaced as a whole, exact to the last digit, and read back with what is in use', async () => {
  const until = inDays(3);
  const set = {
    limits: [
      { kind: 'requests', max: 100, boost: { by: 50, until } },
      { kind: 'usage_tokens', max: 20_000, model: 'gpt-4o', shadow: true },
    ],
    budgets: [{ max_usd: '500.000000001', soft_usd: 400, duration: '30d' }, { max_usd: 0.1 }],
  };
  const told = await door.ask('PUT', TEAM, set);
  expect(told.status).toBe(200);
  const drained = await callOnce(door, {
    secretKey,
    model: 'gpt-4o',
    jobType: 'chat',
    costNanoUsd: 1_250_000n,
  });
  await drained();
  const read = await door.ask('GET', TEAM);
  expect(read.json).toEqual({
    subject: 'team:acme-prod',
    organization_id: 'acme',
    limits: [
      {
        kind: 'requests',
        model: null,
        max: 100,
        shadow: false,
        boost: { by: 50, until },
        used: 1,
        held: 0,
        resets_at: expect.any(String),
        missed: 0,
      },
      {
        kind: 'usage_tokens',
        model: 'gpt-4o',
        max: 20_000,
        shadow: true,
        boost: null,
        used: 120,
        held: 0,
        resets_at: expect.any(String),
        missed: 0,
      },
    ],
    budgets: [
      {
        max_usd: 500.000000001,
        soft_usd: 400,
        duration: '1mo',
        model: null,
        shadow: false,
        boost: null,
        used_usd: 0.00125,
        held_usd: 0,
        resets_at: expect.any(String),
        missed: 0,
      },
      {
        max_usd: 0.1,
        soft_usd: null,
        duration: null,
        model: null,
        shadow: false,
        boost: null,
        used_usd: 0.00125,
        held_usd: 0,
        resets_at: null,
        missed: 0,
      },
    ],
  });
  const smaller = await door.ask('PUT', TEAM, {
    limits: [],
    budgets: [{ max_usd: 600, duration: '1mo' }],
  });
  expect(smaller.json).toMatchObject({
    limits: [],
    budgets: [{ max_usd: 600, soft_usd: null, used_usd: 0.00125 }],
  });
  expect((await door.ask('PUT', TEAM, { limits: [], budgets: [] })).json.budgets).toEqual([]);
});

test('every subject has its path', async () => {
  await createEndUser(door.stores, SYSTEM, { organizationId: 'acme', id: 'visitor 7/b' });
  const set = { limits: [{ kind: 'parallel', max: 3 }], budgets: [] };
  const paths: [string, string][] = [
    ['/api/organizations/acme/limits', 'organization:acme'],
    ['/api/organizations/acme/users/ann@acme.com/limits', 'user:acme/ann%40acme.com'],
    ['/api/organizations/acme/end-users/visitor%207%2Fb/limits', 'end_user:acme/visitor%207%2Fb'],
    ['/api/teams/acme-prod/limits', 'team:acme-prod'],
    ['/api/teams/acme-prod/members/ann%40acme.com/limits', 'member:acme-prod/ann%40acme.com'],
    [`/api/keys/${keyId}/limits`, `key:${keyId}`],
  ];
  for (const [path, subject] of paths) {
    expect((await door.ask('PUT', path, set)).json).toMatchObject({ subject });
    expect((await door.ask('GET', path)).json.limits).toMatchObject([{ max: 3, used: 0 }]);
  }
});

test.each([
  ['/api/organizations/nobody/limits', "Organization 'nobody' not found"],
  ['/api/teams/nobody/limits', "Team 'nobody' not found"],
  ['/api/keys/nobody/limits', "Key 'nobody' not found"],
  ['/api/teams/acme-prod/members/eve/limits', "User 'eve' is not a member of team 'acme-prod'"],
  ['/api/organizations/acme/users/eve/limits', "User 'eve' not found in organization 'acme'"],
  ['/api/organizations/acme/users/a%00/limits', 'not found'],
  ['/api/organizations/acme/end-users/a%00/limits', 'not found'],
])('%s is unknown, by GET and by PUT', async (path, detail) => {
  for (const told of [
    await door.ask('GET', path),
    await door.ask('PUT', path, { limits: [], budgets: [] }),
  ]) {
    expect(told.status).toBe(404);
    expect(told.json.detail).toContain(detail);
  }
});

describe('what can be no limit or budget is refused, and nothing is changed:', () => {
  const limit = (more: object) => ({
    limits: [{ kind: 'requests', max: 1, ...more }],
    budgets: [],
  });
  const budget = (more: object) => ({ limits: [], budgets: [{ max_usd: 1, ...more }] });
  const boost = (by: number, until: string) => limit({ boost: { by, until } });

  test.each<[string, number, unknown, string]>([
    ['a negative rate', 400, limit({ max: -1 }), 'it must be 0 or more'],
    ['half a request', 400, limit({ max: 0.5 }), 'it must be a whole number'],
    ['a rate of NaN', 422, limit({ max: Number.NaN }), 'should be a valid number'],
    [
      'a rate of 1e400',
      422,
      '{"limits":[{"kind":"requests","max":1e400}],"budgets":[]}',
      'should be a valid number',
    ],
    ['a rate beyond the bound', 400, limit({ max: 1e13 }), 'at most 1,000,000,000,000'],
    ['a kind that is none', 422, limit({ kind: 'tokens' }), 'requests'],
    ['a duration of 0d', 400, budget({ duration: '0d' }), '"0d" is too short'],
    ['a duration of -1d', 400, budget({ duration: '-1d' }), '"-1d" is not a duration'],
    ['a duration of 1y3x', 400, budget({ duration: '1y3x' }), '"1y3x" is not a duration'],
    ['a soft budget above its max', 400, budget({ soft_usd: 2 }), 'not below the 1.00 USD'],
    [
      'a negative budget',
      400,
      budget({ max_usd: -1 }),
      'budgets[0].max_usd is not acceptable: "-1" is negative',
    ],
    ['a budget of 1e400', 422, '{"limits":[],"budgets":[{"max_usd":1e400}]}', 'should be a number'],
    ['a budget of NaN', 400, budget({ max_usd: 'NaN' }), '"NaN" is not a number of USD'],
    ['a budget finer than nano-USD', 400, budget({ max_usd: '0.0000000001' }), 'decimals'],
    ['a boost in the past', 400, boost(1, '2020-01-01T00:00:00Z'), 'it must end in the future'],
    ['a boost for years', 400, boost(1, inDays(400)), 'within 366 days'],
    ['a boost of nothing', 400, boost(0, inDays(1)), 'a whole number above 0'],
    ['a boost until some day', 422, boost(1, 'friday'), 'ISO'],
    [
      'too many',
      400,
      {
        limits: Array.from({ length: 33 }, (_, at) => ({
          kind: 'requests',
          model: `m${at}`,
          max: 1,
        })),
        budgets: [],
      },
      'at most 32',
    ],
    [
      'the same twice',
      400,
      {
        limits: [],
        budgets: [
          { max_usd: 1, duration: '30d' },
          { max_usd: 2, duration: '1mo' },
        ],
      },
      'two of them are for the same',
    ],
    ['half a set', 422, { limits: [] }, 'Field required'],
    ['a field that is none', 422, limit({ maximum: 1 }), 'maximum'],
    ['several models', 400, limit({ model: 'gpt-*' }), 'the whole name of one model'],
    [
      'a model that nobody serves',
      400,
      limit({ model: 'gpt-4oo' }),
      '"gpt-4oo" is no model that is served; perhaps "gpt-4o"',
    ],
    [
      'a budget of an access group',
      400,
      budget({ model: 'gpt-models' }),
      '"gpt-models" is an access group; name one model, like "gpt-4o"',
    ],
  ])('%s', async (_name, status, body, said) => {
    const set = { limits: [{ kind: 'parallel', max: 7 }], budgets: [] };
    await door.ask('PUT', TEAM, set);
    const told = await door.ask('PUT', TEAM, body);
    expect([told.status, told.text]).toEqual([
      status,
      expect.stringContaining(JSON.stringify(said).slice(1, -1)),
    ]);
    expect((await door.ask('GET', TEAM)).json.limits).toMatchObject([{ kind: 'parallel', max: 7 }]);
  });
});

test('a plan bounds no model that nobody serves, when it is made and when it is changed', async () => {
  const of = (model: string) => ({ model_max_budget: { [model]: { max_budget: 1 } } });
  const refused = await door.ask('POST', '/budget/new', { budget_id: 'p', ...of('gpt-4oo') });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('no model')]);
  expect((await door.ask('POST', '/budget/new', { budget_id: 'p', ...of('gpt-4o') })).status).toBe(
    200,
  );
  const changed = await door.ask('POST', '/budget/update', { budget_id: 'p', ...of('gpt-models') });
  expect([changed.status, changed.text]).toEqual([400, expect.stringContaining('access group')]);
  const plan = await door.stores.records.plans.find('p');
  expect(plan?.ceilings.budgets.map(({ model }) => model)).toEqual(['gpt-4o']);
});

test('an organization is given a time zone and its rule of allocation, which then holds', async () => {
  await door.ask('POST', '/api/organizations/create', { organization_id: 'tight', name: 'T' });
  await door.ask('POST', '/api/teams/create', {
    organization_id: 'tight',
    team_id: 'tight-one',
    access_groups: ['gpt-models'],
  });
  const wrong = await door.ask('PUT', '/api/organizations/tight', { time_zone: 'Europe/Berln' });
  expect([wrong.status, wrong.json.detail]).toEqual([
    400,
    expect.stringContaining('perhaps "Europe/Berlin" is meant'),
  ]);
  const changed = await door.ask('PUT', '/api/organizations/tight', {
    time_zone: 'Europe/Berlin',
    over_allocation: 'refused',
    channel_id: 'C0TIGHT',
  });
  expect(changed.json).toMatchObject({
    time_zone: 'Europe/Berlin',
    over_allocation: 'refused',
    channel_id: 'C0TIGHT',
  });
  const nowhere = await door.ask('PUT', '/api/organizations/tight', { channel_id: '#tight' });
  expect([nowhere.status, nowhere.json.detail]).toEqual([
    400,
    expect.stringContaining('no id of a channel in Slack'),
  ]);
  const of = (max: number) => ({ limits: [{ kind: 'requests', max }], budgets: [] });
  await door.ask('PUT', '/api/organizations/tight/limits', of(10));
  const refused = await door.ask('PUT', '/api/teams/tight-one/limits', of(11));
  expect([refused.status, refused.json.code]).toEqual([409, 'over_allocated']);
  expect(refused.json.detail).toContain('would be allowed 11 together, and it has 10');
  expect((await door.ask('GET', '/api/teams/tight-one/limits')).json.limits).toEqual([]);
  expect((await door.ask('PUT', '/api/organizations/nobody', {})).status).toBe(404);
});

test('the history of budgets is read by whoever may read what bounds them, page by page', async () => {
  const day = (of: number) => new Date(Date.UTC(2026, 9, of));
  const base = {
    subject: 'team:acme-prod',
    meter: 'budget-1d',
    organizationId: 'acme',
    teamId: 'acme-prod',
    duration: '1d',
    model: null,
    maxNanoUsd: 5_000_000_000n,
  };
  for (const of of [1, 2, 3]) {
    const period = { ...base, startsAt: day(of), endsAt: day(of + 1), periods: 1 };
    await door.stores.records.budgetPeriods.addEnded(period, day(of + 1));
  }
  const path = '/api/teams/acme-prod/budgets/history';
  const latest = await door.ask('GET', `${path}?limit=2`);
  expect(latest.json).toMatchObject({
    subject: 'team:acme-prod',
    periods: [
      { starts_at: day(3).toISOString(), max_usd: 5, spent_usd: 0, refused_calls: null },
      { starts_at: day(2).toISOString(), duration: '1d', periods: 1 },
    ],
  });
  const rest = await door.ask('GET', `${path}?before=${day(2).toISOString()}`);
  expect(rest.json.periods).toMatchObject([{ starts_at: day(1).toISOString() }]);
  const ofKey = await door.ask('GET', `/api/keys/${keyId}/budgets/history`);
  expect(ofKey.json).toEqual({ subject: `key:${keyId}`, periods: [] });
  expect((await door.ask('GET', '/api/teams/nobody/budgets/history')).status).toBe(404);
});
