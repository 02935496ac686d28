import { newId } from '../../src/core/ids.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import type { BotUnderTest } from './bot-for-tests.ts';

/** What a team that pays by cost gets for a dollar, in these tests. */
const CREDITS_PER_USD = 10n;
const NANO_USD_PER_USD = 1_000_000_000n;

/** Uses credits by one real call through the gate, brought into the ledger. */
export async function spend(
  { gate, postgres, stores }: Pick<BotUnderTest, 'gate' | 'postgres' | 'stores'>,
  teamId: string,
  credits: bigint,
): Promise<void> {
  const [key] = await stores.records.keys.ofTeam(teamId);
  if (key === undefined) {
    throw new Error(`Spend credits of ${teamId}: it has no key`);
  }
  const { organizationId } = key;
  const identity = {
    hash: key.hash,
    lastFour: key.lastFour,
    keyId: key.id,
    teamId,
    organizationId,
  };
  const costNanoUsd = (credits * NANO_USD_PER_USD) / CREDITS_PER_USD;
  const reservationId = newId();
  const bound = {
    inputNanoUsd: Number(costNanoUsd),
    outputPicoUsdPerToken: 0,
    inputTokens: 10,
    answers: 1,
    outputCap: 100,
    minimumOutputCap: 16,
    unbounded: null,
  };
  const model = 'gpt-4o';
  const verdict = await gate.admit({ identity, reservationId, model, jobType: 'chat', bound });
  if (!verdict.admitted) {
    throw new Error(`Spend ${credits} credits of ${teamId}: refused, ${verdict.code}`);
  }
  const nowMs = stores.clock();
  await gate.settle({
    identity,
    reservationId,
    model,
    deployment: model,
    jobType: 'chat',
    outcome: 'completed',
    inputTokens: 10,
    outputTokens: 10,
    costNanoUsd,
    charge: credits * 1_000_000n,
    estimated: false,
    startedAtMs: nowMs - 3_600_000,
    endedAtMs: nowMs,
  });
  await drainShard(postgres, gate, gate.shards[shardOf(organizationId)] as ShardKeys);
}
