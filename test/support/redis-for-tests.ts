import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { startRedis } from '../../src/embedded/redis.ts';
import type { RedisOptions } from '../../src/embedded/redis.ts';
import { ownServer } from './postgres-for-tests.ts';
import type { OwnServer } from './postgres-for-tests.ts';

export interface TestRedis {
  /** A database number of this test's own when the server is ours, so that `KEYS *` sees nobody else. */
  readonly url: string;
  /** A prefix that no other test has. */
  readonly namespace: string;
}

/** Database 0 hands out the numbers of the others; there are 1024. */
const COUNTER = 'test-databases';
const LAST_DATABASE = 1023;

/** A corner of the shared Redis that is this test's alone. Nothing to close: the server goes at the end. */
export async function createTestRedis(): Promise<TestRedis> {
  const { redisUrl, redisIsOurs } = inject('services');
  const redis = new Redis(redisUrl);
  try {
    const number = await redis.incr(COUNTER);
    const url = redisIsOurs ? `${redisUrl}/${1 + ((number - 1) % LAST_DATABASE)}` : redisUrl;
    return { url, namespace: `t${process.pid}x${number}` };
  } finally {
    redis.disconnect();
  }
}

/** A Redis that a test may kill. `{ appendOnly: true, fsync: 'everysec' }` unless told. */
export async function startOwnRedis(
  settings: Partial<Pick<RedisOptions, 'appendOnly' | 'fsync' | 'onLine'>> = {},
): Promise<OwnServer> {
  const { redisBinary } = inject('services');
  if (redisBinary === null) {
    throw new Error('Start a Redis for a test: there is no redis-server here, install it');
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-own-redis-'));
  const options = {
    binary: redisBinary,
    dataFolder: folder,
    port: await freePort(),
    password: 'for-tests',
    appendOnly: true,
    fsync: 'everysec',
    ...settings,
  } as const;
  return ownServer(folder, () => startRedis(options));
}
