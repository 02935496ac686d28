// What waits for a second person takes effect exactly once: whoever races, retries or dies.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProposedAction } from '../../src/core/approvals/action.ts';
import { applyApproved, approve, override, reject } from '../../src/core/approvals/decide.ts';
import { lapseProposals } from '../../src/core/approvals/lapse.ts';
import { DEFAULT_APPROVALS } from '../../src/core/approvals/policy.ts';
import type { ApprovalPolicy } from '../../src/core/approvals/policy.ts';
import { actOrPropose } from '../../src/core/approvals/propose.ts';
import type { Proposal } from '../../src/core/approvals/proposal.ts';
import { nameOfState, readState } from '../../src/core/approvals/subject-state.ts';
import type { Actor } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { deductCredits } from '../../src/core/credits/deduct.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { GateUnavailable } from '../../src/core/faults.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import type { Stores } from '../../src/core/stores.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { HOUR_MS } from '../../src/core/time.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const CREDIT = 1_000_000n;
const person = (id: string): Actor => ({ id: `slack:${id}`, door: 'slack' });
const MAYA = person('U0MAYA');
const OMAR = person('U0OMAR');

let qm: Quartermaster;
let nowMs = Date.now();
let count = 0;
beforeAll(async () => {
  qm = await startQuartermaster({ clock: () => nowMs });
});
afterAll(async () => qm[Symbol.asyncDispose]());

const stores = (policy: Partial<ApprovalPolicy> = {}): Stores => ({
  ...qm.stores,
  settings: { ...qm.stores.settings, approvals: { ...DEFAULT_APPROVALS, ...policy } },
});
const rules = (action: ProposedAction['kind'], approvals = 1) => ({
  rules: [{ action, above: null, organizations: null, approvals, by: 'approver' as const }],
});
const funding = (teamId: string, credits: bigint) => ({
  teamId,
  amount: credits * CREDIT,
  reason: 'Invoice 17',
  reference: `test:${(count += 1)}`,
});
const ask = async (action: ProposedAction, policy: Partial<ApprovalPolicy> = {}, actor = MAYA) =>
  actOrPropose(stores(policy), actor, {
    action,
    channelId: 'C0ACME',
    onceKey: `once:${(count += 1)}`,
  });
async function proposed(action: ProposedAction, policy: Partial<ApprovalPolicy> = {}) {
  const asked = await ask(action, policy);
  expect(asked).toMatchObject({ isNew: true, proposal: { status: 'pending' } });
  return (asked as { proposal: Proposal }).proposal;
}
async function seenNow({ id, action }: Proposal) {
  const state = await readState(qm.stores.records, action);
  return { proposalId: id, seen: nameOfState(state as never) };
}
const balance = async (id: string) =>
  ((await qm.stores.records.ledger.account(id))?.balance ?? 0n) / CREDIT;
const statusOf = async ({ id }: Proposal) => (await qm.stores.records.approvals.find(id))?.status;

