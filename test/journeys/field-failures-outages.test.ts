// How outages opened the door or lost usage elsewhere, each tried here: Redis gone, full, emptied or
// restarted, and a proxy that is told to stop with calls under way.

import { afterEach, describe, expect, test } from 'vitest';
import {
  callsOf,
  CHARGES,
  CRASH_CONFIG,
  crashTeam,
  expectBalanced,
  startProxyProcess,
} from '../support/crash-scene.ts';
import {
  budgetFor,
  callAtOnce,
  callExactly,
  fieldOptions,
  setCeilings,
} from '../support/field-scene.ts';
import { startHeldProvider } from '../support/held-provider.ts';
import type { HeldProvider } from '../support/held-provider.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { startOwnRedis } from '../support/redis-for-tests.ts';

let redis: OwnServer;
let held: HeldProvider;
let qm: Quartermaster;
afterEach(async () => {
  await qm[Symbol.asyncDispose]();
  await held.close();
  await redis.stop();
});

async function start(appendOnly = true): Promise<void> {
  redis = await startOwnRedis({ appendOnly });
  held = await startHeldProvider();
  held.allow('last byte');
  qm = await startQuartermaster({ redisUrl: redis.url, ...fieldOptions(held) });
}

/** A team whose budget pays for three calls; its balance pays for many. */
async function newTeam(calls = 3) {
  const team = await qm.team({ credits: 10n ** 12n, terms: { budgetMode: 'consumption_usd' } });
  await setCeilings(qm, { kind: 'team', teamId: team.id }, budgetFor(calls, '1y'));
  return team;
}

const isUp = async (up: boolean): Promise<void> =>
  expect.poll(() => qm.gate.isUp(), { timeout: 10_000 }).toBe(up);

describe('strict enforcement that fails open', () => {
  test('Redis is gone: every call is refused, none reaches a provider, and no limit is counted per process', async () => {
    await start();
    const team = await newTeam();
    expect((await callExactly(qm, team.secretKey)).status).toBe(200);
    await redis.kill9();
    await isUp(false);
    const before = held.calls();
    const { passed, codes } = await callAtOnce(qm, team.secretKey, 20);
    expect({ passed, codes }).toEqual({ passed: 0, codes: ['gate_unavailable'] });
    expect(held.calls()).toBe(before);
    await redis.restart();
    await isUp(true);
    const passing = async () => (await callExactly(qm, team.secretKey)).status;
    await expect.poll(passing, { timeout: 10_000 }).toBe(200);
    expect((await callAtOnce(qm, team.secretKey, 5)).passed).toBe(1);
  });

  test('Redis is full: nothing new is let through, and what is under way still settles', async () => {
    await start();
    const team = await newTeam();
    held.reset();
    held.allow('first byte');
    const underWay = [
      callExactly(qm, team.secretKey, { stream: true }),
      callExactly(qm, team.secretKey),
    ];
    await held.arrived(2);
    const client = qm.gate.connection.redis;
    expect(await client.config('GET', 'maxmemory-policy')).toContain('noeviction');
    await client.config('SET', 'maxmemory', '1mb');
    const refused = await callExactly(qm, team.secretKey);
    expect(refused).toMatchObject({ status: 503, code: 'gate_unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(held.calls()).toBe(2);
    held.allow('last byte');
    expect((await Promise.all(underWay)).map((call) => call.status)).toEqual([200, 200]);
    expect(qm.gate.isOwing()).toBe(false);
    await qm.drain();
    const events = await qm.postgres.usageEvent.findMany({ where: { teamId: team.id } });
    expect(events.map((event) => event.outcome)).toEqual(['completed', 'completed']);
    await client.config('SET', 'maxmemory', '0');
    expect((await callAtOnce(qm, team.secretKey, 5)).passed).toBe(1);
    expect(await qm.drift(team.id)).toBe(0n);
  });
});

describe('usage zeroed by a restart', () => {
  test.each([
    ['restarts without anything that it had', async () => redis.restart()],
    [
      'is emptied while it runs',
      async () => {
        await qm.gate.connection.redis.flushall();
      },
    ],
  ])('Redis %s: the budget counts on, what was drained and what was not', async (_, forget) => {
    await start(false);
    const team = await newTeam();
    await callExactly(qm, team.secretKey);
    await qm.drain();
    await callExactly(qm, team.secretKey);
    await forget();
    await isUp(true);
    const passed: number[] = [];
    const call = async () => {
      const { status } = await callExactly(qm, team.secretKey);
      passed.push(...(status === 200 ? [status] : []));
      return status;
    };
    await expect.poll(call, { timeout: 10_000 }).toBe(429);
    expect(passed).toHaveLength(1);
    const [meter] = await qm.gate.meters({ kind: 'team', teamId: team.id }, 'acme');
    expect(meter).toMatchObject({ used: meter?.max, held: 0 });
    await qm.drain();
    expect(await qm.drift(team.id)).toBe(0n);
  });
});

test('usage lost at shutdown: a proxy that is told to stop in the middle of its calls has charged all that it delivered', async () => {
  redis = await startOwnRedis();
  held = await startHeldProvider();
  qm = await startQuartermaster({
    redisUrl: redis.url,
    configText: CRASH_CONFIG,
    addresses: { HELD_PROVIDER: held.url },
    reservationDeadlineMs: 2_000,
  });
  const proxy = await startProxyProcess(qm);
  try {
    const team = await crashTeam(qm, 'job_based');
    proxy.provider.allow('last byte');
    const before = await Promise.all(callsOf(proxy.url, team, 20).map(async (call) => call.ended));
    expect(before.filter((call) => !call.delivered)).toEqual([]);
    proxy.provider.reset();
    proxy.provider.allow('middle');
    const ending = callsOf(proxy.url, team, 20);
    await proxy.provider.arrived(20);
    const stopped = proxy.child.stop();
    // Nobody new gets in, and those under way come to their end.
    const listens = async (): Promise<boolean> =>
      fetch(`${proxy.url}/health/live`).then(
        async (response) => (await response.text()) !== '',
        () => false,
      );
    await expect.poll(listens, { timeout: 3_000, interval: 10 }).toBe(false);
    proxy.provider.allow('last byte');
    const seen = [...before, ...(await Promise.all(ending.map(async (call) => call.ended)))];
    expect(await stopped).toBe(0);
    expect(seen.filter((call) => !call.delivered)).toEqual([]);
    const books = await expectBalanced(qm, team, seen, 'stopped');
    expect(books.charged).toBe(CHARGES.job_based * BigInt(seen.length));
    expect(books.events.filter((event) => event.estimated)).toEqual([]);
  } finally {
    await proxy.close();
  }
});
