// What passes for something else: a call for a job, a name for another call, a lapse for a payment, an emptied
// Redis for one that always was empty, a fast clock for a deadline.

import { afterEach, expect, test } from 'vitest';
import type { KeyIdentity } from '../../src/core/gateway/gate.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import { PEPPER, startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster, QuartermasterOptions } from '../support/quartermaster.ts';
import { startOwnRedis } from '../support/redis-for-tests.ts';

let qm: Quartermaster;
afterEach(async () => qm[Symbol.asyncDispose]());

const keys = (): ShardKeys => qm.gate.shards[shardOf('acme')] as ShardKeys;
const own = (id: string) => ({ id, organizationId: 'acme' });

async function start(options: QuartermasterOptions = {}) {
  qm = await startQuartermaster(options);
  const team = await qm.team({ credits: 2_000_000n });
  const identity = await qm.gate.identify(hashOfKey(team.secretKey, PEPPER), '');
  return { team, identity: identity as KeyIdentity };
}

test('a call under way does not pass for a job, so nothing is free by its name', async () => {
  const { identity } = await start();
  const stream = askOf(identity);
  expect((await qm.gate.admit(stream)).admitted).toBe(true);
  const verdict = await qm.gate.admit(askOf(identity, { jobId: stream.reservationId }));
  expect(verdict).toMatchObject({ admitted: false, code: 'job_not_open' });
});

test.each([
  ['a line break', 'x\ny'],
  ['what reads as other calls', '\t\t\t\t\t\n4 5 6 0 0 0 0 0 0 0 0 0 0\t\t\t\t\t'],
])(
  '%s in the name of a model is refused, and calls beside it are none the wiser',
  async (_, name) => {
    const { team } = await start();
    const [bad, ...good] = await Promise.all([
      qm.call(team.secretKey, { model: name }),
      qm.call(team.secretKey),
      qm.call(team.secretKey),
    ]);
    expect(bad?.status).toBe(400);
    expect(good.map(({ status }) => status)).toEqual([200, 200]);
    expect(await qm.gate.balance(own(team.id))).toMatchObject({ spendable: 0n });
  },
);

test('who was cut off past the deadline pays the rest, though its lapse is in the records', async () => {
  const { team, identity } = await start({ reservationDeadlineMs: 100 });
  const other = await qm.anotherProxy();
  try {
    const ask = askOf(identity);
    await other.gate.admit(ask);
    other.gate.connection.redis.disconnect();
    const settled = other.gate.settle(settlementOfAsk(ask));
    await expect(settled).rejects.toThrow('Running settle in the gate');
    await expect.poll(async () => reapShard(qm.gate, qm.source, keys(), Date.now())).toBe(1);
    await qm.drain();
    expect(await qm.gate.balance(own(team.id))).toMatchObject({ charged: 0n });
    await other.gate.connection.redis.connect();
    await expect
      .poll(async () => (await qm.gate.balance(own(team.id))).charged, { timeout: 10_000 })
      .toBe(1_000_000n);
    await qm.drain();
    expect(await qm.drift(team.id)).toBe(0n);
  } finally {
    await other.close();
  }
});

test('an emptied Redis that another process renews first hears again of all that was settled and held', async () => {
  const redis = await startOwnRedis({ appendOnly: false });
  try {
    const { team, identity } = await start({ redisUrl: redis.url });
    const other = await qm.anotherProxy();
    try {
      const [settledAsk, openAsk] = [askOf(identity), askOf(identity)];
      await other.gate.admit(settledAsk);
      await other.gate.settle(settlementOfAsk(settledAsk));
      await other.gate.admit(openAsk);
      await qm.gate.connection.redis.flushdb();
      for (const { shard } of qm.gate.shards) {
        await qm.gate.renew(shard);
      }
      await expect
        .poll(async () => qm.gate.balance(own(team.id)), { timeout: 10_000 })
        .toMatchObject({ spendable: 0n, charged: 1_000_000n, reserved: 1_000_000n });
      const verdict = await qm.gate.admit(askOf(identity));
      expect(verdict).toMatchObject({ admitted: false, code: 'credits_exhausted' });
    } finally {
      await other.close();
    }
  } finally {
    await redis.stop();
  }
});

test('a worker whose clock is ahead frees nothing that was withheld', async () => {
  const { team } = await start();
  const held = await qm.gate.withhold({
    organizationId: 'acme',
    teamId: team.id,
    reservationId: 'withheld:test:1',
    amount: 2_000_000n,
    floor: 0n,
    orLess: false,
  });
  expect(held).toMatchObject({ withheld: true });
  const ahead = Date.now() + 3_600_000;
  expect(await reapShard(qm.gate, qm.source, keys(), ahead)).toBe(0);
  expect(await qm.gate.balance(own(team.id))).toMatchObject({ spendable: 0n });
});

test('a reservation that an older memory of Redis brings back is not charged again when it lapses', async () => {
  const { team, identity } = await start({ reservationDeadlineMs: 100 });
  const ask = askOf(identity);
  await qm.gate.admit(ask);
  await qm.gate.mark([settlementOfAsk(ask)]);
  const { redis } = qm.gate.connection;
  const packed = (await redis.hget(keys().open, ask.reservationId)) ?? '';
  await qm.gate.settle(settlementOfAsk(ask));
  await qm.drain();
  await redis.hset(keys().open, ask.reservationId, packed);
  await redis.srem(keys().resolved, ask.reservationId);
  await redis.hincrby(keys().team(team.id), 'held', 1_000_000);
  await redis.hincrby(keys().team(team.id), 'spendable', -1_000_000);
  await expect.poll(async () => reapShard(qm.gate, qm.source, keys(), Date.now())).toBe(1);
  expect(await qm.gate.balance(own(team.id))).toMatchObject({
    spendable: 1_000_000n,
    reserved: 0n,
    charged: 1_000_000n,
  });
  await qm.drain();
  expect(await qm.drift(team.id)).toBe(0n);
});
