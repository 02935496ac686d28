// Whatever moves credits or lets more be spent is weighed: none of it is a way round the approval policy.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProposedAction } from '../../src/core/approvals/action.ts';
import { approve } from '../../src/core/approvals/decide.ts';
import { actOrPropose } from '../../src/core/approvals/propose.ts';
import type { Proposal } from '../../src/core/approvals/proposal.ts';
import { nameOfState, readState } from '../../src/core/approvals/subject-state.ts';
import type { Actor } from '../../src/core/audit/audit.ts';
import { planBulk } from '../../src/core/bulk/plan-bulk.ts';
import { runBulk } from '../../src/core/bulk/run-bulk.ts';
import type { BulkPreview } from '../../src/core/bulk/bulk-plan.ts';
import { setCreditPolicy } from '../../src/core/credits/policy.ts';
import { setAutoRefill } from '../../src/core/credits/set-auto-refill.ts';
import { onboardCustomer } from '../../src/core/onboarding/onboard.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { createTeamOrAsk } from '../../src/core/teams/create-team-or-ask.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const CREDIT = 1_000_000n;
const OMAR: Actor = { id: 'slack:U0OMAR', door: 'slack' };

let qm: Quartermaster;
let count = 0;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

/** Somebody who has moved nothing yet today. */
const somebody = (): Actor => ({ id: `slack:U0NEW${(count += 1)}`, door: 'slack' });
const named = () => ({ reason: 'Invoice 17', reference: `test:${(count += 1)}` });
const ask = async (action: ProposedAction, actor = somebody()) =>
  actOrPropose(qm.stores, actor, {
    action,
    channelId: undefined,
    onceKey: `once:${(count += 1)}`,
  });
async function proposed(action: ProposedAction): Promise<Proposal> {
  const asked = await ask(action);
  expect(asked).toMatchObject({ isNew: true, proposal: { status: 'pending' } });
  return (asked as { proposal: Proposal }).proposal;
}
async function seenNow({ id, action }: Proposal) {
  const state = await readState(qm.stores.records, action);
  return { proposalId: id, seen: isRefusal(state) ? '' : nameOfState(state) };
}
const approved = async (proposal: Proposal) =>
  expect(await approve(qm.stores, OMAR, await seenNow(proposal))).toMatchObject({
    proposal: { status: 'applied' },
  });
const balance = async (id: string) =>
  ((await qm.stores.records.ledger.account(id))?.balance ?? 0n) / CREDIT;
const teamNow = async (id: string) => qm.stores.records.teams.find(id);

describe('a deduction', () => {
  test('above the bound waits, and takes once when it is approved', async () => {
    const { id } = await qm.team({ credits: 50_000n * CREDIT });
    const waits = await proposed({
      kind: 'deduct',
      teamId: id,
      amount: 20_000n * CREDIT,
      ...named(),
    });
    expect(await balance(id)).toBe(50_000n);
    await approved(waits);
    expect(await balance(id)).toBe(30_000n);
    expect(await qm.drift(id)).toBe(0n);
  });

  test('counts for the day of who takes, as adding does', async () => {
    const { id } = await qm.team({ credits: 90_000n * CREDIT });
    const actor = somebody();
    const take = async () =>
      ask({ kind: 'deduct', teamId: id, amount: 9_000n * CREDIT, ...named() }, actor);
    for (let times = 0; times < 5; times += 1) {
      expect(await take()).toMatchObject({ changed: true });
    }
    expect(await take()).toMatchObject({ proposal: { status: 'pending' } });
    expect(await balance(id)).toBe(45_000n);
  });
});

