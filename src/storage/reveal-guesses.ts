// Guesses at passphrases, in Redis: who guesses can't begin anew at the next replica or after a restart.

import type { Redis } from 'ioredis';
import { GateUnavailable } from '../core/faults.ts';
import type { RevealGuesses } from '../core/keys/reveal-guesses.ts';
import { REVEAL_LINK_LIFETIME_MS } from '../core/keys/reveal-link.ts';
import { gateReached } from './gate-reached.ts';

const TRIED = 'Counting guesses';

/** Counts are as many as there are links, and go when their links have expired. */
export function createRevealGuesses(redis: Redis, namespace: string): RevealGuesses {
  const keyOf = (linkId: string): string => `${namespace}:reveal-guesses:${linkId}`;
  return {
    async count(linkId) {
      return Number((await gateReached(TRIED, redis.get(keyOf(linkId)))) ?? 0);
    },
    async take(linkId) {
      const key = keyOf(linkId);
      // In one step: a count that is without its end would stay for ever.
      const begun = redis.multi().set(key, 0, 'PX', REVEAL_LINK_LIFETIME_MS, 'NX').incr(key);
      const answers = await gateReached(TRIED, begun.exec());
      const [error, count] = answers?.at(-1) ?? [new Error('no answer')];
      if (error) {
        throw new GateUnavailable(`${TRIED}: ${error.message}`, { cause: error });
      }
      return Number(count);
    },
  };
}
