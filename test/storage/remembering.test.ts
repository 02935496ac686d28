// What must not be charged again, or more, when Redis forgot and hears of it once more.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdmissionAsk, KeyIdentity } from '../../src/core/gateway/gate.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import { PEPPER } from '../support/quartermaster.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const DEADLINE_SECONDS = 16;
const GRACE_SECONDS = 11;

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const shard = (): ShardKeys => qm.gate.shards[shardOf('acme')] as ShardKeys;
const balanceOf = async (id: string) => qm.gate.balance({ id, organizationId: 'acme' });

/** A team with a call of one credit under way. */
async function teamWithCall(): Promise<{ id: string; ask: AdmissionAsk }> {
  const team = await qm.team({ credits: 10_000_000n });
  const identity = await qm.gate.identify(hashOfKey(team.secretKey, PEPPER), '');
  const ask = askOf(identity as KeyIdentity);
  const verdict = await qm.gate.admit(ask);
  expect(verdict.admitted).toBe(true);
  return { id: team.id, ask };
}

async function forget(): Promise<void> {
  await qm.forget();
  await Promise.all(qm.gate.shards.map(async ({ shard: number }) => qm.gate.renew(number)));
  await expect.poll(() => qm.gate.isUp(), { interval: 5, timeout: 10_000 }).toBe(true);
  await qm.passSeconds(GRACE_SECONDS);
}

async function agree(id: string): Promise<void> {
  await qm.drain();
  expect(await qm.drift(id)).toBe(0n);
}

test('a call that used more than it held is charged what it held, also when it is handed in again', async () => {
  const { id, ask } = await teamWithCall();
  await qm.gate.settle(settlementOfAsk(ask, { charge: 1_700_000n }));
  expect(await balanceOf(id)).toMatchObject({ charged: 1_000_000n });
  await forget();
  expect(await balanceOf(id)).toMatchObject({ charged: 1_000_000n, spendable: 9_000_000n });
  await agree(id);
});

test('a call that lapsed and is in the records is over: its owner, back after Redis forgot, is charged nothing more', async () => {
  const { id, ask } = await teamWithCall();
  await qm.gate.mark([settlementOfAsk(ask, { charge: 400_000n })]);
  await qm.passSeconds(DEADLINE_SECONDS);
  expect(await reapShard(qm.gate, qm.source, shard(), qm.nowMs())).toBe(1);
  await qm.drain();
  await forget();
  const settled = await qm.gate.settle(settlementOfAsk(ask));
  expect(settled.chargedMicrocredits).toBe(0);
  expect(await balanceOf(id)).toMatchObject({ charged: 400_000n, reserved: 0n });
  await agree(id);
});

test('a call that lapsed and is settled later is counted once: its events sum to what it used', async () => {
  const { id, ask } = await teamWithCall();
  const marked = { charge: 400_000n, costNanoUsd: 2n, inputTokens: 1, outputTokens: 1 };
  await qm.gate.mark([settlementOfAsk(ask, marked)]);
  await qm.passSeconds(DEADLINE_SECONDS);
  expect(await reapShard(qm.gate, qm.source, shard(), qm.nowMs())).toBe(1);
  await qm.gate.settle(
    settlementOfAsk(ask, { costNanoUsd: 3n, inputTokens: 1, outputTokens: 20, taken: '' }),
  );
  await qm.drain();
  const { _sum: sum } = await qm.postgres.usageEvent.aggregate({
    where: { teamId: id },
    _sum: { inputTokens: true, outputTokens: true, costNanoUsd: true, charge: true },
  });
  expect(sum).toEqual({
    inputTokens: 1n,
    outputTokens: 20n,
    costNanoUsd: 3n,
    charge: 1_000_000n,
  });
});

test('a call that was handed in twice is charged once, and the gate gives back what it took twice', async () => {
  const { id, ask } = await teamWithCall();
  await qm.gate.settle(settlementOfAsk(ask));
  const { redis } = qm.gate.connection;
  await redis.del(shard().resolved, shard().resolvedBefore);
  await qm.gate.settle(settlementOfAsk(ask));
  expect(await balanceOf(id)).toMatchObject({ charged: 2_000_000n });
  await qm.drain();
  expect(await balanceOf(id)).toMatchObject({ charged: 1_000_000n, spendable: 9_000_000n });
  await agree(id);
});

test('what is in the stream and not in the records stays charged when a record is built twice', async () => {
  const { id, ask } = await teamWithCall();
  await qm.gate.settle(settlementOfAsk(ask));
  const { redis } = qm.gate.connection;
  await redis.del(shard().team(id));
  expect(await balanceOf(id)).toMatchObject({ charged: 1_000_000n });
  await redis.hset(shard().epoch, 'run', 'another run');
  await expect
    .poll(async () => balanceOf(id), { timeout: 10_000 })
    .toMatchObject({ charged: 1_000_000n, spendable: 9_000_000n });
  await agree(id);
});