describe('the policy', () => {
  test('lets small amounts through at once, and has larger ones wait', async () => {
    const { id } = await qm.team({ credits: 0n });
    expect(await ask({ kind: 'top_up', ...funding(id, 500n) })).toMatchObject({ changed: true });
    expect(await balance(id)).toBe(500n);
    await proposed({ kind: 'top_up', ...funding(id, 10_001n) });
    expect(await balance(id)).toBe(500n);
  });

  test('bounds transfers, too, though each is posted after it was weighed', async () => {
    const [from, to] = [await qm.team({ credits: 90_000n * CREDIT }), await qm.team()];
    const olga = person('U0OLGA');
    const asked = await Promise.all(
      Array.from({ length: 8 }, async () =>
        ask({ kind: 'transfer', toTeamId: to.id, ...funding(from.id, 9_000n) }, {}, olga),
      ),
    );
    expect(asked.filter((each) => 'proposal' in each)).toHaveLength(3);
    expect(await balance(from.id)).toBe(45_000n);
    const open = await qm.stores.records.approvals.list({ limit: 100, proposedBy: olga.id });
    expect(open.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
  });

  test('lets a transfer that met a fault of the gate be asked again, and counts it meanwhile', async () => {
    const [from, to] = [await qm.team({ credits: 90_000n * CREDIT }), await qm.team()];
    const pavel = person('U0PAVEL');
    const withhold = async (): Promise<never> => {
      throw new GateUnavailable('The gate is away');
    };
    const away = { ...stores(), gate: { ...qm.stores.gate, withhold } };
    const action = { kind: 'transfer', toTeamId: to.id, ...funding(from.id, 9_000n) } as const;
    const asked = { action, channelId: undefined, onceKey: `once:${(count += 1)}` };
    await expect(actOrPropose(away, pavel, asked)).rejects.toThrow(GateUnavailable);
    const since = new Date(nowMs - HOUR_MS);
    const moved = async () => qm.stores.records.approvals.movedBy(pavel.id, since);
    expect(await moved()).toBe(9_000n * CREDIT);
    expect(await actOrPropose(stores(), pavel, asked)).toMatchObject({ changed: true });
    expect(await actOrPropose(stores(), pavel, asked)).toEqual({ answeredBefore: true });
    expect(await moved()).toBe(9_000n * CREDIT);
    expect(await balance(from.id)).toBe(81_000n);
  });

  test('bounds what one person does in a day, also by many requests at once', async () => {
    const { id } = await qm.team({ credits: 0n });
    const nadia = person('U0NADIA');
    const asked = await Promise.all(
      Array.from({ length: 8 }, async () =>
        ask({ kind: 'grant', terms: {}, ...funding(id, 9_000n) }, {}, nadia),
      ),
    );
    expect(asked.filter((each) => 'proposal' in each)).toHaveLength(3);
    expect(await balance(id)).toBe(45_000n);
    nowMs += 25 * HOUR_MS;
  });

  test('counts nothing of what others approved', async () => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 49_000n) });
    await approve(stores(), OMAR, await seenNow(waits));
    expect(await ask({ kind: 'top_up', ...funding(id, 9_000n) })).toMatchObject({ changed: true });
  });

  test('asks for a raised budget, never for a lowered one', async () => {
    const { id } = await qm.team();
    const set = (maxNanoUsd: bigint) =>
      ({
        kind: 'budget',
        subject: { kind: 'team', teamId: id },
        changes: [{ set: 'budget', duration: '1mo', model: null, maxNanoUsd }],
        reason: 'More',
        reference: `test:${(count += 1)}`,
      }) as const;
    const usd = 1_000_000_000n;
    expect(await ask(set(20_000n * usd))).toMatchObject({ changed: true });
    expect(await ask(set(15_000n * usd))).toMatchObject({ changed: true });
    const raise = await proposed(set(30_000n * usd));
    const approved = await approve(stores(), OMAR, await seenNow(raise));
    expect(approved).toMatchObject({ proposal: { status: 'applied' } });
    const team = await qm.stores.records.teams.find(id);
    expect(team?.ceilings.budgets[0]?.maxNanoUsd).toBe(30_000n * usd);
  });
});

