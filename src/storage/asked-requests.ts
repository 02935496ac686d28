// Requests of people that are being worked on, in Redis: they are there also while Postgres is slow, which is when
// people wait longest.

import type { Redis } from 'ioredis';
import type { AskedRequest, AskedRequests } from '../core/asking/asked-request.ts';
import { gateReached } from './gate-reached.ts';

const TRIED = 'Noting requests';

interface Held {
  readonly holder: string;
  readonly request: AskedRequest;
}

export function createAskedRequests(redis: Redis, namespace: string): AskedRequests {
  const all = `${namespace}:asked`;
  const lifeOf = (holder: string): string => `${namespace}:asked-life:${holder}`;
  return {
    async begin(holder, request) {
      await gateReached(TRIED, redis.hset(all, request.id, JSON.stringify({ holder, request })));
    },
    async end(ids) {
      await gateReached(TRIED, redis.hdel(all, ...ids));
    },
    async beat(holder, lifeMs) {
      await gateReached(TRIED, redis.set(lifeOf(holder), '', 'PX', lifeMs));
    },
    async deserted() {
      const texts = Object.values(await gateReached(TRIED, redis.hgetall(all)));
      // Only `begin` writes there.
      const held = texts.map((text) => JSON.parse(text) as Held);
      const holders = [...new Set(held.map(({ holder }) => holder))];
      const alive = await Promise.all(
        holders.map(
          async (holder) => (await gateReached(TRIED, redis.exists(lifeOf(holder)))) === 1,
        ),
      );
      const isAlive = new Map(holders.map((holder, at) => [holder, alive[at]]));
      return held.filter(({ holder }) => isAlive.get(holder) === false).map((each) => each.request);
    },
  };
}
