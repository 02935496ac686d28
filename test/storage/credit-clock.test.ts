// What happens to credits by the clock: grants end, teams are refilled, suspended and resumed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { suspendExhausted } from '../../src/core/credits/auto-suspend.ts';
import { expireGrant, expireGrants, warnOfEndingGrants } from '../../src/core/credits/expire.ts';
import { setCreditPolicy } from '../../src/core/credits/policy.ts';
import { refillTeam, refillTeams } from '../../src/core/credits/refill.ts';
import { setAutoRefill } from '../../src/core/credits/set-auto-refill.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import {
  begin,
  BY_COST,
  CREDIT,
  end,
  expectSound,
  give,
  remains,
  use,
} from '../support/credits.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
let nowMs = Date.now();
beforeAll(async () => {
  qm = await startQuartermaster({ clock: () => nowMs });
});
afterAll(async () => qm[Symbol.asyncDispose]());

const team = async (credits = 0n) => qm.team({ ...BY_COST, credits: credits * CREDIT });
const soon = (): Date => new Date(nowMs + HOUR_MS);
const pass = (ms: number): void => {
  nowMs += ms;
};
let references = 0;
const fund = async (teamId: string, credits: bigint) =>
  topUp(qm.stores, SYSTEM, {
    teamId,
    amount: credits * CREDIT,
    reason: 'a test',
    reference: `clock-test-${(references += 1)}`,
  });
async function balance(teamId: string): Promise<bigint> {
  return ((await qm.stores.records.ledger.account(teamId))?.balance ?? 0n) / CREDIT;
}
async function kinds(teamId: string): Promise<string[]> {
  const entries = await qm.stores.records.ledger.history(teamId, 100);
  return entries.map((entry) => `${entry.kind} ${entry.amount / CREDIT}`).toReversed();
}

describe('an ended grant', () => {
  test('expires with what remains of it, once, whatever the number of workers', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 5, { expiresAt: soon() });
    await give(qm, id, 3);
    await use(qm, { id, keyId }, 2n * CREDIT);
    await qm.drain();
    expect(await expireGrants(qm.stores)).toBe(0n);
    pass(HOUR_MS);
    const [grant] = await qm.stores.records.grants.ofTeam(id);
    const gone = await Promise.all(
      Array.from({ length: 6 }, async () => expireGrant(qm.stores, grant?.id ?? '')),
    );
    expect(gone.reduce((sum, each) => sum + each, 0n)).toBe(3n * CREDIT);
    expect(await remains(qm, id)).toEqual([3]);
    expect((await kinds(id)).filter((kind) => kind.startsWith('expiry'))).toEqual(['expiry -3']);
    await expectSound(qm, id);
  });

  test('leaves what calls under way and undrained usage still take from it', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 10, { expiresAt: soon() });
    await give(qm, id, 10);
    const call = await begin(qm, { id, keyId }, 4n * CREDIT);
    await use(qm, { id, keyId }, 3n * CREDIT);
    pass(HOUR_MS);
    expect(await expireGrants(qm.stores)).toBe(3n * CREDIT);
    expect(await remains(qm, id)).toEqual([7, 10]);
    // The call ends with less than it held: the rest goes with the next run.
    await (call && end(qm, call, CREDIT));
    await qm.drain();
    expect(await expireGrants(qm.stores)).toBe(3n * CREDIT);
    expect(await remains(qm, id)).toEqual([10]);
    await expectSound(qm, id);
  });

  test('behind others goes whole, where calls under way take from those', async () => {
    const { id, keyId } = await team();
    await give(qm, id, 10, { priority: 1 });
    await give(qm, id, 5, { expiresAt: soon() });
    await begin(qm, { id, keyId }, 8n * CREDIT);
    pass(HOUR_MS);
    expect(await expireGrants(qm.stores)).toBe(5n * CREDIT);
    await expectSound(qm, id);
  });

  test('is announced once, three days before, by however many workers', async () => {
    const { id } = await team();
    await give(qm, id, 5, { expiresAt: new Date(nowMs + 4 * DAY_MS) });
    const warn = async () =>
      Promise.all(Array.from({ length: 4 }, async () => warnOfEndingGrants(qm.stores)));
    await warn();
    const told = async () =>
      (await qm.postgres.outboxEvent.findMany({ where: { kind: 'grant.expiring' } })).filter(
        ({ payload }) => (payload as { teamId: string }).teamId === id,
      );
    expect(await told()).toHaveLength(0);
    pass(DAY_MS + 1);
    await warn();
    expect(await told()).toHaveLength(1);
  });
});