describe('exactly one effect', () => {
  test('of 20 approvers at once, one is first and the others are told who', async () => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const seen = await seenNow(waits);
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => approve(stores(), person(`U0RACER${at}`), seen)),
    );
    const first = all.filter((each) => !isRefusal(each));
    expect(first).toHaveLength(1);
    const by = (await qm.stores.records.approvals.find(waits.id))?.decidedBy;
    const told = all.filter(isRefusal).map(({ refused, facts }) => [refused, facts['by']]);
    expect(new Set(told.map(String))).toEqual(new Set([`proposal_decided,${by}`]));
    expect(await balance(id)).toBe(20_000n);
    expect(await qm.drift(id)).toBe(0n);
  });

  test('50 presses of one person are one', async () => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const seen = await seenNow(waits);
    const all: unknown[] = [];
    for (let wave = 0; wave < 5; wave += 1) {
      const presses = Array.from({ length: 10 }, async () => approve(stores(), OMAR, seen));
      all.push(...(await Promise.all(presses)));
    }
    expect(all.filter((each) => !isRefusal(each))).toHaveLength(1);
    expect(await balance(id)).toBe(20_000n);
  });

  test('approval, rejection and expiry at once end in one of them', async () => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const seen = await seenNow(waits);
    nowMs = waits.expiresAt.getTime() - 1;
    const late: Stores = { ...stores(), clock: () => waits.expiresAt.getTime() };
    await Promise.all([
      approve(stores(), OMAR, seen),
      reject(stores(), person('U0OTHER'), { proposalId: waits.id, reason: 'No' }),
      lapseProposals(late),
    ]);
    const status = await statusOf(waits);
    expect(await balance(id)).toBe(status === 'applied' ? 20_000n : 0n);
    expect(['applied', 'rejected', 'expired']).toContain(status);
    const lines = await qm.stores.records.audit.search({
      teamId: id,
      action: 'proposal.',
      limit: 9,
    });
    expect(lines).toHaveLength(2);
  });

  test('what needs the gate is done once, also where a process died after the approval', async () => {
    const giver = await qm.team({ credits: 50_000n * CREDIT });
    const taker = await qm.team({ credits: 0n });
    const move = { ...funding(giver.id, 20_000n), toTeamId: taker.id };
    const waits = await proposed({ kind: 'transfer', ...move });
    // As a process that dies right after its commit leaves it.
    await qm.postgres.proposal.update({
      where: { id: waits.id },
      data: { status: 'approved', decidedBy: OMAR.id },
    });
    await Promise.all(Array.from({ length: 5 }, async () => applyApproved(stores(), waits.id)));
    expect(await statusOf(waits)).toBe('applied');
    expect(await balance(taker.id)).toBe(20_000n);
    expect(await balance(giver.id)).toBe(30_000n);
  });

  test('what cannot be done after all says so, and stays undone', async () => {
    const giver = await qm.team({ credits: 30_000n * CREDIT });
    const taker = await qm.team({ credits: 0n });
    const move = { ...funding(giver.id, 20_000n), toTeamId: taker.id };
    const waits = await proposed({ kind: 'transfer', ...move });
    const less = { ...funding(giver.id, 15_000n), reason: 'Booked twice' };
    await deductCredits(qm.stores, OMAR, less);
    const decided = await approve(stores(), OMAR, await seenNow(waits));
    expect(decided).toMatchObject({ proposal: { status: 'failed' } });
    expect(await balance(taker.id)).toBe(0n);
  });

  test('what could not be done is refused at once, and does not wait', async () => {
    const giver = await qm.team({ credits: 30_000n * CREDIT });
    const taker = await qm.team({ credits: 0n });
    const move = { ...funding(giver.id, 40_000n), toTeamId: taker.id };
    expect(await ask({ kind: 'transfer', ...move })).toMatchObject({
      refused: 'credits_not_spendable',
    });
    const much = funding(taker.id, 999_999_999_999n);
    expect(await ask({ kind: 'top_up', ...much })).toMatchObject({ refused: 'value_invalid' });
    const { approvals } = qm.stores.records;
    expect(await approvals.list({ teamId: giver.id, limit: 9 })).toEqual([]);
    expect(await balance(giver.id)).toBe(30_000n);
    expect(await qm.drift(giver.id)).toBe(0n);
  });

  test('the same request proposes once', async () => {
    const { id } = await qm.team({ credits: 0n });
    const action = { kind: 'top_up', ...funding(id, 20_000n) } as const;
    const asked = await Promise.all([ask(action), ask(action), ask(action, {}, OMAR)]);
    const isNew = asked.map((each) => 'isNew' in each && each.isNew);
    expect(isNew.filter(Boolean)).toHaveLength(1);
  });
});

