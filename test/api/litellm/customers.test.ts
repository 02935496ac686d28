// End users: named by calls, told by the management door.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQuartermaster } from '../../support/quartermaster.ts';
import type { Quartermaster } from '../../support/quartermaster.ts';
import { ask, tell } from './asking.ts';

let quartermaster: Quartermaster;
let key: string;
beforeAll(async () => {
  quartermaster = await startQuartermaster();
  ({ key } = await ask(quartermaster, 'POST', '/key/generate', {}));
});
afterAll(async () => quartermaster[Symbol.asyncDispose]());

const HELLO = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] };

async function callFor(body: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${quartermaster.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...HELLO, ...body }),
  });
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
}

test.each([
  ['user of the body', { user: 'by-body' }, {}, 'by-body'],
  ['metadata.user_id', { metadata: { user_id: 'by-metadata' } }, {}, 'by-metadata'],
  ['safety_identifier', { safety_identifier: 'by-identifier' }, {}, 'by-identifier'],
  [
    'a header, before the body',
    { user: 'nobody' },
    { 'x-litellm-customer-id': 'by-header' },
    'by-header',
  ],
])('a call that names an end user by %s is counted for them', async (_by, body, headers, id) => {
  await callFor(body, headers);
  await quartermaster.drain();
  const info = await ask(quartermaster, 'GET', '/customer/info', { end_user_id: id });
  expect(info).toMatchObject({ user_id: id, organization_id: null, blocked: false });
  expect(info.spend).toBeGreaterThan(0);
});

test('what is used for an end user adds up by day and model, and to the same as the calls', async () => {
  await callFor({ user: 'sum' });
  await callFor({ user: 'sum', model: 'gpt-4o-mini' });
  await callFor({});
  await quartermaster.drain();
  const asked = { end_user_ids: 'sum' };
  const activity = await ask(quartermaster, 'GET', '/customer/daily/activity', asked);
  expect(activity).toMatchObject({
    results: [
      {
        metrics: { api_requests: 2 },
        breakdown: { models: { 'gpt-4o': {}, 'gpt-4o-mini': {} }, entities: { sum: {} } },
      },
    ],
    metadata: { total_api_requests: 2, total_pages: 1 },
  });
  const [row] = await quartermaster.postgres.$queryRaw<{ cost: bigint }[]>`
    SELECT sum(cost_nano_usd)::bigint AS cost FROM usage_events WHERE end_user_id = 'sum'`;
  expect(Math.round(activity.metadata.total_spend * 1e9)).toBe(Number(row?.cost));
  const dearest = await ask(quartermaster, 'POST', '/global/spend/end_users', {});
  expect(dearest).toContainEqual({
    end_user: 'sum',
    total_count: 2,
    total_spend: activity.metadata.total_spend,
  });
});

test('a name that cannot be kept names nobody, and the call goes on', async () => {
  await callFor({ user: 'x'.repeat(255) });
  await callFor({ user: 'a\u0000b' });
  await callFor({ user: 7 });
  await quartermaster.drain();
  const { end_users: ids } = await ask(quartermaster, 'GET', '/global/all_end_users', {});
  expect(ids.filter((id: string) => id.startsWith('x') || id.startsWith('a'))).toEqual([]);
});

test('an end user is put on record, changed, listed and forgotten, and their spend stays', async () => {
  const made = await ask(quartermaster, 'POST', '/customer/new', { user_id: 'ann', alias: 'Ann' });
  expect(made).toMatchObject({ user_id: 'ann', alias: 'Ann', spend: 0, blocked: false });
  await callFor({ user: 'ann' });
  await quartermaster.drain();
  const named = { user_id: 'ann', alias: 'Anna' };
  expect(await ask(quartermaster, 'POST', '/customer/update', named)).toMatchObject(named);
  const list = await ask(quartermaster, 'GET', '/customer/list', {});
  expect(list).toContainEqual(expect.objectContaining(named));
  const gone = await ask(quartermaster, 'POST', '/customer/delete', { user_ids: ['ann'] });
  expect(gone).toEqual({
    deleted_customers: 1,
    message: "Successfully deleted customers with ids: ['ann']",
  });
  const again = await ask(quartermaster, 'POST', '/customer/new', { user_id: 'ann' });
  expect(again.spend).toBeGreaterThan(0);
});

test('the same id in two organizations is two end users, each counted by itself', async () => {
  await ask(quartermaster, 'POST', '/organization/new', {
    organization_id: 'acme',
    organization_alias: 'Acme',
  });
  await ask(quartermaster, 'POST', '/customer/new', { user_id: 'both' });
  await ask(quartermaster, 'POST', '/customer/new', { user_id: 'both', organization_id: 'acme' });
  const unclear = await tell(quartermaster, 'GET', '/customer/info', { end_user_id: 'both' });
  expect([unclear.status, unclear.body.error.message]).toEqual([
    400,
    expect.stringContaining('say whose is meant'),
  ]);
  const asked = { end_user_id: 'both', organization_id: 'acme' };
  const info = await ask(quartermaster, 'GET', '/customer/info', asked);
  expect(info).toMatchObject({ user_id: 'both', organization_id: 'acme' });
});

const WRONG = [
  ['GET', '/customer/info', { end_user_id: 'x1' }, 404, 'End User Id=x1 does not exist in db'],
  ['POST', '/customer/update', { user_id: 'x1' }, 404, 'End User Id=x1 does not exist in db'],
  [
    'POST',
    '/customer/delete',
    { user_ids: ['taken', 'x1', 'x2'] },
    404,
    'End User Id(s)=x1, x2 do not exist in db',
  ],
  [
    'POST',
    '/customer/new',
    { user_id: 'taken' },
    400,
    'Customer already exists, passed user_id=taken. Please pass a new user_id.',
  ],
  [
    'POST',
    '/customer/new',
    { user_id: 'x', allowed_model_region: 'eu' },
    400,
    'allowed_model_region is not offered',
  ],
  ['POST', '/customer/new', { user_id: 'x', budget_id: 'none' }, 404, 'none'],
  ['POST', '/customer/unblock', { user_ids: ['x1'] }, 404, 'x1 do not exist in db'],
  ['POST', '/customer/new', { user_id: '' }, 400, 'user_id is not acceptable'],
  ['POST', '/customer/new', { user_id: 'x', organization_id: 'no' }, 404, 'Organization'],
] as const;

test.each(WRONG)('%s %s of %j is refused', async (method, path, given, status, words) => {
  await tell(quartermaster, 'POST', '/customer/new', { user_id: 'taken' });
  const told = await tell(quartermaster, method, path, given);
  expect([told.status, told.body.error.message]).toEqual([status, expect.stringContaining(words)]);
});

test('a body without a name, or with two budgets, is named field by field', async () => {
  const bare = await tell(quartermaster, 'POST', '/customer/new', {});
  expect([bare.status, bare.body.detail[0].loc]).toEqual([422, ['body', 'user_id']]);
  const two = { user_id: 'x', max_budget: 1, budget_id: 'b' };
  expect((await tell(quartermaster, 'POST', '/customer/new', two)).status).toBe(422);
});
