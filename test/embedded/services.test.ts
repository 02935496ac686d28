import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase, startOwnPostgres } from '../support/postgres-for-tests.ts';
import { createTestRedis, startOwnRedis } from '../support/redis-for-tests.ts';

test('a test database is migrated and its own', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new Client({ connectionString: one.url });
  await client.connect();
  const tables = await client.query(`select count(*)::int as n from pg_tables where schemaname='public'`);
  expect(tables.rows[0].n).toBeGreaterThan(0);
  expect(one.url).not.toBe(two.url);
  await client.end();
  await Promise.all([one.drop(), two.drop()]);
});

test('two tests never share a Redis database', async () => {
  const [one, two] = await Promise.all([createTestRedis(), createTestRedis()]);
  expect(one.url).not.toBe(two.url);
  expect(one.namespace).not.toBe(two.namespace);
});

test('what an append-only Redis had acknowledged survives kill -9', async () => {
  const server = await startOwnRedis();
  const client = new Redis(server.url, { lazyConnect: true });
  client.on('error', () => undefined);
  await client.connect();
  await client.set('a', '1');
  await server.kill9();
  await server.restart();
  expect(await client.get('a')).toBe('1');
  client.disconnect();
  await server.stop();
});

test('what Postgres had committed survives kill -9', async () => {
  const server = await startOwnPostgres();
  const client = new Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table t as select 7 as n');
  await server.kill9();
  await client.end().catch(() => undefined);
  await server.restart();
  const again = new Client({ connectionString: server.url });
  await again.connect();
  expect((await again.query('select n from t')).rows).toEqual([{ n: 7 }]);
  await again.end();
  await server.stop();
});
