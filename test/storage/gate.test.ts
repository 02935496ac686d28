import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import type { AdmissionAsk, KeyIdentity, Settlement } from '../../src/core/gateway/gate.ts';
import { hashOfKey, lastFourOf } from '../../src/core/keys/virtual-key.ts';
import { multiplyDivideRoundingUp } from '../../src/core/pricing/charge.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { createScripts } from '../../src/storage/gate/scripts.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import { PEPPER, startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const shard = (): ShardKeys => qm.gate.shards[shardOf('acme')] as ShardKeys;
const balance = async (teamId: string) => qm.gate.balance({ id: teamId, organizationId: 'acme' });

async function identityOf(secretKey: string): Promise<KeyIdentity> {
  const identity = await qm.gate.identify(hashOfKey(secretKey, PEPPER), lastFourOf(secretKey));
  if (identity === undefined) {
    throw new Error('the key is unknown');
  }
  return identity;
}

const ask = (identity: KeyIdentity): AdmissionAsk => askOf(identity);
const settlement = (call: AdmissionAsk, charge = 1_000_000n): Settlement =>
  settlementOfAsk(call, { charge });

describe('a reservation', () => {
  test('ends once, however often it is settled', async () => {
    const team = await qm.team();
    const call = ask(await identityOf(team.secretKey));
    await qm.gate.admit(call);
    await Promise.all(Array.from({ length: 10 }, async () => qm.gate.settle(settlement(call))));
    await qm.gate.settle(settlement(call));
    expect(await balance(team.id)).toMatchObject({ charged: 1_000_000n, reserved: 0n });
    expect(await qm.drift(team.id)).toBe(0n);
  });

  test('is never charged above what it held, and the excess is told', async () => {
    const team = await qm.team();
    const call = ask(await identityOf(team.secretKey));
    await qm.gate.admit(call);
    expect(await qm.gate.settle(settlement(call, 3_500_000n))).toMatchObject({
      chargedMicrocredits: 1_000_000,
      excessMicrocredits: 2_500_000,
    });
    await qm.drain();
    const event = await qm.postgres.usageEvent.findUniqueOrThrow({
      where: { id: call.reservationId },
    });
    expect(event).toMatchObject({ charge: 1_000_000n, excess: 2_500_000n });
  });

  test('that nobody ends is released by the reaper after its deadline, and not before', async () => {
    const short = await startQuartermaster({ reservationDeadlineMs: 100 });
    try {
      const team = await short.team();
      const identity = await short.gate.identify(hashOfKey(team.secretKey, PEPPER), '');
      const call = ask(identity as KeyIdentity);
      await short.gate.admit(call);
      const keys = short.gate.shards[shardOf('acme')] as ShardKeys;
      expect(await reapShard(short.gate, short.source, keys, Date.now() - 1_000)).toBe(0);
      const own = { id: team.id, organizationId: 'acme' };
      expect((await short.gate.balance(own)).reserved).toBe(1_000_000n);
      await expect.poll(async () => reapShard(short.gate, short.source, keys, Date.now())).toBe(1);
      expect(await short.gate.balance(own)).toMatchObject({ reserved: 0n, charged: 0n });
      await short.drain();
      const event = await short.postgres.usageEvent.findFirstOrThrow({
        where: { teamId: team.id },
      });
      expect(event).toMatchObject({ outcome: 'abandoned', charge: 0n });
      expect(await short.drift(team.id)).toBe(0n);
    } finally {
      await short[Symbol.asyncDispose]();
    }
  });

  test('that was marked is settled by the reaper for its last mark; its owner, back again, pays the rest', async () => {
    const short = await startQuartermaster({ reservationDeadlineMs: 100 });
    try {
      const team = await short.team();
      const identity = await short.gate.identify(hashOfKey(team.secretKey, PEPPER), '');
      const call = ask(identity as KeyIdentity);
      await short.gate.admit(call);
      await short.gate.mark([{ ...settlement(call, 400_000n), estimated: true }]);
      const keys = short.gate.shards[shardOf('acme')] as ShardKeys;
      await expect.poll(async () => reapShard(short.gate, short.source, keys, Date.now())).toBe(1);
      const own = { id: team.id, organizationId: 'acme' };
      expect(await short.gate.balance(own)).toMatchObject({ reserved: 0n, charged: 400_000n });
      await short.gate.settle(settlement(call));
      await short.gate.settle(settlement(call));
      expect(await short.gate.balance(own)).toMatchObject({ reserved: 0n, charged: 1_000_000n });
      await short.drain();
      const events = await short.postgres.usageEvent.findMany({
        where: { teamId: team.id },
        orderBy: { id: 'asc' },
      });
      expect(events).toMatchObject([
        { id: call.reservationId, estimated: true, charge: 400_000n },
        { id: `${call.reservationId}:late`, estimated: false, charge: 600_000n },
      ]);
      expect(await short.drift(team.id)).toBe(0n);
    } finally {
      await short[Symbol.asyncDispose]();
    }
  });

  test('is not reaped while marks keep coming', async () => {
    const team = await qm.team();
    const call = ask(await identityOf(team.secretKey));
    await qm.gate.admit(call);
    const { redis } = qm.gate.connection;
    const packed = await redis.hget(shard().open, call.reservationId);
    await redis.hset(
      shard().open,
      call.reservationId,
      packed?.replace(/\|\d+\|0\|/, '|1|0|') ?? '',
    );
    await qm.gate.mark([settlement(call)]);
    expect(await reapShard(qm.gate, qm.source, shard(), Date.now())).toBe(0);
    expect((await balance(team.id)).reserved).toBe(1_000_000n);
    await qm.gate.settle(settlement(call));
  });
});

describe('the projection', () => {
  test('tells the balances of the teams that it holds, and loads no others', async () => {
    const [called, idle] = [await qm.team(), await qm.team()];
    const call = ask(await identityOf(called.secretKey));
    await qm.gate.admit(call);
    await qm.gate.connection.redis.unlink(shard().team(idle.id));
    const teams = [called, idle].map(({ id }) => ({ id, organizationId: 'acme' }));
    const balances = await qm.gate.balances(teams);
    expect([...balances.keys()]).toEqual([called.id]);
    expect(balances.get(called.id)).toEqual(await balance(called.id));
    expect(balances.get(called.id)).toMatchObject({ reserved: 1_000_000n });
  });

  test('of an epoch that is over tells no balance', async () => {
    const { id } = await qm.team();
    const team = { id, organizationId: 'acme' };
    await balance(id);
    await qm.gate.connection.redis.hset(shard().team(id), 'generation', '0');
    expect([...(await qm.gate.balances([team])).keys()]).toEqual([]);
  });

  test('is loaded when it is missing, and right about what is held and not yet drained', async () => {
    const team = await qm.team({ credits: 10_000_000n });
    const identity = await identityOf(team.secretKey);
    const [open, done, drained] = [ask(identity), ask(identity), ask(identity)];
    await Promise.all([open, done, drained].map(async (call) => qm.gate.admit(call)));
    await qm.gate.settle(settlement(drained));
    await qm.drain();
    await qm.gate.settle(settlement(done));
    await qm.gate.connection.redis.del(shard().team(team.id));
    expect(await balance(team.id)).toEqual({
      funded: 10_000_000n,
      charged: 2_000_000n,
      reserved: 1_000_000n,
      spendable: 7_000_000n,
    });
    await qm.gate.settle(settlement(open));
    expect(await qm.drift(team.id)).toBe(0n);
  });

  test('lets a call pass after every record of the gate was lost', async () => {
    // Of its own: for a moment after it was emptied the gate lets nothing through.
    const emptied = await startQuartermaster();
    try {
      const team = await emptied.team();
      await emptied.gate.connection.redis.flushdb();
      await expect
        .poll(async () => (await emptied.call(team.secretKey)).status, { timeout: 10_000 })
        .toBe(200);
      await expect.poll(async () => emptied.drift(team.id), { timeout: 10_000 }).toBe(0n);
    } finally {
      await emptied[Symbol.asyncDispose]();
    }
  });

  test('never goes back to an older version', async () => {
    const team = await qm.team();
    const older = await qm.source.team(team.id);
    if (older === undefined) {
      throw new Error('no team');
    }
    await qm.stores.records.teams.update(team.id, { status: 'suspended' });
    await topUp(qm.stores, SYSTEM, {
      teamId: team.id,
      amount: 5_000_000n,
      reason: 'r',
      reference: 'r',
    });
    // Read as it stands: asking for the balance would bring the newest first.
    const stands = async () => qm.gate.connection.redis.hgetall(shard().team(team.id));
    const before = await stands();
    expect(before).toMatchObject({
      status: 'suspended',
      funded: String(older.account.funded + 5_000_000n),
    });
    await createScripts()(
      qm.gate.connection.redis,
      'project-team',
      [shard().epoch, shard().team(team.id), shard().open, shard().usage],
      [
        qm.gate.connection.run() ?? '',
        'locked',
        team.id,
        String(older.row.version),
        '0-0',
        '',
        '0',
        String(older.account.funded),
        String(older.account.fundingSequence),
        '0',
        ...'status active until 0 groups - basis call multiplier 1 divisor 1'.split(' '),
        ...'overdraft 0 overdraft_until 0'.split(' '),
      ],
    );
    expect(await stands()).toEqual(before);
    expect((await qm.call(team.secretKey)).status).toBe(403);
  });
});

test('the gate and TypeScript multiply and divide to the same integer', async () => {
  const source = `${(await import('node:fs')).readFileSync(
    new URL('../../src/storage/gate/scripts/arithmetic.lua', import.meta.url),
    'utf8',
  )}
  local found = {}
  for at = 1, #ARGV, 3 do
    found[#found + 1] = whole(multiply_divide(tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])))
  end
  return found`;
  const cases = Array.from({ length: 3_000 }, () => [
    Math.floor(Math.random() * 1e12),
    Math.floor(1 + Math.random() * 1e9),
    [1, 1_000, 10_000, 1_000_000_000][Math.floor(Math.random() * 4)] as number,
  ]).filter(([quantity, multiplier, divisor]) => (quantity! * multiplier!) / divisor! < 1e15);
  const found = (await qm.gate.connection.redis.eval(source, 0, ...cases.flat())) as string[];
  expect(found.map(Number)).toEqual(
    cases.map(([q, m, d]) => multiplyDivideRoundingUp(q as number, m as number, d as number)),
  );
  expect(found.map(BigInt)).toEqual(
    cases.map(([q, m, d]) => (BigInt(q!) * BigInt(m!) + BigInt(d!) - 1n) / BigInt(d!)),
  );
});
