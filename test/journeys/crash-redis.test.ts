// Redis is killed right after it reserved, and right after it settled, before the proxy hears of it.
//
// What each mode loses. `everysec`: a killed Redis loses nothing, for what it wrote is the kernel's; where the
// machine goes down, at most the last second is gone. That is noticed by the new run, and repaired: balances
// from the records, and what was settled from the proxies, which hand it in again. Only what a proxy settled
// in that second and took down with it is free. `always`: nothing is lost, even when proxies die with Redis.

import { readdir, truncate, stat } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import {
  callsOf,
  CHARGES,
  CRASH_CONFIG,
  compileOnce,
  crashTeam,
  expectBalanced,
  expectIdentity,
  keysOf,
  startProxyProcess,
  workOnce,
} from '../support/crash-scene.ts';
import type { CrashTeam, ProxyProcess } from '../support/crash-scene.ts';
import type { CallSeen, ObservedCall } from '../support/observed-call.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { startOwnRedis } from '../support/redis-for-tests.ts';
import { scriptCall } from '../support/wire.ts';

/** Killed at each point in each mode, 20 in all, and 2 more together with the machine. */
const ROUNDS = 5;
const ROUNDS_OF_BOTH = 2;
const CALLS_BEFORE = 2;
const CALLS_UNDER_WAY = 6;

let redis: OwnServer;
let qm: Quartermaster;
let proxy: ProxyProcess;
afterEach(async () => {
  await proxy.close();
  await qm[Symbol.asyncDispose]();
  await redis.stop();
});

async function start(fsync: 'everysec' | 'always'): Promise<void> {
  redis = await startOwnRedis({ fsync });
  qm = await startQuartermaster({
    redisUrl: redis.url,
    configText: CRASH_CONFIG,
    addresses: { HELD_PROVIDER: 'http://127.0.0.1:9/v1' },
    reservationDeadlineMs: 2_000,
  });
  await compileOnce(qm);
  proxy = await startProxyProcess(qm);
}

type Point = 'after reserve' | 'after settle';
const POINTS: readonly Point[] = ['after reserve', 'after settle'];

interface Reached {
  readonly team: CrashTeam;
  readonly before: readonly CallSeen[];
  readonly underWay: readonly ObservedCall[];
  /** The size of the append-only file when the calls began. */
  readonly bytes: number;
}

/** Makes calls up to where Redis has done the step and its answer is on the way. */
async function reach(point: Point, number: number): Promise<Reached> {
  const team = await crashTeam(qm, number % 2 === 0 ? 'job_based' : 'consumption_usd');
  const bytes = (await stat(await appendOnlyFile())).size;
  proxy.provider.reset();
  proxy.provider.allow('last byte');
  const before = await Promise.all(
    callsOf(proxy.url, team, CALLS_BEFORE).map(async (call) => call.ended),
  );
  expect(before.filter((call) => !call.delivered)).toEqual([]);
  proxy.provider.allow('nothing');
  proxy.provider.reset();
  if (point === 'after reserve') {
    const sprung = proxy.door.trap(await scriptCall('admit'), 'after');
    const underWay = callsOf(proxy.url, team, CALLS_UNDER_WAY);
    await sprung;
    await redisIsThrough();
    return { team, before, underWay, bytes };
  }
  const underWay = callsOf(proxy.url, team, CALLS_UNDER_WAY);
  await proxy.provider.arrived(CALLS_UNDER_WAY);
  const sprung = proxy.door.trap(await scriptCall('settle'), 'after');
  proxy.provider.allow('last byte');
  await sprung;
  await redisIsThrough();
  return { team, before, underWay, bytes };
}

/** What was sent before has been done when a second question is answered. */
async function redisIsThrough(): Promise<void> {
  await qm.gate.connection.redis.ping();
  await qm.gate.connection.redis.ping();
}

async function appendOnlyFile(): Promise<string> {
  const [, folder = ''] = await raw<string[]>(async (client) => client.config('GET', 'dir'));
  const inside = path.join(folder, 'appendonlydir');
  const names = (await readdir(inside)).filter((name) => name.endsWith('.incr.aof'));
  return path.join(inside, names.sort().at(-1) ?? '');
}

