// What is made in LiteLLM's dialect, called through the proxy.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQuartermaster } from '../../support/quartermaster.ts';
import type { Quartermaster } from '../../support/quartermaster.ts';
import { ask as askAny } from './asking.ts';

let quartermaster: Quartermaster;
beforeAll(async () => {
  quartermaster = await startQuartermaster({ eventDelayMs: 20 });
});
afterAll(async () => quartermaster[Symbol.asyncDispose]());

async function ask(method: string, path: string, given: object) {
  return askAny(quartermaster, method, path, given);
}

async function teamWithKey(team: object): Promise<{ teamId: string; key: string }> {
  const { team_id: teamId } = await ask('POST', '/team/new', team);
  const { key } = await ask('POST', '/key/generate', { team_id: teamId });
  return { teamId, key };
}

test('a team without credits calls until its budget in USD is spent, and no further', async () => {
  const { teamId, key } = await teamWithKey({ max_budget: 0.05, budget_duration: '30d' });
  expect((await quartermaster.call(key)).status).toBe(200);
  await quartermaster.drain();
  const { team_info: team } = await ask('GET', '/team/info', { team_id: teamId });
  expect(team.spend).toBeGreaterThan(0);
  await ask('POST', '/team/update', { team_id: teamId, max_budget: team.spend });
  const refused = await quartermaster.call(key);
  expect(refused.status).toBe(429);
  expect(await refused.text()).toContain('Budget has been exceeded!');
  await ask('POST', '/team/update', { team_id: teamId, max_budget: null });
  expect((await quartermaster.call(key)).status).toBe(200);
  expect(await quartermaster.drift(teamId)).toBe(0n);
});

test('a blocked team is refused on the next call, and served again when it is unblocked', async () => {
  const { teamId, key } = await teamWithKey({});
  await ask('POST', '/team/block', { team_id: teamId });
  expect((await quartermaster.call(key)).status).toBe(403);
  await ask('POST', '/team/unblock', { team_id: teamId });
  expect((await quartermaster.call(key)).status).toBe(200);
});

test('a team that is deleted while it is called: the call ends and is charged, the ledger stays', async () => {
  const { teamId, key } = await teamWithKey({});
  const streaming = await quartermaster.call(key, { stream: true });
  await ask('POST', '/team/delete', { team_ids: [teamId] });
  expect(await streaming.text()).toContain('[DONE]');
  expect((await quartermaster.call(key)).status).toBe(401);
  await quartermaster.drain();
  const account = await quartermaster.stores.records.ledger.account(teamId);
  expect(account?.used).toBeGreaterThan(0n);
  expect(await quartermaster.drift(teamId)).toBe(0n);
});

test('what was used stands in the activity and spend of the day', async () => {
  const { teamId, key } = await teamWithKey({});
  await quartermaster.call(key);
  await quartermaster.drain();
  const activity = await ask('GET', '/team/daily/activity', { team_ids: teamId });
  expect(activity).toMatchObject({
    results: [{ metrics: { api_requests: 1 }, breakdown: { entities: { [teamId]: {} } } }],
    metadata: { total_api_requests: 1, page: 1, has_more: false },
  });
  const { spend } = await ask('GET', '/global/spend', {});
  expect(spend).toBeGreaterThanOrEqual(activity.metadata.total_spend);
  const keys = await ask('GET', '/spend/keys', {});
  expect(keys[0].spend).toBeGreaterThan(0);
});