describe('going below 0', () => {
  const overdraft = (
    teamId: string,
    wish: Extract<ProposedAction, { kind: 'overdraft' }>['wish'],
  ) => ({ kind: 'overdraft', teamId, wish, ...named() }) as const;

  test('by little is free; by much, for longer or without an end waits; by less is free', async () => {
    const { id } = await qm.team();
    const soft = (credits: bigint) =>
      overdraft(id, { limitPolicy: 'soft', overdraft: credits * CREDIT });
    expect(await ask(soft(1_000n))).toMatchObject({ changed: true });
    const deep = await proposed(soft(1_001n));
    await proposed(overdraft(id, { limitPolicy: 'unlimited' }));
    await approved(deep);
    expect((await teamNow(id))?.overdraft).toBe(1_001n * CREDIT);
    expect(await ask(soft(1_000n))).toMatchObject({ changed: true });
    const day = (days: number) => new Date(Date.now() + days * DAY_MS);
    await setCreditPolicy(qm.stores, OMAR, id, {
      limitPolicy: 'hard',
      overdraft: 5_000n * CREDIT,
      graceUntil: day(2),
    });
    await proposed(overdraft(id, { graceUntil: day(9) }));
    expect(await ask(overdraft(id, { graceUntil: day(1) }))).toMatchObject({ changed: true });
    expect(await ask(overdraft(id, { autoSuspend: true }))).toMatchObject({ changed: true });
  });

  test('that somebody else changed meanwhile is seen before it is approved', async () => {
    const { id } = await qm.team();
    const waits = await proposed(overdraft(id, { limitPolicy: 'unlimited' }));
    const seen = await seenNow(waits);
    await setCreditPolicy(qm.stores, OMAR, id, { limitPolicy: 'soft', overdraft: CREDIT });
    expect(await approve(qm.stores, OMAR, seen)).toMatchObject({ refused: 'proposal_outdated' });
    expect((await teamNow(id))?.limitPolicy).toBe('soft');
  });
});

describe('a refill', () => {
  const none = { every: null, below: null, monthlyMax: null };
  const refill = (teamId: string, wish: Partial<typeof none> | object, amount: bigint) =>
    ({
      kind: 'refill',
      teamId,
      wish: { ...none, ...wish, amount: amount * CREDIT },
      ...named(),
    }) as const;

  test.each([
    ['each day', { every: 'daily' }, 322n, 323n],
    ['each week', { every: 'weekly' }, 2_000n, 2_001n],
    ['each month', { every: 'monthly' }, 10_000n, 10_001n],
    ['with a most for the month', { below: CREDIT, monthlyMax: 10_000n * CREDIT }, 10_000n, 0n],
  ] as const)('%s is weighed by what it adds in a month', async (_, wish, free, waiting) => {
    const { id } = await qm.team();
    expect(await ask(refill(id, wish, free))).toMatchObject({ changed: true });
    const more = waiting === 0n ? { ...wish, monthlyMax: 10_001n * CREDIT } : wish;
    const waits = await proposed(refill(id, more, waiting === 0n ? free : waiting));
    expect((await teamNow(id))?.autoRefill?.amount).toBe(free * CREDIT);
    await approved(waits);
    const off = { kind: 'refill', teamId: id, wish: null, ...named() } as const;
    expect(await ask(off)).toMatchObject({ changed: true });
  });

  test('below a threshold without a most waits; one that was changed meanwhile is seen', async () => {
    const { id } = await qm.team();
    const waits = await proposed(refill(id, { below: CREDIT }, 1n));
    const seen = await seenNow(waits);
    const wish = { ...none, every: 'monthly', amount: CREDIT } as const;
    await setAutoRefill(qm.stores, OMAR, id, wish);
    expect(await approve(qm.stores, OMAR, seen)).toMatchObject({ refused: 'proposal_outdated' });
  });
});

