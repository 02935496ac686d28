import { hashOfKey, lastFourOf } from '../../src/core/keys/virtual-key.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import type { Door } from './door.ts';

/** Lets one call pass the gate and settles it. Answers what drains it into the records. */
export async function callOnce(
  door: Door,
  call: {
    readonly secretKey: string;
    readonly model: string;
    readonly jobType: string;
    readonly costNanoUsd: bigint;
  },
): Promise<() => Promise<void>> {
  const { gate, stores, postgres } = door;
  const { secretKey, model, jobType, costNanoUsd } = call;
  const hash = hashOfKey(secretKey, stores.settings.keyPepper);
  const identity = await gate.identify(hash, lastFourOf(secretKey));
  if (identity === undefined) {
    throw new Error('Calling once: the gate does not know this key');
  }
  const bound = { inputNanoUsd: 1_000, outputPicoUsdPerToken: 1_000, inputTokens: 100 };
  const ask = askOf(identity, { model, jobType, bound });
  const verdict = await gate.admit(ask);
  if (!verdict.admitted) {
    throw new Error(`Calling once: refused, ${verdict.code}`);
  }
  const { taken } = verdict;
  const used = { inputTokens: 100, outputTokens: 20, costNanoUsd, taken };
  await gate.settle(settlementOfAsk(ask, used));
  // shardOf draws below the number of shards.
  const keys = gate.shards[shardOf(identity.organizationId)] as ShardKeys;
  return async () => {
    await drainShard(postgres, gate, keys);
  };
}
