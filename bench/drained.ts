import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { shardKeys } from '../src/storage/gate/shards.ts';
import type { ShardKeys } from '../src/storage/gate/shards.ts';

/** What one window leaves behind is written in about a second; longer waits would hide a slow worker. */
const WAIT_MAX_MS = 3_000;
const POLL_MS = 50;

export interface Backlog {
  /** Waits until the worker has written all usage, so that it does not run into the next window. */
  drained(): Promise<void>;
  close(): void;
}

export function watchBacklog(redisUrl: string, namespace: string): Backlog {
  const redis = new Redis(redisUrl);
  const shards = shardKeys(namespace);
  // What is in Postgres leaves the stream at once.
  const isDrained = async ({ usage }: ShardKeys): Promise<boolean> =>
    (await redis.xlen(usage)) === 0;
  return {
    async drained() {
      const until = Date.now() + WAIT_MAX_MS;
      for (;;) {
        const done = await Promise.all(shards.map(isDrained));
        if (done.every(Boolean) || Date.now() > until) {
          return;
        }
        await pause(POLL_MS);
      }
    },
    close: () => redis.disconnect(),
  };
}
