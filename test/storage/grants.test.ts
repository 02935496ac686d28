import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { adjustCredits, deductCredits } from '../../src/core/credits/deduct.ts';
import { grantCredits } from '../../src/core/credits/grant-credits.ts';
import { expireGrants } from '../../src/core/credits/expire.ts';
import { setCreditPolicy } from '../../src/core/credits/policy.ts';
import { refundUsage } from '../../src/core/credits/refund.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { transferCredits } from '../../src/core/credits/transfer.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { BY_COST, CREDIT, expectSound, give, remains, use } from '../support/credits.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
let ahead = 0;
const inDays = (days: number): Date => new Date(Date.now() + ahead + days * DAY_MS);

beforeAll(async () => {
  qm = await startQuartermaster({ clock: () => Date.now() + ahead });
});
afterAll(async () => qm[Symbol.asyncDispose]());

let references = 0;
const reference = (): string => `grants-test-${(references += 1)}`;
const team = async (credits = 0n) => qm.team({ ...BY_COST, credits });

async function refund(eventId: string, amount?: bigint) {
  const wish = { eventId, amount, reason: 'a test', reference: reference() };
  return refundUsage(qm.stores, SYSTEM, wish);
}

async function deduct(teamId: string, amount: bigint) {
  return deductCredits(qm.stores, SYSTEM, {
    teamId,
    amount,
    reason: 'a test',
    reference: reference(),
  });
}

describe('grants are used', () => {
  test('by priority, then expiry, then promotional before paid, then age, whatever came first', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 1);
    await give(qm, id, 2, { category: 'promotional' });
    await give(qm, id, 3, { expiresAt: inDays(9) });
    await give(qm, id, 4, { expiresAt: inDays(3) });
    await give(qm, id, 5, { priority: 1 });
    await give(qm, id, 6);
    expect(await remains(qm, id)).toEqual([5, 4, 3, 2, 1, 6]);
    await use(qm, { id, keyId }, 10n * CREDIT);
    await qm.drain();
    expect(await remains(qm, id)).toEqual([2, 2, 1, 6]);
    await expectSound(qm, id);
  });

  test('by a deduction in the same order', async () => {
    const { id } = await team();
    await give(qm, id, 3);
    await give(qm, id, 2, { expiresAt: inDays(1) });
    expect(await deduct(id, 4n * CREDIT)).toMatchObject({ repeated: false });
    expect(await remains(qm, id)).toEqual([1]);
    await expectSound(qm, id);
  });

  test('a funding first covers what an overdraft had paid, and remains with the rest', async () => {
    const { id, keyId } = await team(2n * CREDIT);
    await setCreditPolicy(qm.stores, SYSTEM, id, { limitPolicy: 'soft', overdraft: 10n * CREDIT });
    await use(qm, { id, keyId }, 9n * CREDIT);
    await qm.drain();
    expect(await remains(qm, id)).toEqual([]);
    await give(qm, id, 4);
    expect(await remains(qm, id)).toEqual([]);
    await give(qm, id, 5);
    expect(await remains(qm, id)).toEqual([2]);
    await expectSound(qm, id);
  });

  test('by the calls of many teams in one batch, each from its own', async () => {
    const teams = [await team(), await team(), await team()];
    for (const { id } of teams) {
      await give(qm, id, 2, { priority: 1 });
      await give(qm, id, 3);
    }
    await Promise.all(teams.map(async (one, at) => use(qm, one, BigInt(at + 1) * CREDIT)));
    await qm.drain();
    expect(await Promise.all(teams.map(async ({ id }) => remains(qm, id)))).toEqual([
      [1, 3],
      [3],
      [2],
    ]);
    await expectSound(qm, ...teams.map(({ id }) => id));
  });
});

