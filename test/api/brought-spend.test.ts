// What was spent in another system: shown, counted in budgets by its difference, never charged.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

const DIGEST = '0123456789abcdef'.repeat(4);

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const make = async (path: string, body: object) => door.ask('POST', path, body);
  await make('/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const team = { organization_id: 'acme', team_id: 'acme-prod', access_groups: ['gpt-models'] };
  await make('/api/teams/create', { ...team, credits_allocated: 100 });
  await make('/api/teams/acme-prod/members', { user_id: 'ann@acme.com', create_user: true });
  await make('/api/keys/bring', { team_id: 'acme-prod', sha256: DIGEST, last_four: 'wxyz' });
  await make('/customer/new', { user_id: 'visitor 7/b', organization_id: 'acme' });
});
afterAll(async () => door.close());

const bring = async (subject: string, usd: number | string) =>
  door.ask('PUT', '/api/brought-spend', { subject, spent_usd: usd });

test.each([
  ['organization:acme', '/organization/info?organization_id=acme'],
  ['team:acme-prod', '/team/info?team_id=acme-prod'],
  ['user:acme/ann%40acme.com', '/user/info?user_id=ann@acme.com'],
  ['end_user:acme/visitor%207%2Fb', '/customer/info?end_user_id=visitor%207/b'],
])('of %s it shows, and is there again when it is asked for', async (subject, info) => {
  const told = await bring(subject, '12.345678901');
  expect(told).toMatchObject({ status: 200, json: { subject, spent_usd: 12.345678901 } });
  const again = await door.ask('GET', `/api/brought-spend?subject=${encodeURIComponent(subject)}`);
  expect(again.json).toEqual(told.json);
  expect(JSON.stringify((await door.ask('GET', info)).json)).toContain('"spend":12.345678901');
});

test('a key that was brought along is found by its digest', async () => {
  const { json: key } = await door.ask('GET', `/api/keys/brought/${DIGEST}`);
  const told = await bring(`key:${DIGEST}`, 0.5);
  expect(told.json).toMatchObject({ subject: `key:${key.key_id}`, spent_usd: 0.5 });
  expect((await door.ask('GET', `/key/info?key=${key.key_id}`)).json.info.spend).toBe(0.5);
  const unknown = await door.ask('GET', `/api/keys/brought/${'f'.repeat(64)}`);
  expect(unknown.status).toBe(404);
});

test('the main budget counts the difference to what was told before, in the gate as on record', async () => {
  await door.ask('PUT', '/api/teams/acme-prod/limits', {
    limits: [],
    budgets: [
      { max_usd: 100, duration: '30d' },
      { max_usd: 100, duration: '1d' },
      { max_usd: 100, model: 'gpt-4o' },
    ],
  });
  const used = async () =>
    (await door.ask('GET', '/api/teams/acme-prod/limits')).json.budgets.map(
      (budget: { used_usd: number }) => budget.used_usd,
    );
  const before = await bring('team:acme-prod', 10);
  expect(await used()).toEqual([0, 0, 0]);
  await bring('team:acme-prod', 30);
  expect(await used()).toEqual([20, 0, 0]);
  const [first, second] = [await bring('team:acme-prod', 30), await bring('team:acme-prod', 30)];
  expect(second.json).toEqual(first.json);
  expect(before.json.spent_usd).toBe(10);
  expect(await used()).toEqual([20, 0, 0]);
  expect((await door.ask('GET', '/team/info?team_id=acme-prod')).json.team_info.spend).toBe(20);
});

test('each amount is one line of the audit trail, and no entry of the ledger', async () => {
  const entries = await door.postgres.creditEntry.count();
  await bring('member:acme-prod/ann%40acme.com', 2);
  await bring('member:acme-prod/ann%40acme.com', '2.00');
  await bring('member:acme-prod/ann%40acme.com', 1);
  const lines = await door.postgres.auditEntry.findMany({
    where: { action: 'member.spend_brought' },
    orderBy: { position: 'asc' },
  });
  expect(lines.map(({ target, before, after }) => ({ target, before, after }))).toEqual([
    {
      target: 'member:acme-prod/ann%40acme.com',
      before: { spentUsd: '0.00' },
      after: { spentUsd: '2.00' },
    },
    {
      target: 'member:acme-prod/ann%40acme.com',
      before: { spentUsd: '2.00' },
      after: { spentUsd: '1.00' },
    },
  ]);
  expect(await door.postgres.creditEntry.count()).toBe(entries);
});

test.each([
  ['team:nobody', 1, 404],
  ['organization:nobody', 1, 404],
  ['user:acme/nobody', 1, 404],
  ['member:acme-prod/nobody', 1, 404],
  ['end_user:acme/nobody', 1, 404],
  ['end_user:no!such/nobody', 1, 404],
  [`key:${'f'.repeat(64)}`, 1, 404],
  ['user:acme/%zz', 1, 400],
  ['fleet:acme', 1, 400],
  ['team:acme-prod', -1, 400],
  ['team:acme-prod', 'much', 400],
  ['team:acme-prod', 1e12, 400],
])('%s with %j is refused, and nothing is written', async (subject, usd, status) => {
  const before = await door.postgres.broughtSpend.findMany();
  expect((await bring(subject, usd)).status).toBe(status);
  expect(await door.postgres.broughtSpend.findMany()).toEqual(before);
});

test('a person may have a key outside of every team, of an organization that is named', async () => {
  const personal = { sha256: 'a'.repeat(64), last_four: 'abcd', user_id: 'ann@acme.com' };
  const nowhere = await door.ask('POST', '/api/keys/bring', personal);
  expect(nowhere).toMatchObject({ status: 400 });
  const teams = await door.postgres.team.count();
  const wrong = { ...personal, organization_id: 'acme', last_four: 'too long' };
  expect(await door.ask('POST', '/api/keys/bring', wrong)).toMatchObject({ status: 400 });
  expect(await door.postgres.team.count()).toBe(teams);
  const made = await door.ask('POST', '/api/keys/bring', { ...personal, organization_id: 'acme' });
  expect(made.json).toMatchObject({ organization_id: 'acme', user_id: 'ann@acme.com' });
  const info = await door.ask('GET', `/key/info?key=${made.json.key_id}`);
  expect(info.json.info).toMatchObject({ team_id: null, organization_id: 'acme' });
});
