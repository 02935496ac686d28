// Single calls as LiteLLM's logs tell them, reports, and the filters of lists.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQuartermaster } from '../../support/quartermaster.ts';
import type { Quartermaster } from '../../support/quartermaster.ts';
import { newId } from '../../../src/core/ids.ts';
import { ask, tell } from './asking.ts';

let quartermaster: Quartermaster;
let teamId: string;
let key: string;
let keyId: string;
const get = async (path: string, query: object = {}) => ask(quartermaster, 'GET', path, query);
const post = async (path: string, body: object) => ask(quartermaster, 'POST', path, body);

beforeAll(async () => {
  quartermaster = await startQuartermaster();
  ({ team_id: teamId } = await post('/team/new', {
    team_alias: 'Logged',
    members_with_roles: [{ user_id: 'lead', role: 'admin' }],
  }));
  const fields = { team_id: teamId, user_id: 'ann', key_alias: 'ann-key', tags: ['blue'] };
  ({ key, token: keyId } = await post('/key/generate', fields));
  await quartermaster.call(key, { user: 'buyer' });
  await quartermaster.call(key, { user: 'buyer', model: 'gpt-4o-mini' });
  await quartermaster.call(key, { model: 'two-ways' });
  await quartermaster.drain();
});
afterAll(async () => quartermaster[Symbol.asyncDispose]());

test('single calls are told, the latest first, and one by its id', async () => {
  const logs = await get('/spend/logs', { summarize: 'false' });
  expect(logs).toHaveLength(3);
  expect(logs[2]).toMatchObject({
    call_type: 'acompletion',
    api_key: keyId,
    model: 'gpt-4o',
    user: 'ann',
    end_user: 'buyer',
    team_id: teamId,
    organization_id: null,
    request_tags: ['blue'],
    status: 'success',
  });
  const one = await get('/spend/logs', { request_id: logs[2].request_id });
  expect(one).toEqual([logs[2]]);
  expect(await get('/spend/logs', { request_id: 'chatcmpl-unknown' })).toEqual([null]);
});

test('a key or a person without dates is told call by call, days to the end of what was asked', async () => {
  const whole = await get('/spend/logs', { summarize: 'false' });
  expect(await get('/spend/logs', { api_key: key })).toEqual(whole);
  expect(await get('/spend/logs', { user_id: 'ann' })).toEqual(whole);
  expect(await get('/spend/logs', { user_id: 'nobody' })).toEqual([]);
  const [{ startTime }] = whole;
  const day = (at: number) =>
    new Date(Date.parse(startTime) + at * 86_400_000).toISOString().slice(0, 10);
  const days = await get('/spend/logs', { start_date: day(-3), end_date: day(2), api_key: key });
  expect(days.slice(1)).toEqual([
    { startTime: day(1), spend: 0, users: {}, models: {} },
    { startTime: day(2), spend: 0, users: {}, models: {} },
  ]);
  expect(days[0]).toMatchObject({ startTime: day(0), [keyId]: days[0].spend });
});

test.each([
  [{ end_user: 'buyer' }, 2],
  [{ model: 'two-ways' }, 1],
  [{ user_id: 'ann' }, 3],
  [{ user_id: 'nobody' }, 0],
  [{ status_filter: 'failure' }, 0],
  [{ min_spend: '1000' }, 0],
  [{ max_spend: '1000', page_size: '2' }, 3],
  [{ start_date: '2020-01-01 00:00:00', end_date: '2020-01-02 00:00:00' }, 0],
])('pages of single calls are filtered by %j', async (query, total) => {
  const told = await get('/spend/logs/v2', query);
  expect(told).toMatchObject({ total, page: 1 });
  expect(told.data).toHaveLength(Math.min(total, told.page_size));
});

test('days add up to the calls, in logs, reports and activity', async () => {
  const logs = await get('/spend/logs', { summarize: 'false' });
  const spend: number = logs.reduce((sum: number, log: { spend: number }) => sum + log.spend, 0);
  const [day] = await get('/spend/logs');
  expect(day.spend).toBeCloseTo(spend, 9);
  expect(day.users.ann).toBeCloseTo(spend, 9);
  const [byTeam] = await get('/global/spend/report', { group_by: 'team' });
  expect(byTeam.teams[0]).toMatchObject({ team_name: 'Logged' });
  expect(byTeam.teams[0].total_spend).toBeCloseTo(spend, 9);
  const [byCustomer] = await get('/global/spend/report', { group_by: 'customer' });
  expect(byCustomer.customers).toMatchObject([{ customer: 'buyer', metadata: [{}, {}] }]);
  const models = await get('/global/activity/model');
  expect(models.map((each: { model: string }) => each.model).sort()).toEqual([
    'gpt-4o',
    'gpt-4o-mini',
    'two-ways',
  ]);
  const activity = await get('/user/daily/activity', { user_id: 'ann' });
  expect(activity.metadata).toMatchObject({ total_api_requests: 3 });
  expect(activity.results[0].breakdown.entities).toHaveProperty('ann');
  const tags = await get('/tag/daily/activity', { tags: 'blue' });
  expect(tags.metadata.total_spend).toBeCloseTo(spend, 9);
});

