// Postgres is killed while a worker drains into it: before the commit, and after it was made but before the
// worker heard of it. Calls go on meanwhile; when it is back, each event stands in the records once.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/embedded/migrate.ts';
import {
  callsOf,
  CRASH_CONFIG,
  compileOnce,
  crashTeam,
  expectBalanced,
  expectIdentity,
  startProxyProcess,
  startWorkerProcess,
} from '../support/crash-scene.ts';
import type { ProxyProcess } from '../support/crash-scene.ts';
import { startInterceptor } from '../support/interceptor.ts';
import type { Interceptor } from '../support/interceptor.ts';
import { startOwnPostgres } from '../support/postgres-for-tests.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';
import type { Child } from '../support/processes.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { commitOfDrain } from '../support/wire.ts';

/** Killed at each of the two points; 8 in all. */
const ROUNDS = 4;
const CALLS = 8;
const CALLS_WHILE_DEAD = 4;

let postgres: OwnServer;
let qm: Quartermaster;
let proxy: ProxyProcess;
let door: Interceptor;
let worker: Child;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  await migrate(postgres.url);
  qm = await startQuartermaster({
    databaseUrl: postgres.url,
    configText: CRASH_CONFIG,
    addresses: { HELD_PROVIDER: 'http://127.0.0.1:9/v1' },
  });
  await compileOnce(qm);
  [proxy, door] = await Promise.all([startProxyProcess(qm), startInterceptor(qm.databaseUrl)]);
  worker = await startWorkerProcess(qm, door.url);
  proxy.provider.allow('last byte');
});
afterAll(async () => {
  await worker.kill9();
  await proxy.close();
  await door.close();
  await qm[Symbol.asyncDispose]();
  await postgres.stop();
});

test.each(['before', 'after'] as const)(
  `Postgres killed %s a drain's commit, ${ROUNDS} times, neither loses nor doubles what was drained`,
  async (hold) => {
    for (let number = 0; number < ROUNDS; number += 1) {
      const where = `${hold} commit, round ${number}`;
      const team = await crashTeam(qm, number % 2 === 0 ? 'job_based' : 'consumption_usd');
      const sprung = door.trap(commitOfDrain, hold);
      const calls = callsOf(proxy.url, team, CALLS);
      await sprung;
      await postgres.kill9();
      const late = callsOf(proxy.url, team, CALLS_WHILE_DEAD);
      const seen = await Promise.all([...calls, ...late].map(async (call) => call.ended));
      // Calls need no records.
      expect(seen.filter((call) => !call.delivered)).toEqual([]);
      await postgres.restart();
      await expectIdentity(qm, team, where);
      const books = await expectBalanced(qm, team, seen, where, { work: async () => undefined });
      expect(books.events).toHaveLength(seen.length);
      expect(await qm.postgres.setAsideEvent.count()).toBe(0);
    }
  },
  120_000,
);
