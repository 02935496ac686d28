import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { shardKeys } from '../src/storage/gate/shards.ts';

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
  const streams = shardKeys(namespace).map((keys) => keys.usage);
  return {
    async drained() {
      const until = Date.now() + WAIT_MAX_MS;
      for (;;) {
        const waiting = await Promise.all(streams.map(async (stream) => redis.xlen(stream)));
        if (waiting.every((count) => count === 0) || Date.now() > until) {
          return;
        }
        await pause(POLL_MS);
      }
    },
    close: () => redis.disconnect(),
  };
}