test('keys are listed by owner, team, name, state and what they were noted with', async () => {
  await post('/key/generate', { key_alias: 'free-1', project_id: 'p1' });
  const late = await post('/key/generate', { key_alias: 'late', duration: '1s' });
  await post('/key/block', { key: (await post('/key/generate', { key_alias: 'shut' })).token });
  await quartermaster.postgres.virtualKey.update({
    where: { id: late.token },
    data: { expiresAt: new Date(0) },
  });
  const aliases = async (query: object): Promise<string[]> => {
    const told = await get('/key/list', { return_full_object: 'true', ...query });
    return told.keys.map((each: { key_alias: string }) => each.key_alias).sort();
  };
  expect(await aliases({ user_id: 'ann' })).toEqual(['ann-key']);
  expect(await aliases({ user_id: 'lead' })).toEqual([]);
  expect(await aliases({ user_id: 'lead', include_team_keys: 'true' })).toEqual(['ann-key']);
  expect(await aliases({ project_id: 'p1' })).toEqual(['free-1']);
  expect(await aliases({ key_alias: 'REE', substring_matching: 'true' })).toEqual(['free-1']);
  expect(await aliases({ key_alias: 'free' })).toEqual([]);
  expect(await aliases({ search: keyId })).toEqual(['ann-key']);
  expect(await aliases({ status: 'expired' })).toEqual(['late']);
  expect(await aliases({ status: 'revoked' })).toEqual(['shut']);
  expect(await aliases({ expires: 'active', sort_by: 'key_alias' })).toEqual([
    'ann-key',
    'free-1',
    'shut',
  ]);
  const [full] = (await get('/key/list', { user_id: 'ann', expand: 'user' })).keys;
  expect(full).toMatchObject({ key_alias: 'ann-key', user: { user_id: 'ann' } });
});

test.each([
  [
    { status: 'odd' },
    "{'error': \"Invalid status value. Supported: 'active', 'expired', 'revoked', 'deleted'.\"}",
  ],
  [{ expires: 'odd' }, "{'error': \"Invalid expires value. Supported: 'active', 'expired'.\"}"],
  [
    { sort_by: 'odd' },
    "{'error': 'Invalid sort column. Must be one of: spend, max_budget, created_at, updated_at, token, key_alias'}",
  ],
])('a list of keys by %j is refused', async (query, message) => {
  const told = await tell(quartermaster, 'GET', '/key/list', query);
  expect([told.status, told.body.error.message]).toEqual([400, message]);
});

test('people are listed by role, address and the id of their sign-in', async () => {
  await post('/user/new', { user_id: 'boss', user_role: 'org_admin', auto_create_key: false });
  const sso = { user_id: 'sso', sso_user_id: 'ext-1', user_email: 'sso@x.y' };
  await post('/user/new', { ...sso, auto_create_key: false });
  const ids = async (query: object): Promise<string[]> => {
    const told = await get('/user/list', query);
    return told.users.map((each: { user_id: string }) => each.user_id);
  };
  expect(await ids({ role: 'org_admin' })).toEqual(['boss']);
  expect(await ids({ sso_user_ids: 'ext-1,ext-2' })).toEqual(['sso']);
  expect(await ids({ user_email: 'SSO@' })).toEqual(['sso']);
  const sorted = await ids({ sort_by: 'user_id', sort_order: 'desc' });
  expect(sorted).toEqual(sorted.toSorted().toReversed());
});

test('people, teams and what was spent are narrowed by a search and by names', async () => {
  const idsOf = (list: Record<string, unknown>[], field: string): string[] =>
    list.map((row) => String(row[field])).sort();
  await post('/user/new', { user_id: 'zoe', user_email: 'zoe@buyers.test' });
  const people = await get('/user/list', { search: 'BUYERS' });
  expect(idsOf(people.users, 'user_id')).toEqual(['zoe']);
  expect(idsOf((await get('/user/list', { search: 'ZO' })).users, 'user_id')).toEqual(['zoe']);
  await post('/team/new', { team_id: 'zeta-one', team_alias: 'First' });
  await post('/team/new', { team_id: 'zeta-two', team_alias: 'Of ZETA-ONE' });
  const search = { search: 'zeta-one' };
  const whole = await get('/v2/team/list', search);
  expect(idsOf(whole.teams, 'team_id')).toEqual(['zeta-one', 'zeta-two']);
  const part = await get('/v2/team/list', { search: 'zeta-o', search_team_id_match: 'prefix' });
  expect(idsOf(part.teams, 'team_id')).toEqual(['zeta-one', 'zeta-two']);
  const exact = await get('/v2/team/list', { search: 'zeta-t' });
  expect(exact.teams).toEqual([]);
  expect(idsOf(await get('/spend/users', { user_id: 'ann' }), 'user_id')).toEqual(['ann']);
  expect(await get('/spend/users', { user_id: 'zoe' })).toEqual([]);
  const tags = await get('/spend/tags', { tags: 'blue,none' });
  expect(idsOf(tags, 'individual_request_tag')).toEqual(['blue']);
  expect(await get('/global/spend/tags', { tags: 'none' })).toEqual([]);
});

