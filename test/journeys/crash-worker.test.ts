// A worker is killed while it drains: before its transaction commits, and after it did but before the stream
// was trimmed. The next worker goes on, and each event stands in the records once.

import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  callsOf,
  CRASH_CONFIG,
  compileOnce,
  crashTeam,
  expectBalanced,
  expectIdentity,
  keysOf,
  startProxyProcess,
  startWorkerProcess,
} from '../support/crash-scene.ts';
import type { ProxyProcess } from '../support/crash-scene.ts';
import { startInterceptor } from '../support/interceptor.ts';
import type { Interceptor } from '../support/interceptor.ts';
import type { Child } from '../support/processes.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { commitOfDrain } from '../support/wire.ts';

/** Killed at each of the two points; 12 in all. */
const ROUNDS = 6;
const CALLS = 8;
const CALLS_WHILE_DEAD = 2;

let qm: Quartermaster;
let proxy: ProxyProcess;
/** Between workers and Postgres. */
let door: Interceptor;
let worker: Child | undefined;
beforeAll(async () => {
  qm = await startQuartermaster({
    configText: CRASH_CONFIG,
    addresses: { HELD_PROVIDER: 'http://127.0.0.1:9/v1' },
  });
  await compileOnce(qm);
  const first = await startWorkerProcess(qm, qm.databaseUrl);
  await first.stop();
  [proxy, door] = await Promise.all([startProxyProcess(qm), startInterceptor(qm.databaseUrl)]);
  proxy.provider.allow('last byte');
});
afterAll(async () => {
  await worker?.kill9();
  await proxy.close();
  await door.close();
  await qm[Symbol.asyncDispose]();
});

const inStream = async (): Promise<number> => qm.gate.connection.redis.xlen(keysOf(qm).usage);
const usedOf = async (teamId: string): Promise<bigint> =>
  (await qm.stores.records.ledger.account(teamId))?.used ?? 0n;

test.each(['before', 'after'] as const)(
  `a worker killed %s its commit, ${ROUNDS} times, neither loses nor doubles what it drained`,
  async (hold) => {
    for (let number = 0; number < ROUNDS; number += 1) {
      const where = `${hold} commit, round ${number}`;
      const team = await crashTeam(qm, number % 2 === 0 ? 'job_based' : 'consumption_usd');
      worker ??= await startWorkerProcess(qm, door.url);
      const sprung = door.trap(commitOfDrain, hold);
      const calls = callsOf(proxy.url, team, CALLS);
      await sprung;
      await worker.kill9();
      worker = undefined;
      await expectIdentity(qm, team, where);
      const used = await usedOf(team.id);
      expect(used > 0n, where).toBe(hold === 'after');
      expect(await inStream(), where).toBeGreaterThan(0);
      const late = callsOf(proxy.url, team, CALLS_WHILE_DEAD);
      const seen = await Promise.all([...calls, ...late].map(async (call) => call.ended));
      expect(seen.filter((call) => !call.delivered)).toEqual([]);
      worker = await startWorkerProcess(qm, door.url);
      const books = await expectBalanced(qm, team, seen, where, { work: async () => undefined });
      expect(books.events).toHaveLength(seen.length);
      await expect.poll(inStream).toBe(0);
      expect(await qm.postgres.setAsideEvent.count()).toBe(0);
    }
  },
  // A worker gives way to everything else on its machine.
  180_000,
);
