import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { commandOf } from '../../src/embedded/command-of.mjs';
import { startOwnPostgres } from '../support/postgres-for-tests.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map(async (stop) => stop()));
});

async function own(): Promise<OwnServer> {
  const server = await startOwnPostgres();
  stops.push(server.stop);
  return server;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test('what was committed survives kill -9 of the server', async () => {
  const server = await own();
  await query(server.url, 'create table kept as select 7 as n');
  await server.kill9();
  await server.restart();
  expect(await query(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('it keeps what it acknowledged: fsync is on and it listens on loopback alone', async () => {
  const server = await own();
  expect(await query(server.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(server.url, 'show listen_addresses')).toEqual([
    { listen_addresses: '127.0.0.1' },
  ]);
});

test('a wrong password is refused with a cure, and the server is not left running', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-own-postgres-'));
  await chmod(folder, 0o755);
  stops.push(async () => rm(folder, { recursive: true }));
  const options = {
    dataFolder: path.join(folder, 'postgres'),
    port: await freePort(),
    database: 'own',
    durable: false,
  };
  const first = await startPostgres({ ...options, password: 'right' });
  await first.stop();
  await expect(startPostgres({ ...options, password: 'wrong' })).rejects.toThrow(/secrets\.json/);
  const again = await startPostgres({ ...options, password: 'right' });
  await again.stop();
});

test('a server that a killed parent left on the data is ended and replaced', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-own-postgres-'));
  await chmod(folder, 0o755);
  stops.push(async () => rm(folder, { recursive: true }));
  const options = {
    dataFolder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(6).toString('hex'),
    database: 'own',
    durable: false,
  };
  const left = await startPostgres(options);
  const next = await startPostgres({ ...options, port: await freePort() });
  stops.unshift(async () => next.stop());
  expect(await commandOf(left.pid)).toBeNull();
  expect(await query(next.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('data where the user postgres may not go is kept where it may, and found again', async (context) => {
  if (process.getuid?.() !== 0) {
    context.skip('only root hands its server to another user');
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-closed-'));
  await chmod(folder, 0o700);
  const options = {
    dataFolder: path.join(folder, 'home', 'postgres'),
    port: await freePort(),
    password: 'p',
    database: 'own',
    durable: false,
  };
  const server = await startPostgres(options);
  await query(server.url, 'create table kept as select 7 as n');
  await server.stop();
  const again = await startPostgres(options);
  const found = await query(again.url, 'select n from kept');
  const [where] = await query(again.url, 'show data_directory');
  await again.stop();
  const { data_directory: place } = where as { data_directory: string };
  expect((await stat(place)).isDirectory()).toBe(true);
  await rm(place, { recursive: true });
  await rm(folder, { recursive: true });
  expect(found).toEqual([{ n: 7 }]);
});