/** Asks Redis itself, past the gate. */
async function raw<Answer>(ask: (client: Redis) => Promise<Answer>): Promise<Answer> {
  const client = new Redis(redis.url);
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

/** Ids of a team's events that Redis has, or that it had drained. */
async function eventsIn(team: CrashTeam): Promise<string[]> {
  const entries = await raw(async (client) => client.xrange(keysOf(qm).usage, '-', '+'));
  const words = entries.map(([, fields]) => (fields[1] ?? '').split(' '));
  return words.filter((each) => each[3] === team.id).map((each) => each[2] ?? '');
}

const generation = async (): Promise<number> =>
  Number(await raw(async (client) => client.hget(keysOf(qm).epoch, 'generation')));

const endOf = async (calls: readonly ObservedCall[]): Promise<CallSeen[]> =>
  Promise.all(calls.map(async (call) => call.ended));

test.each(POINTS)(
  `everysec: Redis killed %s, ${ROUNDS} times, with or without its last second, is brought up to date`,
  async (point) => {
    await start('everysec');
    for (let number = 0; number < ROUNDS; number += 1) {
      const loses = number % 2 === 0;
      const where = `everysec, ${point}, ${loses ? 'last second lost' : 'killed only'}, round ${number}`;
      const { team, before, underWay, bytes } = await reach(point, number);
      const known = await generation();
      const had = await eventsIn(team);
      expect(had.length, where).toBeGreaterThanOrEqual(CALLS_BEFORE);
      const file = await appendOnlyFile();
      proxy.door.shut();
      await redis.kill9();
      if (loses) {
        await truncate(file, bytes);
      }
      const seen = [...before, ...(await endOf(underWay))];
      await redis.restart();
      expect(await eventsIn(team), where).toEqual(loses ? [] : had);
      proxy.door.open();
      await expect.poll(generation, { timeout: 10_000 }).toBeGreaterThan(known);
      await expectIdentity(qm, team, where);
      await expectBalanced(qm, team, seen, where, { work: workOnce, hasWindows: !loses });
      await passesAgain(team, where);
    }
  },
  120_000,
);

/** The wait of a new run is over for this proxy. */
async function passesAgain(team: CrashTeam, where: string): Promise<void> {
  proxy.provider.allow('last byte');
  const pass = async () => (await callsOf(proxy.url, team, 1)[0]?.ended)?.delivered;
  await expect.poll(pass, { timeout: 10_000, message: where }).toBe(true);
}

test.each(POINTS)(
  `always: Redis killed %s together with the proxy, ${ROUNDS} times, has lost nothing`,
  async (point) => {
    await start('always');
    for (let number = 0; number < ROUNDS; number += 1) {
      const where = `always, ${point}, round ${number}`;
      const { team, before, underWay } = await reach(point, number);
      const had = await eventsIn(team);
      await Promise.all([redis.kill9(), proxy.close()]);
      const seen = [...before, ...(await endOf(underWay))];
      await redis.restart();
      const has = await eventsIn(team);
      expect(has, where).toEqual(had);
      const delivered = seen.filter((call) => call.delivered).map((call) => call.id ?? '');
      expect(has, where).toEqual(expect.arrayContaining(delivered));
      proxy = await startProxyProcess(qm);
      await expectIdentity(qm, team, where);
      await expectBalanced(qm, team, seen, where);
      await passesAgain(team, where);
    }
  },
  120_000,
);

test(`everysec: a machine that takes Redis and proxy down together, ${ROUNDS_OF_BOTH} times, costs what they settled in the last second and no more`, async () => {
  await start('everysec');
  for (let number = 0; number < ROUNDS_OF_BOTH; number += 1) {
    const where = `everysec, both die, round ${number}`;
    const earlier = await crashTeam(qm, 'job_based');
    proxy.provider.allow('last byte');
    const safe = await endOf(callsOf(proxy.url, earlier, CALLS_BEFORE));
    const { team, underWay, bytes } = await reach('after settle', number);
    const file = await appendOnlyFile();
    await Promise.all([redis.kill9(), proxy.close()]);
    await truncate(file, bytes);
    await endOf(underWay);
    await redis.restart();
    proxy = await startProxyProcess(qm);
    await expectBalanced(qm, earlier, safe, where);
    const books = await expectBalanced(qm, team, [], where, { work: workOnce, hasWindows: false });
    expect(books.charged, where).toBe(0n);
    expect(await qm.gate.balance({ id: team.id, organizationId: 'acme' })).toMatchObject({
      spendable: 100n * CHARGES.job_based,
    });
    await passesAgain(team, where);
  }
}, 120_000);
