// Guesses at passphrases, in Redis: who guesses can't begin anew at the next replica or after a restart.

import type { Redis } from 'ioredis';
import { GateUnavailable } from '../core/faults.ts';
import type { RevealGuesses } from '../core/keys/reveal-guesses.ts';
import { REVEAL_LINK_LIFETIME_MS } from '../core/keys/reveal-link.ts';

/** Counts are as many as there are links, and go when their links have expired. */
export function createRevealGuesses(redis: Redis, namespace: string): RevealGuesses {
  const keyOf = (linkId: string): string => `${namespace}:reveal-guesses:${linkId}`;
  return {
    async count(linkId) {
      return Number((await reached(redis.get(keyOf(linkId)))) ?? 0);
    },
    async take(linkId) {
      const key = keyOf(linkId);
      // In one step: a count that is without its end would stay for ever.
      const begun = redis.multi().set(key, 0, 'PX', REVEAL_LINK_LIFETIME_MS, 'NX').incr(key);
      const answers = await reached(begun.exec());
      const [error, count] = answers?.at(-1) ?? [new Error('no answer')];
      if (error) {
        throw new GateUnavailable(`Counting guesses: ${error.message}`, { cause: error });
      }
      return Number(count);
    },
  };
}

async function reached<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    throw new GateUnavailable(`Counting guesses: ${(error as Error).message}`, { cause: error });
  }
}
