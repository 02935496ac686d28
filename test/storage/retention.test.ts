import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { refundUsage } from '../../src/core/credits/refund.ts';
import { createOrganization } from '../../src/core/organizations/create-organization.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { pruneLeftovers } from '../../src/storage/prune-leftovers.ts';
import { pruneUsage } from '../../src/storage/prune-usage.ts';
import { makeUsageMonths } from '../../src/storage/usage-months.ts';
import { verifyAccounts } from '../../src/storage/verify-ledger.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { handInEvents } from '../support/usage-events.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const NOW_MS = Date.parse('2027-06-15T10:00:00Z');
const ago = (days: number): Date => new Date(NOW_MS - days * DAY_MS);
const prune = async () => pruneUsage(qm.postgres, { retentionDays: 100, nowMs: NOW_MS });

/** A UUIDv7 of a moment. */
function idAt(at: Date, last: number): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(last).padStart(12, '0')}`;
}

async function teamOf(organizationId: string, usageRetentionDays: number | null) {
  await createOrganization(qm.stores, SYSTEM, { id: organizationId, name: organizationId });
  await updateOrganization(qm.stores, SYSTEM, organizationId, { usageRetentionDays });
  const { id: teamId, keyId } = await qm.team({ id: `${organizationId}-team`, organizationId });
  return { organizationId, teamId, keyId };
}

const idsOf = async (teamId: string): Promise<string[]> =>
  (await qm.postgres.usageEvent.findMany({ where: { teamId }, orderBy: { id: 'asc' } })).map(
    (row) => row.id,
  );

test('calls go with the time of their organization; what they add up to, ledger and refunds stay', async () => {
  const short = await teamOf('short', 40);
  const usual = await teamOf('usual', null);
  const calls = [200, 90, 50, 10].map((days, at) => ({ at: ago(days), id: idAt(ago(days), at) }));
  const [oldest, , younger, youngest] = calls.map((call) => call.id);
  for (const days of [200, 90, 50, 10]) {
    await makeUsageMonths(qm.postgres, ago(days).getTime());
  }
  await handInEvents(
    qm,
    calls.map((call) => ({ ...short, ...call })),
  );
  await handInEvents(
    qm,
    calls.map((call, at) => ({ ...usual, ...call, id: idAt(call.at, 10 + at) })),
  );
  await qm.drain();

  for (const { id, at } of calls) {
    const whose = { jobId: 'a-job', callId: id, organizationId: short.organizationId };
    await qm.stores.records.jobs.notePurpose({ ...whose, purpose: 'read', createdAt: at });
  }

  const pruned = await Promise.all([prune(), prune()]);
  expect(await qm.postgres.jobCallPurpose.findMany()).toMatchObject([{ callId: youngest }]);
  expect(pruned[0].calls + pruned[1].calls + pruned[0].months + pruned[1].months).toBeGreaterThan(
    0,
  );
  expect(await idsOf(short.teamId)).toEqual([youngest]);
  expect(await idsOf(usual.teamId)).toHaveLength(3);
  expect(await prune()).toEqual({ months: 0, calls: 0, hours: 0 });

  const scope = { kind: 'team', teamId: short.teamId } as const;
  const range = { from: ago(400), to: ago(0), scope, by: [] } as const;
  const [sum] = await qm.stores.records.usage.range({ ...range, step: 'all' });
  expect(sum).toMatchObject({ calls: 4n, charge: 4_000_000n });
  expect(await qm.stores.records.usage.range({ ...range, step: 'hour' })).toHaveLength(1);
  expect((await verifyAccounts(qm.postgres)).broken).toEqual([]);

  // It shares its posting with calls that are gone, and still finds its own grant.
  const wish = { amount: undefined, reason: 'broken answer' };
  expect(
    await refundUsage(qm.stores, SYSTEM, { ...wish, eventId: youngest ?? '', reference: 'one' }),
  ).toMatchObject({ entry: { amount: 1_000_000n } });
  const refused = await refundUsage(qm.stores, SYSTEM, {
    ...wish,
    eventId: oldest ?? '',
    reference: 'two',
  });
  expect(refused).toMatchObject({ refused: 'charge_pruned' });
  expect(
    await refundUsage(qm.stores, SYSTEM, {
      ...wish,
      eventId: idAt(new Date(NOW_MS), 1),
      reference: 'three',
    }),
  ).toMatchObject({ refused: 'charge_unknown' });

  // Whether it was charged long ago cannot be told any more, so it is not charged again.
  await handInEvents(qm, [{ ...short, at: ago(50), id: younger ?? '' }]);
  await qm.drain();
  expect((await qm.stores.records.ledger.account(short.teamId))?.used).toBe(4_000_000n);
  const [aside] = await qm.postgres.setAsideEvent.findMany();
  expect(aside?.complaint).toContain('whether it was charged is not known any more');
});

test('a month of which nobody keeps anything is dropped whole', async () => {
  await makeUsageMonths(qm.postgres, Date.parse('2020-02-15'));
  const dropped = await Promise.all([prune(), prune()]);
  expect(dropped[0].months + dropped[1].months).toBe(3);
});

test.each([34, 3_651, 40.5])('keeping calls for %s days is refused', async (usageRetentionDays) => {
  await createOrganization(qm.stores, SYSTEM, { id: 'odd', name: 'odd' });
  expect(await updateOrganization(qm.stores, SYSTEM, 'odd', { usageRetentionDays })).toMatchObject({
    refused: 'value_invalid',
  });
});

test('notes of what was done go when nobody needs them, and no sooner', async () => {
  const { postgres } = qm;
  const { teamId, keyId } = await teamOf('notes', null);
  const link = { keyId, teamId, createdBy: 'ann', sealed: null };
  await postgres.receipt.createMany({
    data: [
      { key: 'slack:old', fingerprint: '', answer: {}, createdAt: ago(91) },
      { key: 'slack:new', fingerprint: '', answer: {}, createdAt: ago(89) },
      { key: 'sign-in-key:old', fingerprint: '', answer: {}, createdAt: ago(91) },
    ],
  });
  await postgres.outboxEvent.updateMany({ data: { sentAt: ago(1) } });
  await postgres.outboxEvent.createMany({
    data: [
      { kind: 'catalog.changed', payload: {}, sentAt: ago(8) },
      { kind: 'catalog.changed', payload: {}, createdAt: ago(300) },
    ],
  });
  await postgres.revealLink.createMany({
    data: [
      { ...link, id: 'old', expiresAt: ago(31) },
      { ...link, id: 'new', expiresAt: ago(29) },
    ],
  });
  const plan = { actor: 'slack:U0MANAGER', action: {}, teamIds: [], seen: {} };
  await postgres.bulkPlan.createMany({
    data: [
      { ...plan, id: 'old', createdAt: ago(2) },
      { ...plan, id: 'new', createdAt: ago(0.1) },
    ],
  });
  const expected = { bulk_plans: 1, receipts: 1, outbox_events: 1, reveal_links: 1 };
  expect(await pruneLeftovers(postgres, NOW_MS)).toMatchObject(expected);
  expect(await postgres.revealLink.count({ where: { id: 'new' } })).toBe(1);
  expect(await postgres.outboxEvent.count({ where: { sentAt: null } })).toBe(1);
});
