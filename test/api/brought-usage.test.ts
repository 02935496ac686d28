// What was used by day in another system: reports by day show it, and nothing else knows of it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

const DIGEST = '0123456789abcdef'.repeat(4);
const ROW = { model: 'gpt-4o', calls: 2, failed_calls: 1, input_tokens: 10, output_tokens: 20 };
const OCTOBER = { from: '2026-10-01', to: '2026-10-31' };

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const make = async (path: string, body: object) => door.ask('POST', path, body);
  await make('/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const team = { organization_id: 'acme', team_id: 'acme-prod', access_groups: ['gpt-models'] };
  await make('/api/teams/create', { ...team, credits_allocated: 100 });
  const person = { user_id: 'ann@acme.com', create_user: true };
  await make('/api/keys/bring', {
    team_id: 'acme-prod',
    sha256: DIGEST,
    last_four: 'wxyz',
    ...person,
  });
  await make('/customer/new', { user_id: 'visitor 7/b', organization_id: 'acme' });
});
afterAll(async () => door.close());

const bring = async (subject: string, rows: readonly object[], days: object = OCTOBER) =>
  door.ask('PUT', '/api/brought-usage', { subject, ...days, rows });

async function daysOf(path: string) {
  const { json } = await door.ask('GET', `${path}start_date=2026-10-01&end_date=2026-11-30`);
  return json.results;
}

test('it is told again as a sum, and what is told later of the same days stands in its place', async () => {
  const first = [
    { ...ROW, date: '2026-10-30', key: DIGEST, spent_usd: '0.000000001' },
    { ...ROW, date: '2026-10-30', key: DIGEST, spent_usd: 0.25 },
    { ...ROW, date: '2026-10-31', key: 'f'.repeat(64), spent_usd: 1 },
  ];
  const told = await bring('team:acme-prod', first);
  expect(told).toMatchObject({
    status: 200,
    json: { rows: 2, calls: 6, failed_calls: 3, input_tokens: 30, spent_usd: 1.250000001 },
  });
  const lines = await door.postgres.auditEntry.count();
  expect((await bring('team:acme-prod', first)).json).toEqual(told.json);
  expect(await door.postgres.auditEntry.count()).toBe(lines);
  const other = { ...OCTOBER, to: '2026-10-30' };
  await bring('team:acme-prod', [{ ...ROW, date: '2026-10-30', key: DIGEST, spent_usd: 2 }], other);
  const query = 'subject=team:acme-prod&from=2026-10-01&to=2026-10-31';
  const { json } = await door.ask('GET', `/api/brought-usage?${query}`);
  expect(json).toMatchObject({ rows: 2, calls: 4, spent_usd: 3 });
});

test('reports by day and month show it by team, person, key and model, without a charge', async () => {
  const [, day] = await daysOf('/team/daily/activity?team_ids=acme-prod&');
  expect(day).toMatchObject({ date: '2026-10-30', metrics: { spend: 2, failed_requests: 1 } });
  expect(Object.keys(day.breakdown.models)).toEqual(['gpt-4o']);
  expect(Object.keys(day.breakdown.api_keys)).toHaveLength(1);
  expect(await daysOf('/user/daily/activity?user_id=ann@acme.com&')).toMatchObject([
    { date: '2026-10-30', metrics: { spend: 2 } },
  ]);
  expect(await daysOf('/organization/daily/activity?organization_ids=acme&')).toHaveLength(2);
  const { json } = await door.ask('GET', '/api/organizations/acme/usage?period=2026-10');
  expect(json.summary).toMatchObject({ total_jobs: 4, total_cost_usd: 3, credits_used: 0 });
  expect(await daysOf('/tag/daily/activity?')).toEqual([]);
});

test('of an end user it is told by day, and their spend is not more for it', async () => {
  const row = { ...ROW, date: '2026-10-30', key: DIGEST, spent_usd: 4 };
  expect((await bring('end_user:acme/visitor%207%2Fb', [row, row])).json).toMatchObject({
    rows: 1,
    spent_usd: 8,
  });
  const query = 'end_user_ids=visitor%207%2Fb&';
  expect(await daysOf(`/customer/daily/activity?${query}`)).toMatchObject([
    { date: '2026-10-30', metrics: { spend: 8, api_requests: 4 } },
  ]);
  const { json } = await door.ask('GET', '/customer/info?end_user_id=visitor%207%2Fb');
  expect(json.spend).toBe(0);
});

test('no entry, no spend and no budget knows of it', async () => {
  const balance = await door.ask('GET', '/api/credits/teams/acme-prod/balance');
  expect(balance.json.credits_remaining).toBe(100);
  const team = await door.ask('GET', '/team/info?team_id=acme-prod');
  expect(team.json.team_info.spend).toBe(0);
});

test.each([
  ['team:nobody', {}, 404],
  ['end_user:acme/nobody', {}, 404],
  [`key:${'e'.repeat(64)}`, {}, 400],
  ['organization:acme', {}, 400],
  ['team:acme-prod', { date: '2026-11-01' }, 400],
  ['team:acme-prod', { spent_usd: 'much' }, 400],
  ['team:acme-prod', { calls: -1 }, 422],
])('%s with %j is refused, and nothing is written', async (subject, wrong, status) => {
  const before = await door.postgres.broughtUsage.findMany();
  const row = { ...ROW, date: '2026-10-30', spent_usd: 1, ...wrong };
  expect((await bring(subject, [row])).status).toBe(status);
  expect(await door.postgres.broughtUsage.findMany()).toEqual(before);
});