describe('a team that suspends itself', () => {
  const suspending = async (credits: bigint) => {
    const made = await team(credits);
    await setCreditPolicy(qm.stores, SYSTEM, made.id, { autoSuspend: true });
    return made;
  };
  const status = async (id: string) => {
    const found = await qm.stores.records.teams.find(id);
    return [found?.status, found?.statusReason];
  };

  test('is suspended when nothing is left, and resumes with the funding that comes', async () => {
    const made = await suspending(3n);
    await use(qm, made, 3n * CREDIT);
    await qm.drain();
    expect(await suspendExhausted(qm.stores)).toEqual([made.id]);
    expect(await status(made.id)).toEqual(['suspended', 'credits exhausted']);
    expect(await begin(qm, made, 0n)).toBeUndefined();
    await fund(made.id, 1n);
    expect(await status(made.id)).toEqual(['active', null]);
    expect(await begin(qm, made, CREDIT)).toBeDefined();
  });

  test('is not while a call under way may give something back, or an overdraft is left', async () => {
    const made = await suspending(3n);
    const call = await begin(qm, made, 3n * CREDIT);
    expect(await suspendExhausted(qm.stores)).toEqual([]);
    await (call && end(qm, call, 3n * CREDIT));
    await qm.drain();
    await setCreditPolicy(qm.stores, SYSTEM, made.id, { limitPolicy: 'soft', overdraft: CREDIT });
    expect(await suspendExhausted(qm.stores)).toEqual([]);
    await setCreditPolicy(qm.stores, SYSTEM, made.id, { limitPolicy: 'hard' });
    expect(await suspendExhausted(qm.stores)).toEqual([made.id]);
    await setCreditPolicy(qm.stores, SYSTEM, made.id, { limitPolicy: 'unlimited' });
    expect(await status(made.id)).toEqual(['active', null]);
  });

  test('stays suspended by a funding if a person suspended it', async () => {
    const made = await suspending(1n);
    const by = { teamId: made.id, status: 'suspended', reason: 'unpaid' } as const;
    await setTeamStatus(qm.stores, SYSTEM, by);
    await fund(made.id, 5n);
    expect(await status(made.id)).toEqual(['suspended', 'unpaid']);
  });

  test('is never suspended by a worker that looked before a funding came', async () => {
    const made = await suspending(1n);
    await use(qm, made, CREDIT);
    await qm.drain();
    const [suspended] = await Promise.all([suspendExhausted(qm.stores), fund(made.id, 5n)]);
    expect(suspended.length).toBeLessThanOrEqual(1);
    expect(await status(made.id)).toEqual(['active', null]);
    await expectSound(qm, made.id);
  });
});

