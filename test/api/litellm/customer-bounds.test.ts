// What bounds end users holds their calls, whoever makes them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { shardOf } from '../../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../../src/storage/gate/shards.ts';
import { startQuartermaster } from '../../support/quartermaster.ts';
import type { Quartermaster } from '../../support/quartermaster.ts';
import { ask, tell } from './asking.ts';

let qm: Quartermaster;
let key: string;
beforeAll(async () => {
  qm = await startQuartermaster();
  ({ key } = await ask(qm, 'POST', '/key/generate', {}));
});
afterAll(async () => qm[Symbol.asyncDispose]());

const HELLO = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 };

async function callFor(user: string | undefined, url = qm.url) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...HELLO, user }),
  });
  const { error = {} } = (await response.json()) as { error?: Record<string, string> };
  return { status: response.status, code: error['code'], message: error['message'] };
}

const make = async (body: object) => ask(qm, 'POST', '/customer/new', body);
const update = async (body: object) => ask(qm, 'POST', '/customer/update', body);
const info = async (id: string) => ask(qm, 'GET', '/customer/info', { end_user_id: id });

const PASSED = { status: 200, code: undefined, message: undefined };

test('the budget of an end user is shown as it was given and refuses their calls alone', async () => {
  const made = await make({ user_id: 'poor', max_budget: 0, budget_duration: '30d' });
  expect(made).toMatchObject({
    budget_id: null,
    litellm_budget_table: { max_budget: 0, budget_duration: '30d', rpm_limit: null },
  });
  const refused = await callFor('poor');
  expect(refused).toMatchObject({ status: 429, code: 'budget_exceeded' });
  expect(refused.message).toContain('end user poor');
  expect(await callFor('rich')).toEqual(PASSED);
  expect(await callFor(undefined)).toEqual(PASSED);
});

test('a limit that is changed holds on the next call, at every proxy', async () => {
  const other = await qm.anotherProxy();
  try {
    await make({ user_id: 'slow', rpm_limit: 1 });
    expect(await callFor('slow')).toEqual(PASSED);
    expect(await callFor('slow', other.url)).toMatchObject({
      status: 429,
      code: 'request_limit_reached',
    });
    await update({ user_id: 'slow', rpm_limit: 3 });
    expect([await callFor('slow', other.url), await callFor('slow')]).toEqual([PASSED, PASSED]);
    expect((await callFor('slow', other.url)).code).toBe('request_limit_reached');
    await update({ user_id: 'slow', rpm_limit: null });
    expect(await callFor('slow', other.url)).toEqual(PASSED);
  } finally {
    await other.close();
  }
});

test('who is blocked is refused at once, whether known before or not, until unblocked', async () => {
  await callFor('known');
  const blocked = await ask(qm, 'POST', '/customer/block', { user_ids: ['known', 'stranger'] });
  expect(blocked).toMatchObject({
    blocked_users: [
      { user_id: 'known', blocked: true },
      { user_id: 'stranger', blocked: true },
    ],
  });
  const refused = await callFor('known');
  expect(refused).toMatchObject({ status: 403, code: 'end_user_blocked' });
  expect(refused.message).toContain('End user known is blocked.');
  expect((await callFor('stranger')).code).toBe('end_user_blocked');
  await ask(qm, 'POST', '/customer/unblock', { user_ids: ['known'] });
  expect(await callFor('known')).toEqual(PASSED);
  await update({ user_id: 'stranger', blocked: false });
  expect(await callFor('stranger')).toEqual(PASSED);
});

test('none of several is blocked where one of the names cannot be', async () => {
  const told = await tell(qm, 'POST', '/customer/block', { user_ids: ['first', ''] });
  expect(told.status).toBe(400);
  expect(await callFor('first')).toEqual(PASSED);
});

test('an end user follows a budget that many point to, until they have bounds of their own', async () => {
  await ask(qm, 'POST', '/budget/new', {
    budget_id: 'free-tier',
    rpm_limit: 1,
    max_budget: 100,
    budget_duration: '1w',
  });
  const made = await make({ user_id: 'follower', budget_id: 'free-tier' });
  expect(made).toMatchObject({
    budget_id: 'free-tier',
    litellm_budget_table: { budget_id: 'free-tier', rpm_limit: 1, budget_duration: '1w' },
  });
  await ask(qm, 'POST', '/budget/update', { budget_id: 'free-tier', rpm_limit: 0 });
  expect((await callFor('follower')).status).toBe(429);
  expect(await update({ user_id: 'follower', rpm_limit: 5 })).toMatchObject({ budget_id: null });
  await ask(qm, 'POST', '/budget/update', { budget_id: 'free-tier', rpm_limit: 0 });
  expect(await callFor('follower')).toEqual(PASSED);
});

test('an end user who is deleted leaves their bounds behind, and begins anew unbounded', async () => {
  await make({ user_id: 'gone', rpm_limit: 0, blocked: true });
  expect((await callFor('gone')).code).toBe('end_user_blocked');
  await ask(qm, 'POST', '/customer/delete', { user_ids: ['gone'] });
  expect(await callFor('gone')).toEqual(PASSED);
  await qm.drain();
  expect(await info('gone')).toMatchObject({ blocked: false, litellm_budget_table: null });
  await ask(qm, 'POST', '/customer/delete', { user_ids: ['gone'] });
  expect(await make({ user_id: 'gone', alias: 'Back' })).toMatchObject({ alias: 'Back' });
  expect(await callFor('gone')).toEqual(PASSED);
});

test('what an end user spent is counted again after the gate forgot it', async () => {
  await make({ user_id: 'spender', max_budget: 5 });
  expect(await callFor('spender')).toEqual(PASSED);
  await qm.drain();
  const { spend } = await info('spender');
  const subject = { kind: 'end_user', organizationId: 'default', endUserId: 'spender' } as const;
  const used = async () => (await qm.gate.meters(subject, 'default')).map((each) => each.used);
  expect(await used()).toEqual([spend * 1e9]);
  const shard = qm.gate.shards[shardOf('default')] as ShardKeys;
  await qm.gate.connection.redis.del(shard.subject(subject));
  expect(await callFor('spender')).toEqual(PASSED);
  expect(await used()).toEqual([spend * 2e9]);
});

test('end users whom nothing bounds are forgotten by the gate after a while, bounded ones are not', async () => {
  await make({ user_id: 'stays', rpm_limit: 100 });
  await callFor('stays');
  await callFor('passing by');
  const { redis } = qm.gate.connection;
  const shard = qm.gate.shards[shardOf('default')] as ShardKeys;
  const lifeOf = async (endUserId: string) =>
    redis.ttl(shard.subject({ kind: 'end_user', organizationId: 'default', endUserId }));
  expect(await lifeOf('passing by')).toBeGreaterThan(0);
  expect(await lifeOf('stays')).toBe(-1);
  await update({ user_id: 'stays', rpm_limit: null });
  expect(await lifeOf('stays')).toBeGreaterThan(0);
  await update({ user_id: 'stays', rpm_limit: 50 });
  expect(await lifeOf('stays')).toBe(-1);
});

test('where nobody bounds end users, the gate keeps nothing of them', async () => {
  const { secretKey } = await qm.team({ organizationId: 'carefree', createOrganization: true });
  const response = await fetch(`${qm.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...HELLO, user: 'nobody' }),
  });
  expect(response.status).toBe(200);
  const shard = qm.gate.shards[shardOf('carefree')] as ShardKeys;
  const subject = { kind: 'end_user', organizationId: 'carefree', endUserId: 'nobody' } as const;
  expect(await qm.gate.connection.redis.exists(shard.subject(subject))).toBe(0);
});
