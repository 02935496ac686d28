// Calls that ask to be admitted, as many as the gate can take from one process: what a proxy would do at its most.

import { GateUnavailable } from '../src/core/faults.ts';
import { newId } from '../src/core/ids.ts';
import type { AdmissionAsk } from '../src/core/gateway/gate.ts';
import { shardOf } from '../src/storage/gate/shards.ts';
import type { ShardKeys } from '../src/storage/gate/shards.ts';
import type { Customer, DrainScene } from './drain-scene.ts';

/** Calls under way at once: a script call is always full, and none waits long. */
const AT_ONCE = 64;

/** Admits calls of one customer for a time; answers how many a second. What they hold is let go after. */
export async function admissionsPerSecond(
  { gate }: Pick<DrainScene, 'gate'>,
  customer: Customer,
  durationMs: number,
): Promise<number> {
  const began = performance.now();
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - began < durationMs) {
      try {
        const answer = await gate.admit(askOf(customer));
        if (!answer.admitted) {
          throw new Error(`Admitting: ${JSON.stringify(answer)}`);
        }
        count += 1;
      } catch (error) {
        // On a machine that stands still for seconds, that is what a call would be told: it is not admitted.
        if (!(error instanceof GateUnavailable)) {
          throw error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const perSecond = (count / (performance.now() - began)) * 1_000;
  const keys = gate.shards[shardOf(customer.organizationId)] as ShardKeys;
  await gate.connection.redis.unlink(keys.open);
  return perSecond;
}

function askOf({ organizationId, teamId, keyId }: Customer): AdmissionAsk {
  return {
    reservationId: newId(),
    asked: 'gpt-4o',
    model: 'gpt-4o',
    endpoint: 'chat',
    address: '0'.repeat(32),
    jobId: undefined,
    jobType: 'chat',
    identity: { organizationId, teamId, keyId, hash: keyId, lastFour: 'abcd', userId: undefined },
    bound: {
      inputNanoUsd: 0,
      outputPicoUsdPerToken: 0,
      inputTokens: 10,
      answers: 1,
      outputCap: 100,
      minimumOutputCap: 16,
      unbounded: null,
    },
  };
}