describe('a refund', () => {
  test('returns to the grants that the call used, not to those that others of its batch used', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 2, { priority: 1 });
    await give(qm, id, 10);
    const calls = await Promise.all(
      [1n, 2n, 3n].map(async (each) => use(qm, { id, keyId }, each * CREDIT)),
    );
    await qm.drain();
    expect(await remains(qm, id)).toEqual([6]);
    // The call of the least id took first: two credits of the first grant went to whoever that is.
    const charge = new Map(calls.map((call, at) => [call, at + 1]));
    const [first = ''] = calls.toSorted();
    const expected = Math.min(2, charge.get(first) ?? 0);
    await refund(first);
    expect((await remains(qm, id))[0]).toBe(expected);
    await expectSound(qm, id);
  });

  test('and using it again leads back to the same state', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 2, { priority: 1 });
    await give(qm, id, 3);
    const call = await use(qm, { id, keyId }, 4n * CREDIT);
    await qm.drain();
    const before = await remains(qm, id);
    await refund(call, 1n * CREDIT);
    await refund(call);
    expect(await remains(qm, id)).toEqual([2, 3]);
    await use(qm, { id, keyId }, 4n * CREDIT);
    await qm.drain();
    expect(await remains(qm, id)).toEqual(before);
    await expectSound(qm, id);
  });

  test('of credits that expired comes back as a grant with a short life', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 5, { expiresAt: inDays(2), category: 'promotional' });
    const call = await use(qm, { id, keyId }, 3n * CREDIT);
    await qm.drain();
    ahead += 3 * DAY_MS;
    expect(await expireGrants(qm.stores)).toBe(2n * CREDIT);
    expect(await refund(call)).toMatchObject({ repeated: false });
    const [grant] = await qm.stores.records.grants.ofTeam(id);
    expect(grant).toMatchObject({ remaining: 3n * CREDIT, category: 'promotional' });
    const days = ((grant?.expiresAt?.getTime() ?? 0) - qm.stores.clock()) / DAY_MS;
    expect(Math.round(days)).toBe(30);
    await expectSound(qm, id);
  });

  test('of what an overdraft paid is a plain grant, and covers the debt that is left', async () => {
    const { id, keyId } = await team(1n * CREDIT);
    await setCreditPolicy(qm.stores, SYSTEM, id, { limitPolicy: 'soft', overdraft: 10n * CREDIT });
    const call = await use(qm, { id, keyId }, 6n * CREDIT);
    await qm.drain();
    await refund(call, 2n * CREDIT);
    expect(await remains(qm, id)).toEqual([]);
    await expectSound(qm, id);
    await refund(call);
    await expectSound(qm, id);
    expect(await qm.stores.records.ledger.account(id)).toMatchObject({ balance: 1n * CREDIT });
  });

  test('is at most the charge: of ten parallel halves two pass', async () => {
    const { id, keyId } = await team(10n * CREDIT);
    const call = await use(qm, { id, keyId }, 4n * CREDIT);
    await qm.drain();
    const halves = Array.from({ length: 10 }, async () => refund(call, 2n * CREDIT));
    const answers = await Promise.all(halves);
    expect(answers.filter((answer) => 'entry' in answer)).toHaveLength(2);
    const refused = answers.filter((answer) => 'refused' in answer);
    expect(new Set(refused.map((answer) => answer.refused))).toEqual(new Set(['refund_too_large']));
    expect(await refund(call)).toMatchObject({ refused: 'refund_too_large' });
    await expectSound(qm, id);
  });

  test.each([
    ['more than the charge', 5n * CREDIT, 'refund_too_large'],
    ['nothing', 0n, 'value_invalid'],
    ['less than nothing', -1n, 'value_invalid'],
  ])('of %s is refused', async (_, amount, refused) => {
    const { id, keyId } = await team(10n * CREDIT);
    const call = await use(qm, { id, keyId }, 4n * CREDIT);
    await qm.drain();
    expect(await refund(call, amount)).toMatchObject({ refused });
    expect(await remains(qm, id)).toEqual([6]);
  });

  test('of a call that is not in the records is refused', async () => {
    expect(await refund('no-such-call')).toMatchObject({ refused: 'charge_unknown' });
  });

  test('under a reference that refunded another call is refused; of the same, answered as before', async () => {
    const { id, keyId } = await team(10n * CREDIT);
    const one = await use(qm, { id, keyId }, 1n * CREDIT);
    const other = await use(qm, { id, keyId }, 1n * CREDIT);
    await qm.drain();
    const wish = { amount: undefined, reason: 'a test', reference: reference() };
    const first = await refundUsage(qm.stores, SYSTEM, { ...wish, eventId: one });
    const again = await refundUsage(qm.stores, SYSTEM, { ...wish, eventId: one });
    expect(again).toMatchObject({ repeated: true });
    expect('entry' in again && 'entry' in first && again.entry).toEqual(
      'entry' in first && first.entry,
    );
    const wrong = await refundUsage(qm.stores, SYSTEM, { ...wish, eventId: other });
    expect(wrong).toMatchObject({ refused: 'reference_conflict' });
    const topped = { teamId: id, amount: CREDIT, reason: 'a test', reference: wish.reference };
    expect(await topUp(qm.stores, SYSTEM, topped)).toMatchObject({ repeated: true });
    expect(await deductCredits(qm.stores, SYSTEM, topped)).toMatchObject({
      refused: 'reference_conflict',
    });
    await expectSound(qm, id);
  });
});

