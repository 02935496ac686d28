// A Postgres that closes nothing and answers nothing: its machine died without a word, or it is frozen.

import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RecordsUnavailable } from '../../src/core/faults.ts';
import { readiness } from '../../src/readiness.ts';
import { connectPostgres, reached } from '../../src/storage/postgres/client.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import type { TestDatabase } from '../support/postgres-for-tests.ts';

const SILENCE_MS = 400;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => database.drop());

test('who asked a Postgres that falls silent is told so, and is served again when it is back', async () => {
  const line = await startLine(database.url);
  const postgres = connectPostgres(line.url, { silenceMs: SILENCE_MS });
  const ask = async () => reached('Asking', postgres.$queryRaw<unknown[]>`SELECT 1`);
  expect(await ask()).toHaveLength(1);
  // Meanwhile the connection rests, for long enough to be looked at and left alone.
  const other = connectPostgres(database.url);
  await other.$queryRaw`SELECT pg_sleep(1)::text`;
  await other.$disconnect();
  line.freeze();
  await expect(ask()).rejects.toThrow(RecordsUnavailable);
  line.thaw();
  expect(await ask()).toHaveLength(1);
  await postgres.$disconnect();
  await line.close();
});

test('a replica whose gate answers is ready beside a Postgres that is silent', async () => {
  const line = await startLine(database.url);
  const postgres = connectPostgres(line.url);
  const gate = { answers: async () => true };
  const up = { ok: true, parts: { gate: 'up', records: 'up' } };
  expect(await readiness({ gate, postgres })).toEqual(up);
  line.freeze();
  expect(await readiness({ gate, postgres })).toEqual({
    ...up,
    parts: { ...up.parts, records: 'down' },
  });
  await line.close();
  await postgres.$disconnect();
});

test('a statement that takes long is waited for, and a connection that rests stays', async () => {
  const postgres = connectPostgres(database.url, { silenceMs: SILENCE_MS });
  const served = async () =>
    postgres.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid, pg_sleep(${2})::text`;
  const [first] = await served();
  const [second] = await served();
  expect(second?.pid).toBe(first?.pid);
  await postgres.$disconnect();
});

/** Between a process and its Postgres; while it is frozen nothing passes, and connections stay as they are. */
async function startLine(targetUrl: string) {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => isFrozen || to.write(chunk));
      from.on('close', () => to.destroy());
      from.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const own = new URL(targetUrl);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    freeze: () => (isFrozen = true),
    thaw: () => (isFrozen = false),
    async close() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
