// Credits leave a team in four steps; a process may die between each two.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { deductCredits, postDeduction } from '../../src/core/credits/deduct.ts';
import { withholdAskOf } from '../../src/core/credits/taking.ts';
import { transferCredits } from '../../src/core/credits/transfer.ts';
import { GateUnavailable } from '../../src/core/faults.ts';
import { WITHHELD_LIFE_MS } from '../../src/core/gateway/withholding.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { begin, BY_COST, CREDIT, end, expectSound, use } from '../support/credits.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

let references = 0;
const reference = (): string => `withholding-test-${(references += 1)}`;
const team = async (credits = 10n) => qm.team({ ...BY_COST, credits: credits * CREDIT });
const wishOf = (teamId: string, credits: bigint) => ({
  teamId,
  amount: credits * CREDIT,
  reason: 'a test',
  reference: reference(),
});

async function reap(): Promise<number> {
  let reaped = 0;
  for (const keys of qm.gate.shards) {
    reaped += await reapShard(qm.gate, qm.source, keys, qm.nowMs());
  }
  return reaped;
}

async function gateOf(teamId: string) {
  const { spendable, reserved, charged } = await qm.gate.balance({
    id: teamId,
    organizationId: 'acme',
  });
  return [spendable, reserved, charged].map((each) => each / CREDIT);
}

describe('a deduction', () => {
  test('takes at most what is spendable: not what calls hold, nor what they used and nobody drained', async () => {
    const { id, keyId } = await team(10n);
    const call = await begin(qm, { id, keyId }, 3n * CREDIT);
    await use(qm, { id, keyId }, 2n * CREDIT);
    const refused = await deductCredits(qm.stores, SYSTEM, wishOf(id, 6n));
    expect(refused).toMatchObject({
      refused: 'credits_not_spendable',
      facts: { spendable: '5 credits', reserved: '3 credits', wanted: '6 credits' },
    });
    expect(await gateOf(id)).toEqual([5n, 3n, 2n]);
    expect(await deductCredits(qm.stores, SYSTEM, wishOf(id, 5n))).toMatchObject({
      repeated: false,
    });
    expect(await gateOf(id)).toEqual([0n, 3n, 2n]);
    await (call && end(qm, call, 3n * CREDIT));
    await qm.drain();
    expect(await gateOf(id)).toEqual([0n, 0n, 5n]);
    await expectSound(qm, id);
  });

  test('against calls that begin at the same time never overspends', async () => {
    const { id, keyId } = await team(10n);
    const calls = Array.from({ length: 10 }, async () => begin(qm, { id, keyId }, CREDIT));
    const takings = Array.from({ length: 10 }, async () =>
      deductCredits(qm.stores, SYSTEM, wishOf(id, 1n)),
    );
    const admitted = (await Promise.all(calls)).filter((call) => call !== undefined);
    const taken = (await Promise.all(takings)).filter((answer) => 'entry' in answer);
    // While one is projected and not yet released, its amount is missing twice: then fewer pass, never more.
    expect(admitted.length + taken.length).toBeLessThanOrEqual(10);
    await Promise.all(admitted.map(async (call) => end(qm, call, CREDIT)));
    await qm.drain();
    expect(await gateOf(id)).toEqual([
      10n - BigInt(admitted.length + taken.length),
      0n,
      BigInt(admitted.length),
    ]);
    await expectSound(qm, id);
  });

  test('sent ten times at once under one reference takes once, even where it takes everything', async () => {
    const { id } = await team(10n);
    const wish = wishOf(id, 10n);
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => deductCredits(qm.stores, SYSTEM, wish)),
    );
    expect(answers.filter((answer) => 'entry' in answer && !answer.repeated)).toHaveLength(1);
    expect(answers.filter((answer) => 'entry' in answer && answer.repeated)).toHaveLength(9);
    expect(await gateOf(id)).toEqual([0n, 0n, 0n]);
    await expectSound(qm, id);
  });

  test('that another attempt ends while this one asks the gate is done, not short of credits', async () => {
    const { id } = await team(10n);
    const wish = wishOf(id, 10n);
    const overtaken: typeof qm.gate.withhold = async (ask) => {
      await deductCredits(qm.stores, SYSTEM, wish);
      return qm.gate.withhold(ask);
    };
    const stores = { ...qm.stores, gate: { ...qm.gate, withhold: overtaken } };
    expect(await deductCredits(stores, SYSTEM, wish)).toMatchObject({ repeated: true });
    expect(await gateOf(id)).toEqual([0n, 0n, 0n]);
    await expectSound(qm, id);
  });

  test('under a reference that took another amount is refused, and nothing stays withheld', async () => {
    const { id } = await team(10n);
    const wish = wishOf(id, 2n);
    await deductCredits(qm.stores, SYSTEM, wish);
    const other = await deductCredits(qm.stores, SYSTEM, { ...wish, amount: CREDIT });
    expect(other).toMatchObject({ refused: 'reference_conflict' });
    expect(await gateOf(id)).toEqual([8n, 0n, 0n]);
  });

  test.each([
    ['nothing', 0n],
    ['less than nothing', -CREDIT],
    ['more than there can be', 10n ** 16n],
  ])('of %s is refused', async (_, amount) => {
    const { id } = await team(10n);
    const answer = await deductCredits(qm.stores, SYSTEM, { ...wishOf(id, 1n), amount });
    expect(answer).toMatchObject({ refused: 'value_invalid' });
    expect(await gateOf(id)).toEqual([10n, 0n, 0n]);
  });

  test('that finds the gate without the team, or with a floor, leaves what must stay', async () => {
    const { id } = await team(10n);
    await qm.gate.connection.redis.del(...qm.gate.shards.map((keys) => keys.team(id)));
    const ask = withholdAskOf({
      team: { id, organizationId: 'acme' },
      amount: 8n * CREDIT,
      reference: reference(),
      floor: 7n * CREDIT,
      orLess: true,
    });
    expect(await qm.gate.withhold(ask)).toEqual({ withheld: true, amount: 3n * CREDIT });
    expect(await gateOf(id)).toEqual([7n, 3n, 0n]);
    await qm.gate.release(ask);
    await qm.gate.release(ask);
    expect(await gateOf(id)).toEqual([10n, 0n, 0n]);
  });
});