describe('a transfer', () => {
  test('keeps expiry, priority and category of what it moves, in one posting of two accounts', async () => {
    const [from, to] = [await team(), await team(7n * CREDIT)];
    await give(qm, from.id, 2, { priority: 3, category: 'promotional' });
    const expiresAt = inDays(5);
    await give(qm, from.id, 4, { expiresAt });
    const wish = {
      teamId: from.id,
      toTeamId: to.id,
      amount: 5n * CREDIT,
      reason: 'r',
      reference: reference(),
    };
    const moved = await transferCredits(qm.stores, SYSTEM, wish);
    const got = await qm.stores.records.grants.ofTeam(to.id);
    expect(
      got.map(({ remaining, priority, category, expiresAt: ends }) => [
        remaining / CREDIT,
        priority,
        category,
        ends,
      ]),
    ).toEqual([
      [2n, 3, 'promotional', null],
      [3n, 50, 'paid', expiresAt],
      [7n, 50, 'paid', null],
    ]);
    expect(await remains(qm, from.id)).toEqual([1]);
    const postingId = 'entry' in moved ? moved.entry.postingId : '';
    const lines = await qm.postgres.creditEntry.findMany({
      where: { postingId },
      orderBy: { amount: 'asc' },
    });
    expect(lines.map(({ accountId, amount }) => [accountId, amount])).toEqual([
      [`team:${from.id}`, -5n * CREDIT],
      [`team:${to.id}`, 5n * CREDIT],
    ]);
    await expectSound(qm, from.id, to.id);
    expect(await transferCredits(qm.stores, SYSTEM, wish)).toMatchObject({ repeated: true });
    const other = { ...wish, toTeamId: (await team()).id };
    expect(await transferCredits(qm.stores, SYSTEM, other)).toMatchObject({
      refused: 'reference_conflict',
    });
    await expectSound(qm, from.id, to.id);
  });

  test('to itself, to another organization or to nobody is refused', async () => {
    const from = await team(5n * CREDIT);
    const foreign = await qm.team({ ...BY_COST, organizationId: 'foreign', credits: 0n });
    const wish = { teamId: from.id, amount: CREDIT, reason: 'r', reference: reference() };
    for (const [toTeamId, refused] of [
      [from.id, 'value_invalid'],
      [foreign.id, 'value_invalid'],
      ['nobody', 'team_unknown'],
    ] as const) {
      expect(await transferCredits(qm.stores, SYSTEM, { ...wish, toTeamId })).toMatchObject({
        refused,
      });
    }
    await expectSound(qm, from.id, foreign.id);
  });

  test('in both directions at once ends, with nothing lost', async () => {
    const [one, other] = [await team(50n * CREDIT), await team(50n * CREDIT)];
    const move = async (teamId: string, toTeamId: string) =>
      transferCredits(qm.stores, SYSTEM, {
        teamId,
        toTeamId,
        amount: CREDIT,
        reason: 'r',
        reference: reference(),
      });
    const moves = Array.from({ length: 10 }, async (_, at) =>
      at % 2 === 0 ? move(one.id, other.id) : move(other.id, one.id),
    );
    const answers = await Promise.all(moves);
    expect(answers.filter((answer) => 'entry' in answer)).toHaveLength(10);
    await expectSound(qm, one.id, other.id);
  });
});

describe('an adjustment', () => {
  test('adds or takes, and refuses 0 and what is beyond the maximum', async () => {
    const { id } = await team(5n * CREDIT);
    const adjust = async (amount: bigint) =>
      adjustCredits(qm.stores, SYSTEM, { teamId: id, amount, reason: 'r', reference: reference() });
    expect(await adjust(2n * CREDIT)).toMatchObject({ repeated: false });
    expect(await adjust(-3n * CREDIT)).toMatchObject({ repeated: false });
    expect(await qm.stores.records.ledger.account(id)).toMatchObject({ balance: 4n * CREDIT });
    for (const amount of [0n, 10n ** 16n, -(10n ** 16n)]) {
      expect(await adjust(amount)).toMatchObject({ refused: 'value_invalid' });
    }
    expect(await adjust(-5n * CREDIT)).toMatchObject({ refused: 'credits_not_spendable' });
    await expectSound(qm, id);
  });
});

describe('a grant', () => {
  test('with an end in the past, or an order that is none, is refused', async () => {
    const { id } = await team();
    const wish = { teamId: id, amount: CREDIT, reason: 'r', reference: reference() };
    for (const terms of [
      { expiresAt: inDays(-1) },
      { priority: -1 },
      { priority: 101 },
      { priority: 0.5 },
    ]) {
      expect(await grantCredits(qm.stores, SYSTEM, { ...wish, terms })).toMatchObject({
        refused: 'value_invalid',
      });
    }
    expect(await remains(qm, id)).toEqual([]);
  });
});