describe('what a team begins with', () => {
  const wish = (credits: bigint) => ({
    id: `first-${(count += 1)}`,
    organizationId: 'weighed',
    accessGroups: [],
    credits: credits * CREDIT,
    createOrganization: true,
  });
  const create = async (credits: bigint, actor = somebody()) => {
    const asking = { channelId: undefined, onceKey: `once:${(count += 1)}` };
    const made = await createTeamOrAsk(qm.stores, actor, wish(credits), asking);
    if (isRefusal(made) || !('team' in made)) {
      throw new Error(`Creating a team for a test: ${JSON.stringify(made)}`);
    }
    return made;
  };

  test('is a top-up: above the bound the team is made, and its credits wait', async () => {
    const small = await create(10_000n);
    expect([small.waiting, await balance(small.team.id)]).toEqual([undefined, 10_000n]);
    const { team, waiting } = await create(10_001n);
    expect([waiting?.status, await balance(team.id)]).toEqual(['pending', 0n]);
    await approved(waiting as Proposal);
    expect(await balance(team.id)).toBe(10_001n);
  });

  test('counts for the day of who makes teams', async () => {
    const actor = somebody();
    for (let times = 0; times < 5; times += 1) {
      expect((await create(10_000n, actor)).waiting).toBeUndefined();
    }
    expect((await create(1n, actor)).waiting).toMatchObject({ status: 'pending' });
  });

  test('is weighed for each team of a new customer', async () => {
    const organizationId = `customer-${(count += 1)}`;
    const team = (name: string, credits: bigint) => ({
      id: `${organizationId}-${name}`,
      credits: credits * CREDIT,
    });
    const onboarded = await onboardCustomer(
      qm.stores,
      somebody(),
      {
        organizationId,
        name: 'A customer',
        accessGroups: [],
        channelId: undefined,
        askedIn: undefined,
        remind: undefined,
        production: team('prod', 10_001n),
        development: team('dev', 1_000n),
      },
      organizationId,
    );
    const teams = 'teams' in onboarded ? onboarded.teams : [];
    expect(teams.map(({ waiting }) => waiting?.status)).toEqual(['pending', undefined]);
    expect(await balance(`${organizationId}-prod`)).toBe(0n);
    expect(await balance(`${organizationId}-dev`)).toBe(1_000n);
  });
});

describe('many teams at once', () => {
  async function planned(teams: number, each: bigint) {
    const organizationId = `bulk-${(count += 1)}`;
    for (let at = 0; at < teams; at += 1) {
      await qm.team({ credits: 0n, organizationId });
    }
    const action = { kind: 'topup', reason: 'May', microcredits: each * CREDIT } as const;
    const actor = somebody();
    return { actor, plan: await planBulk(qm.stores, actor, { organizationId }, action) };
  }
  const outcomes = async ({ actor, plan }: Awaited<ReturnType<typeof planned>>) => {
    const ran = await runBulk(
      qm.stores,
      actor,
      (plan as BulkPreview).plan.id,
      async () => undefined,
    );
    return 'outcomes' in ran ? ran.outcomes.map(({ is }) => is) : [];
  };

  test('are weighed by all that is added: what is too much for one is too much in parts', async () => {
    const small = await planned(3, 3_000n);
    expect(small.plan).toMatchObject({ needsApproval: false });
    expect(await outcomes(small)).toEqual(['done', 'done', 'done']);
    const large = await planned(4, 3_000n);
    expect(large.plan).toMatchObject({ needsApproval: true });
    expect(await outcomes(large)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  });

  test('that would each wait are not proposed by the dozen', async () => {
    expect((await planned(21, 500n)).plan).toMatchObject({
      refused: 'value_invalid',
      facts: { field: 'credits' },
    });
  });
});

test('a transfer is seen anew where the receiver was archived meanwhile, and is not done to it', async () => {
  const organizationId = 'moves';
  const giver = await qm.team({ credits: 50_000n * CREDIT, organizationId });
  const taker = await qm.team({ credits: 0n, organizationId });
  const move = { teamId: giver.id, toTeamId: taker.id, amount: 20_000n * CREDIT, ...named() };
  const waits = await proposed({ kind: 'transfer', ...move });
  const seen = await seenNow(waits);
  await setTeamStatus(qm.stores, OMAR, { teamId: taker.id, status: 'archived' });
  expect(await approve(qm.stores, OMAR, seen)).toMatchObject({ refused: 'proposal_outdated' });
  expect([await balance(giver.id), await balance(taker.id)]).toEqual([50_000n, 0n]);
});