test('nothing is withheld while proxies hand in what a restart of Redis may have lost', async () => {
  const { id } = await team(10n);
  const { redis } = qm.gate.connection;
  const { epoch } = qm.gate.shards[shardOf('acme')] as ShardKeys;
  const opens = (await redis.hget(epoch, 'opens_ms')) ?? '0';
  await redis.hset(epoch, 'opens_ms', qm.nowMs() + 1);
  const wish = wishOf(id, 4n);
  await expect(deductCredits(qm.stores, SYSTEM, wish)).rejects.toThrow(GateUnavailable);
  await redis.hset(epoch, 'opens_ms', opens);
  expect(await deductCredits(qm.stores, SYSTEM, wish)).toMatchObject({ repeated: false });
});

describe('a process that dies', () => {
  const STEPS = ['withheld', 'posted', 'projected', 'released'] as const;

  test.each(STEPS)('after it has %s loses nothing and doubles nothing', async (last) => {
    const { id } = await team(10n);
    const wish = wishOf(id, 4n);
    const ask = withholdAskOf({ team: { id, organizationId: 'acme' }, ...wish });
    const steps = {
      withheld: async () => qm.gate.withhold(ask),
      posted: async () => postDeduction(qm.stores, SYSTEM, wish),
      projected: async () => qm.gate.project({ teamId: id }),
      released: async () => qm.gate.release(ask),
    };
    for (const step of STEPS.slice(0, STEPS.indexOf(last) + 1)) {
      await steps[step]();
      await expectSound(qm, id);
    }
    expect(await reap()).toBe(0);
    await qm.passSeconds(WITHHELD_LIFE_MS / 1_000 + 1);
    expect(await reap()).toBe(last === 'released' ? 0 : 1);
    const wasPosted = last !== 'withheld';
    expect(await gateOf(id)).toEqual([wasPosted ? 6n : 10n, 0n, 0n]);
    await expectSound(qm, id);
    // Whoever asked tries again.
    expect(await deductCredits(qm.stores, SYSTEM, wish)).toMatchObject({ repeated: wasPosted });
    expect(await gateOf(id)).toEqual([6n, 0n, 0n]);
    // Its end is no usage: nothing is drained, nothing is set aside.
    expect(await qm.drain()).toBe(0);
    expect(await qm.postgres.setAsideEvent.count()).toBe(0);
    await expectSound(qm, id);
  });

  test('after it has posted: the gate hears of it before what was withheld may be spent again', async () => {
    const { id, keyId } = await team(10n);
    const wish = wishOf(id, 10n);
    const ask = withholdAskOf({ team: { id, organizationId: 'acme' }, ...wish });
    await qm.gate.withhold(ask);
    await postDeduction(qm.stores, SYSTEM, wish);
    await qm.passSeconds(WITHHELD_LIFE_MS / 1_000 + 1);
    await reap();
    expect(await begin(qm, { id, keyId }, CREDIT)).toBeUndefined();
    await expectSound(qm, id);
  });
});

test('a transfer takes at most what is spendable, and the receiver may spend it with the answer', async () => {
  const [from, to] = [await team(10n), await team(0n)];
  const call = await begin(qm, from, 4n * CREDIT);
  const wish = { ...wishOf(from.id, 7n), toTeamId: to.id };
  expect(await transferCredits(qm.stores, SYSTEM, wish)).toMatchObject({
    refused: 'credits_not_spendable',
  });
  await transferCredits(qm.stores, SYSTEM, { ...wish, amount: 6n * CREDIT });
  expect(await gateOf(from.id)).toEqual([0n, 4n, 0n]);
  expect(await begin(qm, to, 6n * CREDIT)).toBeDefined();
  await (call && end(qm, call, 4n * CREDIT));
  await qm.drain();
  await expectSound(qm, from.id, to.id);
});
