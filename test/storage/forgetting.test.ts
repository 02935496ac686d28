// Redis forgets: it starts empty, is emptied, or comes back with less than it had. Whatever was delivered
// stays charged, whatever is held stays held, and no credit is reserved twice.

import { afterEach, expect, test } from 'vitest';
import { reapShard } from '../../src/storage/reaper.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';
import { startOwnRedis } from '../support/redis-for-tests.ts';

let redis: OwnServer;
let qm: Quartermaster;
afterEach(async () => {
  await qm[Symbol.asyncDispose]();
  await redis.stop();
});

async function start(appendOnly: boolean, reservationDeadlineMs = 15_000): Promise<void> {
  redis = await startOwnRedis({ appendOnly });
  qm = await startQuartermaster({
    redisUrl: redis.url,
    reservationDeadlineMs,
    markEveryMs: 100,
  });
}

const own = (id: string) => ({ id, organizationId: 'acme' });
const keys = (): ShardKeys => qm.gate.shards[shardOf('acme')] as ShardKeys;

async function restart(): Promise<void> {
  await redis.kill9();
  await comeBack();
}

async function comeBack(): Promise<void> {
  await redis.restart();
  await expect.poll(async () => qm.gate.isUp(), { timeout: 10_000 }).toBe(true);
}

test('a Redis that lost everything hears again of what was settled, drained or not, and charges it once', async () => {
  await start(false);
  const team = await qm.team({ credits: 10_000_000n });
  await qm.call(team.secretKey);
  await qm.drain();
  await qm.call(team.secretKey);
  await qm.call(team.secretKey);
  await restart();
  await expect
    .poll(async () => qm.gate.balance(own(team.id)))
    .toMatchObject({
      spendable: 7_000_000n,
      charged: 3_000_000n,
      reserved: 0n,
    });
  await qm.drain();
  expect(await qm.drift(team.id)).toBe(0n);
  expect((await qm.stores.records.ledger.account(team.id))?.used).toBe(3_000_000n);
});

test('a call under way keeps its reservation through a Redis that lost everything, so nobody spends it twice', async () => {
  await start(false);
  const team = await qm.team({ credits: 1_000_000n });
  const second = await qm.anotherProxy();
  try {
    // Something was drained before, so this is no first start.
    await qm.call((await qm.team()).secretKey);
    await qm.drain();
    qm.provider.plan({ fault: 'slow', times: 1, latencyMs: 4_000 });
    const underWay = qm.call(team.secretKey);
    await expect.poll(async () => (await qm.gate.balance(own(team.id))).reserved).toBe(1_000_000n);
    await restart();
    const thief = await fetch(`${second.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${team.secretKey}` },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(thief.status).toBe(403);
    expect((await underWay).status).toBe(200);
    expect(await qm.gate.balance(own(team.id))).toMatchObject({
      spendable: 0n,
      charged: 1_000_000n,
    });
    await qm.drain();
    expect(await qm.drift(team.id)).toBe(0n);
  } finally {
    await second.close();
  }
});

test('a call that outlasts a restart is not reaped, because its marks go on', async () => {
  await start(true, 1_000);
  const team = await qm.team({ credits: 10_000_000n });
  qm.provider.plan({ fault: 'slow', times: 1, latencyMs: 3_000 });
  const underWay = qm.call(team.secretKey);
  await expect.poll(async () => (await qm.gate.balance(own(team.id))).reserved).toBe(1_000_000n);
  await restart();
  let reaped = 0;
  const reaping = setInterval(() => {
    void reapShard(qm.gate, qm.source, keys(), Date.now()).then((count) => (reaped += count));
  }, 50);
  expect((await underWay).status).toBe(200);
  clearInterval(reaping);
  expect(reaped).toBe(0);
  expect(await qm.gate.balance(own(team.id))).toMatchObject({ charged: 1_000_000n, reserved: 0n });
});

test('an emptied Redis is noticed without a reconnection', async () => {
  await start(false);
  const team = await qm.team({ credits: 10_000_000n });
  await qm.call(team.secretKey);
  await qm.gate.connection.redis.flushall();
  await qm.call(team.secretKey);
  await expect.poll(async () => (await qm.gate.balance(own(team.id))).charged).toBe(2_000_000n);
  await qm.drain();
  expect(await qm.drift(team.id)).toBe(0n);
});

test('events never get positions that count as drained, even when the clock of Redis is behind', async () => {
  await start(false);
  const team = await qm.team({ credits: 10_000_000n });
  await qm.call(team.secretKey);
  await qm.drain();
  const ahead = `${Date.now() + 3_600_000}-0`;
  await qm.postgres.drainPosition.update({
    where: { shard: shardOf('acme') },
    data: { position: ahead },
  });
  await restart();
  await qm.call(team.secretKey);
  await qm.drain();
  expect((await qm.stores.records.ledger.account(team.id))?.used).toBe(2_000_000n);
  expect(await qm.drift(team.id)).toBe(0n);
});

test('while Redis is gone calls get 503 with Retry-After, and pass again when it is back', async () => {
  await start(true);
  const team = await qm.team();
  expect((await qm.call(team.secretKey)).status).toBe(200);
  await redis.kill9();
  await expect.poll(async () => qm.gate.isUp()).toBe(false);
  const refused = await qm.call(team.secretKey);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(((await refused.json()) as { error: { code: string } }).error.code).toBe(
    'gate_unavailable',
  );
  await comeBack();
  expect((await qm.call(team.secretKey)).status).toBe(200);
});

test('admission waits for what proxies hand in, though nothing was ever drained', async () => {
  await start(false);
  const waited = async (): Promise<number> => {
    const { redis: gate } = qm.gate.connection;
    const [renewed, opens] = await gate.hmget(keys().epoch, 'renewed_ms', 'opens_ms');
    return Number(opens) - Number(renewed);
  };
  const team = await qm.team();
  expect((await qm.call(team.secretKey)).status).toBe(200);
  expect(await waited()).toBe(0);
  await restart();
  expect((await qm.call(team.secretKey)).status).toBe(200);
  expect(await waited()).toBe(1_500);
});
