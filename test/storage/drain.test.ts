import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { retrySetAside } from '../../src/storage/set-aside.ts';
import { makeUsageMonths } from '../../src/storage/usage-months.ts';
import { verifyAccounts } from '../../src/storage/verify-ledger.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { handInEvents, packedEvent } from '../support/usage-events.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const stream = (): string => (qm.gate.shards[shardOf('acme')] as ShardKeys).usage;

/** A team whose calls are put into the stream by hand. */
async function team() {
  const { id: teamId, keyId } = await qm.team();
  return { organizationId: 'acme', teamId, keyId, at: new Date() };
}

const usedBy = async (teamId: string) => (await qm.stores.records.ledger.account(teamId))?.used;
const eventsOf = async (teamId: string) => qm.postgres.usageEvent.count({ where: { teamId } });

const monthOf = async (id: string): Promise<string | undefined> => {
  const [row] = await qm.postgres.$queryRaw<{ place: string }[]>`
    SELECT tableoid::regclass::text AS place FROM usage_events WHERE id = ${id}`;
  return row?.place;
};

describe('an event that the database refuses', () => {
  test('is set aside alone, and the batch around it is charged', async () => {
    const whose = await team();
    const good = Array.from({ length: 20 }, () => whose);
    await handInEvents(qm, [...good, { ...whose, id: 'zero', model: 'gpt-\u00004o' }, ...good]);
    await qm.drain();
    expect(await eventsOf(whose.teamId)).toBe(40);
    expect(await usedBy(whose.teamId)).toBe(40_000_000n);
    const [aside] = await qm.postgres.setAsideEvent.findMany();
    expect(aside?.complaint).toContain('0x00');
    expect(JSON.stringify(aside?.fields)).toContain(' zero ');
    await qm.postgres.setAsideEvent.deleteMany();
  });

  test('can be tried again once its cause is gone, and is then charged once', async () => {
    const packed = packedEvent({ ...(await team()), teamId: 'not-yet', id: newId() });
    const spent = `1000 team:not-yet,budget-1d,${Date.parse('2026-01-01')}`;
    await qm.gate.connection.redis.xadd(stream(), '*', 'e', packed, 'b', spent);
    await qm.drain();
    expect(await retrySetAside(qm.postgres)).toMatchObject({
      written: [],
      refused: [{ complaint: 'There is no team not-yet' }],
    });
    await qm.team({ id: 'not-yet' });
    const [aside] = await qm.postgres.setAsideEvent.findMany();
    const name = { shard: aside?.shard ?? -1, position: aside?.position ?? '' };
    const retried = await Promise.all([
      retrySetAside(qm.postgres, name),
      retrySetAside(qm.postgres, name),
    ]);
    expect(retried.flatMap((one) => one.written)).toEqual([name]);
    expect(await usedBy('not-yet')).toBe(1_000_000n);
    expect(await qm.postgres.setAsideEvent.count()).toBe(0);
    const [spend] = await qm.postgres.budgetSpend.findMany({ where: { subject: 'team:not-yet' } });
    expect(spend?.spentNanoUsd).toBe(1_000n);
  });
});

describe('an event that comes twice', () => {
  test('is charged once: in one batch, in another, and beside new ones', async () => {
    const whose = await team();
    const [one, two] = [newId(), newId()];
    await handInEvents(qm, [
      { ...whose, id: one },
      { ...whose, id: one },
    ]);
    await qm.drain();
    await handInEvents(qm, [
      { ...whose, id: one },
      { ...whose, id: two },
      { ...whose, id: one, at: new Date(0) },
    ]);
    await qm.drain();
    expect(await eventsOf(whose.teamId)).toBe(2);
    expect(await usedBy(whose.teamId)).toBe(2_000_000n);
    expect(await qm.postgres.setAsideEvent.count()).toBe(0);
  });

  test('is charged once across the boundary of two months', async () => {
    const whose = await team();
    const next = new Date(whose.at.getFullYear(), whose.at.getMonth() + 1, 1);
    const boundary = Date.UTC(next.getFullYear(), next.getMonth(), 1);
    const ids = [idAt(boundary - 1), idAt(boundary)];
    const events = ids.map((id) => ({ ...whose, id }));
    await handInEvents(qm, events);
    await qm.drain();
    await handInEvents(qm, events);
    await qm.drain();
    expect(await eventsOf(whose.teamId)).toBe(2);
    expect(await usedBy(whose.teamId)).toBe(2_000_000n);
    expect(new Set(await Promise.all(ids.map(monthOf))).size).toBe(2);
  });
});

describe('months of usage events', () => {
  test('hold what was made in them, and take what came before they were there', async () => {
    const whose = await team();
    const now = newId();
    const later = idAt(Date.parse('2031-03-31T23:59:59.999Z'));
    await handInEvents(qm, [
      { ...whose, id: now },
      { ...whose, id: later },
      { ...whose, id: 'of-another-kind' },
    ]);
    await qm.drain();
    expect(await monthOf(now)).toMatch(/^usage_partitions\.m\d{4}_\d{2}$/);
    expect(await monthOf(later)).toBe('usage_partitions.other');
    const inMarch = Date.parse('2031-03-15');
    const made = await Promise.all([
      makeUsageMonths(qm.postgres, inMarch),
      makeUsageMonths(qm.postgres, inMarch),
    ]);
    expect(made[0] + made[1]).toBe(3);
    expect(await monthOf(later)).toBe('usage_partitions.m2031_03');
    expect(await monthOf('of-another-kind')).toBe('usage_partitions.other');
    expect(await eventsOf(whose.teamId)).toBe(3);
  });
});

describe('verifying the ledger', () => {
  test('finds nothing where all was written by the product, and names what was not', async () => {
    const whose = await team();
    await handInEvents(qm, [whose, whose]);
    await qm.drain();
    expect((await verifyAccounts(qm.postgres)).broken).toEqual([]);
    await qm.postgres.$executeRaw`
      UPDATE usage_by_team SET charge = charge - 1 WHERE team_id = ${whose.teamId} AND grain = 'month'`;
    await qm.postgres.$executeRaw`
      UPDATE credit_grants SET remaining = remaining - 1 WHERE team_id = ${whose.teamId}`;
    const { broken } = await verifyAccounts(qm.postgres);
    expect(broken.map(({ account }) => account)).toEqual([
      `team:${whose.teamId}`,
      `team:${whose.teamId}`,
    ]);
    expect(broken.map(({ complaint }) => complaint).join(' ')).toMatch(
      /grants hold 997999999.*months of usage sum to 1999999/,
    );
  });
});

/** A UUIDv7 of a moment. */
function idAt(atMs: number): string {
  const hex = atMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
}