describe('a refill', () => {
  const refilled = async (id: string, wish: Partial<Parameters<typeof setAutoRefill>[3]>) =>
    setAutoRefill(qm.stores, SYSTEM, id, {
      amount: 10n * CREDIT,
      every: null,
      below: null,
      monthlyMax: null,
      ...wish,
    });
  const byMany = async (id: string) =>
    Promise.all(Array.from({ length: 5 }, async () => refillTeam(qm.stores, id)));

  test('by the calendar comes with the next period, once, and only for the present one', async () => {
    const { id } = await team();
    await refilled(id, { every: 'daily' });
    await byMany(id);
    expect(await balance(id)).toBe(0n);
    pass(DAY_MS);
    await byMany(id);
    expect(await balance(id)).toBe(10n);
    pass(5 * DAY_MS);
    await byMany(id);
    await byMany(id);
    expect(await balance(id)).toBe(20n);
    const [entry] = await qm.stores.records.ledger.history(id, 1);
    expect(entry?.reference).toBe(`auto-refill:${new Date(nowMs).toISOString().slice(0, 10)}`);
    await expectSound(qm, id);
  });

  test("begins with the day of the organization's time zone", async () => {
    await qm.team({ ...BY_COST, organizationId: 'kiwi', credits: 0n });
    await qm.postgres.organization.update({
      where: { id: 'kiwi' },
      data: { timeZone: 'Pacific/Auckland' },
    });
    const { id } = await qm.team({ ...BY_COST, organizationId: 'kiwi', credits: 0n });
    const before = nowMs;
    nowMs = Date.parse('2027-01-31T10:00:00Z');
    await refilled(id, { every: 'monthly' });
    nowMs = Date.parse('2027-01-31T10:59:59Z');
    expect(await refillTeam(qm.stores, id)).toBe(0);
    nowMs = Date.parse('2027-01-31T11:00:00Z');
    expect(await refillTeam(qm.stores, id)).toBe(1);
    const [entry] = await qm.stores.records.ledger.history(id, 1);
    expect(entry?.reference).toBe('auto-refill:2027-02-01');
    nowMs = before;
  });

  test('below the threshold closes the gap at once, by however many workers', async () => {
    const made = await team(30n);
    await refilled(made.id, { below: 25n * CREDIT });
    expect(await byMany(made.id)).toEqual([0, 0, 0, 0, 0]);
    await use(qm, made, 28n * CREDIT);
    await qm.drain();
    await byMany(made.id);
    expect(await kinds(made.id)).toEqual(['grant 30', 'usage -28', 'auto_refill 30']);
    await byMany(made.id);
    expect(await balance(made.id)).toBe(32n);
    const [entry] = await qm.stores.records.ledger.history(made.id, 1);
    expect(entry?.reference).toBe('auto-refill:below:1');
    await expectSound(qm, made.id);
  });

  test('never passes the most of a month, and never comes in part', async () => {
    const made = await team(0n);
    await refilled(made.id, { below: 50n * CREDIT, monthlyMax: 35n * CREDIT });
    await refillTeams(qm.stores);
    await refillTeams(qm.stores);
    expect(await kinds(made.id)).toEqual(['auto_refill 30']);
    await refilled(made.id, { below: 50n * CREDIT, monthlyMax: 40n * CREDIT });
    await byMany(made.id);
    expect(await balance(made.id)).toBe(40n);
  });

  test('resumes a team that suspended itself, and leaves one alone that a person stopped', async () => {
    const made = await team(1n);
    await setCreditPolicy(qm.stores, SYSTEM, made.id, { autoSuspend: true });
    await use(qm, made, CREDIT);
    await qm.drain();
    expect(await suspendExhausted(qm.stores)).toEqual([made.id]);
    await refilled(made.id, { below: 5n * CREDIT });
    await refillTeams(qm.stores);
    expect(await qm.stores.records.teams.find(made.id)).toMatchObject({ status: 'active' });
    await setTeamStatus(qm.stores, SYSTEM, { teamId: made.id, status: 'paused' });
    await refilled(made.id, { below: 90n * CREDIT });
    expect(await refillTeam(qm.stores, made.id)).toBe(0);
  });

  test.each([
    [{ amount: 0n, below: CREDIT }, 'amount'],
    [{ amount: 10n ** 16n, below: CREDIT }, 'amount'],
    [{}, 'every'],
    [{ below: 0n }, 'below'],
    [{ below: CREDIT, monthlyMax: CREDIT }, 'monthly_max'],
  ])('of %o is refused, naming %s', async (wish, field) => {
    const { id } = await team();
    expect(await refilled(id, wish)).toMatchObject({ refused: 'value_invalid', facts: { field } });
  });
});

describe('a policy', () => {
  test.each([
    [{ limitPolicy: 'soft' }, 'overdraft'],
    [{ limitPolicy: 'soft', overdraft: -1n }, 'overdraft'],
    [{ limitPolicy: 'soft', overdraft: 10n ** 15n }, 'overdraft'],
    [{ overdraft: CREDIT }, 'overdraft'],
    [{ limitPolicy: 'unlimited', overdraft: CREDIT }, 'overdraft'],
    [{ graceUntil: new Date(0), overdraft: CREDIT }, 'grace_until'],
    [{ limitPolicy: 'soft', overdraft: CREDIT, graceUntil: new Date(4e12) }, 'grace_until'],
  ] as const)('of %o is refused, naming %s', async (wish, field) => {
    const { id } = await team();
    const answer = await setCreditPolicy(qm.stores, SYSTEM, id, wish);
    expect(answer).toMatchObject({ refused: 'value_invalid', facts: { field } });
  });

  test('holds on the next call: soft down to the overdraft, a grace until its end', async () => {
    const made = await team(1n);
    expect(await begin(qm, made, 2n * CREDIT)).toBeUndefined();
    await setCreditPolicy(qm.stores, SYSTEM, made.id, { limitPolicy: 'soft', overdraft: CREDIT });
    expect(await begin(qm, made, 2n * CREDIT)).toBeDefined();
    expect(await begin(qm, made, CREDIT)).toBeUndefined();
    const hard = await setCreditPolicy(qm.stores, SYSTEM, made.id, { limitPolicy: 'hard' });
    expect(hard).toMatchObject({ overdraft: 0n, graceUntil: null });
  });
});
