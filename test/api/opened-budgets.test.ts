// Budgets that go on with what was spent of them in another system.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const team = { organization_id: 'acme', team_id: 'acme-prod', access_groups: ['gpt-models'] };
  await door.ask('POST', '/api/teams/create', { ...team, credits_allocated: 100 });
});
afterAll(async () => door.close());

const put = async (...budgets: object[]) =>
  door.ask('PUT', '/api/teams/acme-prod/limits', { limits: [], budgets });

test('a new budget begins with it in the gate, and the audit trail says so', async () => {
  const told = await put(
    { max_usd: 10, duration: '30d', spent_usd: '7.5' },
    { max_usd: 3, spent_usd: 1 },
  );
  expect(told.json.budgets).toMatchObject([{ used_usd: 7.5 }, { used_usd: 1 }]);
  const [line] = await door.postgres.auditEntry.findMany({
    where: { action: 'team.ceilings_changed' },
  });
  expect(line?.after).toMatchObject({
    spentBefore: { 'budget-1mo': '7.50', 'budget-ever': '1.00' },
  });
});

test('one that counts already goes on as it is, also after it was away', async () => {
  const again = await put({ max_usd: 12, duration: '30d', spent_usd: 2 });
  expect(again.json.budgets).toMatchObject([{ max_usd: 12, used_usd: 7.5 }]);
  await put();
  const back = await put({ max_usd: 10, duration: '30d', spent_usd: 2 });
  expect(back.json.budgets).toMatchObject([{ used_usd: 7.5 }]);
  const [line] = await door.stores.records.audit.search({ teamId: 'acme-prod', limit: 1 });
  expect(line?.action).toBe('team.ceilings_changed');
  expect(line?.after).not.toHaveProperty('spentBefore');
});

test.each([-1, '-0.5', 1e12, 'much'])('refuses %j, and changes nothing', async (spent) => {
  const before = await door.stores.records.teams.find('acme-prod');
  expect((await put({ max_usd: 5, spent_usd: spent })).status).toBe(400);
  expect(await door.stores.records.teams.find('acme-prod')).toEqual(before);
});
