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
  const isDrained = async ({ usage, drained }: ShardKeys): Promise<boolean> => {
    // The stream is trimmed in whole nodes, so its length tells nothing.
    const [[last] = []] = await redis.xrevrange(usage, '+', '-', 'COUNT', 1);
    return last === undefined || last === (await redis.get(drained));
  };
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