describe('who decides', () => {
  test('nobody approves their own, also not past us', async () => {
    const { id } = await qm.team();
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const own = await approve(stores(), MAYA, await seenNow(waits));
    expect(own).toMatchObject({ refused: 'proposal_own' });
    const { approvals } = qm.stores.records;
    await expect(approvals.approve(waits.id, MAYA.id, new Date())).rejects.toThrow(
      'proposalDecision',
    );
  });

  test('two different people where two are needed', async () => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 5n) }, rules('top_up', 2));
    const seen = await seenNow(waits);
    expect(await approve(stores(), OMAR, seen)).toMatchObject({ proposal: { status: 'pending' } });
    expect(await approve(stores(), OMAR, seen)).toMatchObject({
      refused: 'proposal_approved_before',
    });
    expect(await balance(id)).toBe(0n);
    const second = await approve(stores(), person('U0NINA'), seen);
    expect(second).toMatchObject({ proposal: { status: 'applied' } });
    expect(await balance(id)).toBe(5n);
  });

  test('an urgent one is done without approval, with its reason on record', async () => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const wish = { ...(await seenNow(waits)), reason: 'The launch is now' };
    expect(await override(stores(), MAYA, wish)).toMatchObject({ refused: 'proposal_own' });
    expect(await override(stores(), OMAR, wish)).toMatchObject({
      proposal: { status: 'applied', urgent: true, decisionReason: 'The launch is now' },
    });
    const [line] = await qm.stores.records.audit.search({ teamId: id, limit: 1 });
    expect(line).toMatchObject({ action: 'proposal.overridden', reason: 'The launch is now' });
    expect(await balance(id)).toBe(20_000n);
  });

  test.each(['rejected', 'withdrawn'] as const)('what is %s stays undone', async (status) => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const actor = status === 'rejected' ? OMAR : MAYA;
    const decided = await reject(stores(), actor, { proposalId: waits.id, reason: 'No' });
    expect(decided).toMatchObject({ proposal: { status } });
    const late = await approve(stores(), person('U0NINA'), await seenNow(waits));
    expect(late).toMatchObject({ refused: 'proposal_decided', facts: { status, by: actor.id } });
    expect(await balance(id)).toBe(0n);
  });
});

describe('what changed since', () => {
  const changes: [string, (id: string) => Promise<unknown>][] = [
    [
      'a suspension',
      async (id) => setTeamStatus(qm.stores, OMAR, { teamId: id, status: 'suspended' }),
    ],
    ['another top-up', async (id) => topUp(qm.stores, OMAR, funding(id, 1n))],
  ];
  test.each(changes)('%s must be seen before a yes counts', async (_, change) => {
    const { id } = await qm.team({ credits: 0n });
    const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
    const seen = await seenNow(waits);
    await change(id);
    const before = await balance(id);
    expect(await approve(stores(), OMAR, seen)).toMatchObject({ refused: 'proposal_outdated' });
    expect(await balance(id)).toBe(before);
    expect(await statusOf(waits)).toBe('pending');
    await approve(stores(), OMAR, await seenNow(waits));
    expect(await balance(id)).toBe(before + 20_000n);
  });

  test('limits that somebody else set meanwhile are seen, too', async () => {
    const { id } = await qm.team();
    const subject = { kind: 'team', teamId: id } as const;
    const limit = (max: number) => ({ set: 'limit', kind: 'requests', model: null, max }) as const;
    await changeCeilings(qm.stores, OMAR, subject, [limit(10)]);
    const reference = `test:${(count += 1)}`;
    const raise = { kind: 'limit', subject, changes: [limit(50)], reason: 'x', reference } as const;
    const waits = await proposed(raise, rules('limit'));
    const seen = await seenNow(waits);
    await changeCeilings(qm.stores, OMAR, subject, [limit(20)]);
    expect(await approve(stores(), OMAR, seen)).toMatchObject({ refused: 'proposal_outdated' });
  });
});

test('what nobody decides on is reminded of once, then expires once', async () => {
  const { id } = await qm.team({ credits: 0n });
  const waits = await proposed({ kind: 'top_up', ...funding(id, 20_000n) });
  nowMs = waits.remindAt.getTime();
  const told = await Promise.all([lapseProposals(stores()), lapseProposals(stores())]);
  expect(told.reduce((sum, { reminded }) => sum + reminded, 0)).toBeGreaterThanOrEqual(1);
  expect((await lapseProposals(stores())).reminded).toBe(0);
  nowMs = waits.expiresAt.getTime();
  const late = await approve(stores(), OMAR, await seenNow(waits));
  expect(late).toMatchObject({ refused: 'proposal_expired' });
  await Promise.all([lapseProposals(stores()), lapseProposals(stores())]);
  expect(await statusOf(waits)).toBe('expired');
  expect(await balance(id)).toBe(0n);
});
