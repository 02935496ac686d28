import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { waitFor } from '../support/wait-for.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
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
    userId: undefined,
  };
  const costNanoUsd = (credits * NANO_USD_PER_USD) / CREDITS_PER_USD;
  const bound = { inputNanoUsd: Number(costNanoUsd) };
  const ask = askOf(identity, { bound });
  const verdict = await gate.admit(ask);
  if (!verdict.admitted) {
    throw new Error(`Spend ${credits} credits of ${teamId}: refused, ${verdict.code}`);
  }
  const { taken } = verdict;
  const charge = credits * 1_000_000n;
  // Not on the day before: what is told of a day is to hold it.
  const nowMs = stores.clock();
  const startedAtMs = Math.max(nowMs - HOUR_MS, Math.floor(nowMs / DAY_MS) * DAY_MS);
  await gate.settle(settlementOfAsk(ask, { costNanoUsd, charge, taken, startedAtMs }));
  const shard = gate.shards[shardOf(organizationId)] as ShardKeys;
  // Whoever loads a record of the shard keeps the drain still for a moment.
  await waitFor(async () => (await drainShard(postgres, gate, shard)).events > 0, {
    what: `the drain of ${teamId}`,
  });
}
