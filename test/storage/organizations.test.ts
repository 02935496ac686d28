import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

test('the list of organizations says of each what its own record says, in the order of their ids', async () => {
  const { organizations } = qm.stores.records;
  const { id } = await qm.team();
  const found = await qm.stores.records.teams.find(id);
  const organizationId = found?.organizationId ?? '';
  await organizations.update(organizationId, {
    channelId: 'C0ACME',
    status: 'suspended',
    statusReason: 'Unpaid',
    statusUntil: new Date('2027-01-02T03:04:05.678Z'),
    usageRetentionDays: 400,
    models: ['gpt-4o', 'claude-*'],
    metadata: { contract: { of: 2026 } },
  });
  await qm.postgres.organization.create({ data: { id: 'another', name: 'Another' } });
  const all = await organizations.list();
  expect(all).toEqual(await Promise.all(all.map(async (each) => organizations.find(each.id))));
  expect(all.map((each) => each.id)).toEqual(all.map((each) => each.id).toSorted());
  expect(all.length).toBeGreaterThan(1);
  expect((await organizations.list({ channelId: 'C0ACME' })).map((each) => each.id)).toEqual([
    organizationId,
  ]);
});