test('many people are changed at once, each with an answer of their own', async () => {
  await post('/user/new', { user_id: 'one', auto_create_key: false });
  const told = await post('/user/bulk_update', {
    users: [
      { user_id: 'one', user_alias: 'One', max_budget: 4 },
      { user_id: 'one', user_role: 'proxy_admin' },
      { user_alias: 'Nobody' },
    ],
  });
  expect(told).toMatchObject({
    total_requested: 3,
    successful_updates: 1,
    failed_updates: 2,
    results: [
      { user_id: 'one', success: true, error: null, updated_user: { max_budget: 4 } },
      { user_id: 'one', success: false, error: expect.stringContaining('proxy_admin') },
      { success: false, error: 'Either user id or user email must be provided' },
    ],
  });
});

test('an address of two people names neither', async () => {
  await post('/organization/new', { organization_id: 'twins', organization_alias: 'Twins' });
  const email = 'twin@x.y';
  await post('/user/new', { user_id: 'twin-1', user_email: email, auto_create_key: false });
  await quartermaster.stores.records.users.insert({
    organizationId: 'twins',
    id: 'twin-2',
    name: '',
    email,
    ceilings: { limits: [], budgets: [] },
    metadata: {},
  });
  const told = await tell(quartermaster, 'POST', '/user/update', { user_email: email });
  expect([told.status, told.body.error.message]).toEqual([
    400,
    expect.stringContaining('Multiple users found with email'),
  ]);
});

test('a person is taken out of an organization, with their keys there', async () => {
  await post('/organization/new', { organization_id: 'left', organization_alias: 'Left' });
  await post('/team/new', { team_id: 'left-1', organization_id: 'left' });
  const made = await post('/key/generate', { team_id: 'left-1', user_id: 'leaver' });
  const gone = await ask(quartermaster, 'DELETE', '/organization/member_delete', {
    organization_id: 'left',
    user_id: 'leaver',
  });
  expect(gone).toMatchObject({ user_id: 'leaver', organization_id: 'left' });
  expect((await tell(quartermaster, 'GET', '/key/info', { key: made.token })).status).toBe(404);
  const again = await tell(quartermaster, 'DELETE', '/organization/member_delete', {
    organization_id: 'left',
    user_id: 'leaver',
  });
  expect(again.status).toBe(404);
});

test('a budget is raised for a time: the call that it refused passes, and the raise is shown', async () => {
  await post('/key/update', { key: keyId, max_budget: 0.000_001 });
  expect((await quartermaster.call(key)).status).toBe(429);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const raise = { temp_budget_increase: 5, temp_budget_expiry: until };
  const raised = await post('/key/update', { key: keyId, ...raise });
  expect(raised.metadata).toMatchObject(raise);
  expect((await quartermaster.call(key)).status).toBe(200);
  const ended = { temp_budget_increase: null, temp_budget_expiry: null };
  await post('/key/update', { key: keyId, ...ended });
  expect((await quartermaster.call(key)).status).toBe(429);
  const half = await tell(quartermaster, 'POST', '/key/update', {
    key: keyId,
    temp_budget_increase: 5,
  });
  expect([half.status, half.body.detail[0].msg]).toEqual([
    422,
    'Value error, temp_budget_increase and temp_budget_expiry must be set together',
  ]);
});

test('what a job is charged is no model: reports name those that were called', async () => {
  const { id, keyId: ofJob, secretKey } = await quartermaster.team();
  const messages = [{ role: 'user', content: 'hi' }];
  const job = { job_type: 'letters', model: 'gpt-4o', messages };
  const { status } = await quartermaster.call(secretKey, job, '/api/jobs/create-and-call');
  expect(status).toBe(200);
  await quartermaster.drain();
  const [report] = await get('/global/spend/report', { team_id: id });
  expect(report.teams[0].metadata).toMatchObject([{ model: 'gpt-4o', api_key: ofJob }]);
  const [day] = await get('/spend/logs', { api_key: ofJob, summarize: 'true' });
  expect(Object.keys(day.models)).toEqual(['gpt-4o']);
});

test('a call whose proxy died is found among the failures, as which it is told', async () => {
  const last = await quartermaster.postgres.usageEvent.findFirstOrThrow({ where: { keyId } });
  const died = { outcome: 'abandoned', charge: 0n, postingId: null, chargedAhead: 0n };
  const id = newId();
  const now = new Date();
  const moments = { startedAt: now, endedAt: now };
  await quartermaster.postgres.usageEvent.create({ data: { ...last, ...died, ...moments, id } });
  const failed = await get('/spend/logs/v2', { status_filter: 'failure', api_key: keyId });
  expect(failed.data).toMatchObject([{ request_id: id, status: 'failure' }]);
});
