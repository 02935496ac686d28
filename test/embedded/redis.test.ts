import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { commandOf } from '../../src/embedded/command-of.mjs';
import { startRedis } from '../../src/embedded/redis.ts';
import { createTestRedis, startOwnRedis } from '../support/redis-for-tests.ts';

function connect(url: string): Redis {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  return redis;
}

test('what an append-only server acknowledged survives its kill -9', async () => {
  const server = await startOwnRedis();
  const redis = connect(server.url);
  await redis.set('kept', '7');
  await server.kill9();
  await server.restart();
  expect(await redis.get('kept')).toBe('7');
  redis.disconnect();
  await server.stop();
});

test('nobody enters without the password, which stands in no command line', async () => {
  const server = await startOwnRedis();
  const redis = connect(server.url.replace(/:[^:@]+@/, ':guess@'));
  await expect(redis.ping()).rejects.toThrow(/NOAUTH|WRONGPASS/);
  redis.disconnect();
  expect(await commandOf(server.pid)).not.toContain('for-tests');
  await server.stop();
});

test('it never evicts, and its settings are readable by the owner alone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-own-redis-'));
  const server = await startRedis({
    binary: inject('services').redisBinary ?? '',
    dataFolder: folder,
    port: await freePort(),
    password: 'p',
    appendOnly: true,
    fsync: 'everysec',
  });
  const redis = connect(server.url);
  expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction');
  const file = path.join(folder, 'redis.conf');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain('bind 127.0.0.1');
  redis.disconnect();
  await server.stop();
  await rm(folder, { recursive: true });
});

test('a server that a killed parent left on the data is ended and replaced', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-own-redis-'));
  const options = {
    binary: inject('services').redisBinary ?? '',
    dataFolder: folder,
    port: await freePort(),
    password: 'p',
    appendOnly: true,
    fsync: 'everysec',
  } as const;
  const left = await startRedis(options);
  const redis = connect(left.url);
  await redis.set('kept', '7');
  const next = await startRedis(options);
  expect(await commandOf(left.pid)).toBeNull();
  expect(await redis.get('kept')).toBe('7');
  redis.disconnect();
  await next.stop();
  await rm(folder, { recursive: true });
});

test('two tests never share a database of the common server', async () => {
  const [one, two] = await Promise.all([createTestRedis(), createTestRedis()]);
  expect(one.namespace).not.toBe(two.namespace);
  const { redisIsOurs } = inject('services');
  expect(one.url === two.url).toBe(!redisIsOurs);
});
