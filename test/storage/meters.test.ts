import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Budget } from '../../src/core/budgets/budget.ts';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import type { AdmissionAsk, KeyIdentity, Verdict } from '../../src/core/gateway/gate.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import type { Limit } from '../../src/core/limits/limit.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import { PEPPER } from '../support/quartermaster.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const NANO_PER_USD = 1_000_000_000;
const HOUR_MS = 3_600_000;

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const limit = (kind: Limit['kind'], max: number, more: Partial<Limit> = {}): Limit => ({
  kind,
  max,
  model: null,
  shadow: false,
  boost: null,
  ...more,
});
const budget = (maxUsd: number, more: Partial<Budget> = {}): Budget => ({
  duration: '1d',
  model: null,
  maxNanoUsd: BigInt(maxUsd * NANO_PER_USD),
  softNanoUsd: null,
  anchorMs: 0,
  shadow: false,
  boost: null,
  ...more,
});

interface Subjects {
  readonly id: string;
  readonly keyId: string;
  readonly identity: KeyIdentity;
}

async function newTeam(ceilings: Partial<Ceilings> = {}): Promise<Subjects> {
  const team = await qm.team({ credits: 1_000_000_000n });
  const identity = await qm.gate.identify(hashOfKey(team.secretKey, PEPPER), '');
  if (identity === undefined) {
    throw new Error('the key is unknown');
  }
  await setTeam(team.id, ceilings);
  return { id: team.id, keyId: team.keyId, identity };
}

async function setTeam(teamId: string, ceilings: Partial<Ceilings>): Promise<void> {
  await qm.stores.records.teams.update(teamId, { ceilings: { ...NO_CEILINGS, ...ceilings } });
  await qm.gate.project({ teamId });
}

/** A call whose bound is so many dollars, for so many tokens at the most. */
const costing = (identity: KeyIdentity, usd: number, tokens = 100): AdmissionAsk =>
  askOf(identity, {
    bound: {
      inputNanoUsd: Math.round(usd * NANO_PER_USD),
      inputTokens: tokens,
      outputCap: 0,
      minimumOutputCap: 0,
    },
  });

type Refused = Extract<Verdict, { admitted: false; spendableMicrocredits: number }>;

async function refused(ask: AdmissionAsk): Promise<Refused> {
  const verdict = await qm.gate.admit(ask);
  if (verdict.admitted || verdict.code === 'renamed') {
    throw new Error('the call was let through');
  }
  return verdict;
}

async function admitted(ask: AdmissionAsk): Promise<Extract<Verdict, { admitted: true }>> {
  const verdict = await qm.gate.admit(ask);
  if (!verdict.admitted) {
    throw new Error(`the call was refused: ${JSON.stringify(verdict)}`);
  }
  return verdict;
}

async function settle(ask: AdmissionAsk, taken: string, usd: number, tokens = 0): Promise<void> {
  const costNanoUsd = BigInt(Math.round(usd * NANO_PER_USD));
  const used = { costNanoUsd, inputTokens: tokens, outputTokens: 0 };
  await qm.gate.settle(settlementOfAsk(ask, { ...used, taken }));
}

const metersOf = async (teamId: string) => qm.gate.meters({ kind: 'team', teamId }, 'acme');

describe('requests per minute', () => {
  test('let exactly as many through as are allowed, and a refused call counts for nothing', async () => {
    const { identity, id } = await newTeam({ limits: [limit('requests', 5)] });
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, async () => qm.gate.admit(askOf(identity))),
    );
    expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(5);
    expect(await metersOf(id)).toMatchObject([{ meter: 'requests', max: 5, used: 5 }]);
  });

  test('who waits as told passes, and a second earlier does not', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 2)] });
    await admitted(askOf(identity));
    await qm.passSeconds(10);
    await admitted(askOf(identity));
    const { hit } = await refused(askOf(identity));
    expect(hit).toMatchObject({ meter: 'requests', used: 2, max: 2, waitSeconds: 50 });
    await qm.passSeconds(49);
    expect((await refused(askOf(identity))).hit?.waitSeconds).toBe(1);
    await qm.passSeconds(1);
    await admitted(askOf(identity));
    expect((await refused(askOf(identity))).hit?.waitSeconds).toBe(10);
  });

  test('slide: no span of sixty seconds holds more than the limit', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 3)] });
    const passed: number[] = [];
    for (let step = 0; step < 60; step += 1) {
      if ((await qm.gate.admit(askOf(identity))).admitted) {
        passed.push(qm.nowMs());
      }
      await qm.passSeconds(7);
    }
    for (const at of passed) {
      expect(passed.filter((one) => one > at - 60_000 && one <= at).length).toBeLessThanOrEqual(3);
    }
    expect(passed.length).toBeGreaterThanOrEqual(18);
  });

  test('of one model bound that model alone', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 1, { model: 'gpt-4o' })] });
    await admitted(askOf(identity));
    await admitted(askOf(identity, { model: 'gpt-4o-mini' }));
    expect((await refused(askOf(identity))).hit?.meter).toBe('requests@gpt-4o');
  });

  test('of 0 let nothing through, and waiting does not help', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 0)] });
    expect((await refused(askOf(identity))).hit?.waitSeconds).toBeUndefined();
  });

  test('survive a clock that runs back: nothing more is let through', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 1)] });
    await admitted(askOf(identity));
    await qm.passSeconds(-30);
    expect((await refused(askOf(identity))).hit?.used).toBe(1);
    await qm.passSeconds(30);
  });

  test('are told with what is left and when nothing of them is in use', async () => {
    const { identity } = await newTeam({
      limits: [limit('requests', 5), limit('usage_tokens', 1_000)],
    });
    const { ratesLeft } = await admitted(costing(identity, 0, 300));
    expect(ratesLeft).toEqual({
      requests: { limit: 5, remaining: 4, resetSeconds: 60 },
      usageTokens: { limit: 1_000, remaining: 700, resetSeconds: 60 },
    });
  });
});

describe('usage tokens per minute', () => {
  test('are held at the bound and given back when less was used', async () => {
    const { identity, id } = await newTeam({ limits: [limit('usage_tokens', 1_000)] });
    const first = costing(identity, 0, 900);
    const { taken } = await admitted(first);
    expect((await refused(costing(identity, 0, 200))).hit).toMatchObject({
      used: 900,
      wanted: 200,
    });
    await settle(first, taken, 0, 150);
    expect(await metersOf(id)).toMatchObject([{ used: 150 }]);
    await admitted(costing(identity, 0, 850));
  });

  test('shorten the output to what is left', async () => {
    const { identity } = await newTeam({ limits: [limit('usage_tokens', 1_000)] });
    const bound = { inputTokens: 100, outputCap: 5_000, minimumOutputCap: 16 };
    const verdict = await admitted(askOf(identity, { bound }));
    expect(verdict).toMatchObject({ outputCap: 900, isCapBinding: true });
  });

  test('refuse for good what is larger than the whole limit', async () => {
    const { identity } = await newTeam({ limits: [limit('usage_tokens', 50)] });
    expect((await refused(costing(identity, 0, 51))).hit?.waitSeconds).toBeUndefined();
  });
});

describe('calls at once', () => {
  test('are as many as allowed, and one that ends makes room', async () => {
    const { identity } = await newTeam({ limits: [limit('parallel', 2)] });
    const first = askOf(identity);
    const { taken } = await admitted(first);
    await admitted(askOf(identity));
    expect((await refused(askOf(identity))).hit?.meter).toBe('parallel');
    await settle(first, taken, 0);
    await settle(first, taken, 0);
    await admitted(askOf(identity));
    await refused(askOf(identity));
  });

  test('of a proxy that died count no longer when they are reaped', async () => {
    const { identity } = await newTeam({ limits: [limit('parallel', 1)] });
    await admitted(askOf(identity));
    expect((await refused(askOf(identity))).hit?.used).toBe(1);
    await qm.passSeconds(3_600);
    const keys = qm.gate.shards[shardOf('acme')] as ShardKeys;
    await reapShard(qm.gate, qm.source, keys, qm.nowMs());
    await admitted(askOf(identity));
  });
});

describe('a budget', () => {
  test('is never passed by one nano-dollar, whatever is under way', async () => {
    const { identity, id } = await newTeam({ budgets: [budget(10)] });
    const asks = Array.from({ length: 40 }, () => costing(identity, 0.3));
    const verdicts = await Promise.all(asks.map(async (ask) => qm.gate.admit(ask)));
    expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(33);
    const [meter] = await metersOf(id);
    expect(meter).toMatchObject({ held: 9.9 * NANO_PER_USD, used: 0 });
  });

  test('counts what was spent and frees what was not', async () => {
    const { identity, id } = await newTeam({ budgets: [budget(10)] });
    const ask = costing(identity, 9);
    const { taken } = await admitted(ask);
    await refused(costing(identity, 2));
    await settle(ask, taken, 1.5);
    expect(await metersOf(id)).toMatchObject([
      { used: 1.5 * NANO_PER_USD, held: 0, resetsAt: new Date('2027-07-15T00:00:00Z') },
    ]);
    await admitted(costing(identity, 8.5));
  });

  test('begins anew at its boundary with nobody awake, once, and says in how many seconds', async () => {
    await qm.setTime('2027-07-20T23:59:50Z');
    const { identity } = await newTeam({ budgets: [budget(1)] });
    const ask = costing(identity, 1);
    const { taken } = await admitted(ask);
    expect((await refused(costing(identity, 1))).hit?.waitSeconds).toBe(10);
    await qm.passSeconds(10);
    await admitted(costing(identity, 1));
    // What was reserved yesterday is yesterday's.
    await settle(ask, taken, 1);
    await refused(costing(identity, 0.01));
    await qm.setTime('2027-09-30T12:00:00Z');
    await admitted(costing(identity, 1));
    await qm.setTime('2027-10-01T12:00:00Z');
  });

  test('is found again where Redis lost everything: drained, undrained and under way', async () => {
    const { identity, id } = await newTeam({
      budgets: [budget(10), budget(100, { duration: null })],
    });
    const drained = costing(identity, 2);
    await settle(drained, (await admitted(drained)).taken, 2);
    await qm.drain();
    const before = await metersOf(id);
    const { redis } = qm.gate.connection;
    const record = (qm.gate.shards[shardOf('acme')] as ShardKeys).team(id);
    await redis.del(record);
    expect(await metersOf(id)).toEqual(before);
    const undrained = costing(identity, 3);
    await settle(undrained, (await admitted(undrained)).taken, 3);
    await admitted(costing(identity, 4));
    await redis.del(record);
    expect(await metersOf(id)).toMatchObject([
      { used: 5 * NANO_PER_USD, held: 4 * NANO_PER_USD },
      { used: 5 * NANO_PER_USD, held: 4 * NANO_PER_USD, resetsAt: undefined },
    ]);
    await refused(costing(identity, 1.5));
  });

  test('is not frozen by a clock that was far ahead for a while, and forgets nothing by it', async () => {
    await qm.setTime('2027-12-01T12:00:00Z');
    const { identity } = await newTeam({ budgets: [budget(1)] });
    const ask = costing(identity, 0.7);
    await settle(ask, (await admitted(ask)).taken, 0.7);
    await qm.setTime('2028-01-10T12:00:00Z');
    await admitted(costing(identity, 1));
    await qm.setTime('2027-12-01T13:00:00Z');
    expect((await refused(costing(identity, 0.5))).hit?.used).toBe(0.7 * NANO_PER_USD);
    await admitted(costing(identity, 0.3));
    await qm.setTime('2027-12-02T00:00:00Z');
    await admitted(costing(identity, 1));
  });

  test('adds up in the records over many drains', async () => {
    const { identity, id } = await newTeam({ budgets: [budget(10)] });
    for (const usd of [1, 2, 3]) {
      const ask = costing(identity, usd);
      await settle(ask, (await admitted(ask)).taken, usd);
      await qm.drain();
    }
    const where = { subject: `team:${id}`, meter: 'budget-1d' };
    expect(await qm.postgres.budgetSpend.findMany({ where })).toMatchObject([
      { spentNanoUsd: 6n * BigInt(NANO_PER_USD) },
    ]);
  });

  test('survives a clock that runs back over its boundary: it does not begin anew', async () => {
    await qm.setTime('2027-11-01T23:59:55Z');
    const { identity } = await newTeam({ budgets: [budget(1)] });
    await qm.passSeconds(10);
    await admitted(costing(identity, 1));
    await qm.passSeconds(-10);
    await refused(costing(identity, 1));
    await qm.passSeconds(10);
    expect((await refused(costing(identity, 1))).hit?.used).toBe(NANO_PER_USD);
  });

  test('keeps its counter when its size changes, and a new duration counts from its making', async () => {
    const { identity, id } = await newTeam({ budgets: [budget(10)] });
    const ask = costing(identity, 4);
    await settle(ask, (await admitted(ask)).taken, 4);
    await setTeam(id, { budgets: [budget(5)] });
    expect((await refused(costing(identity, 2))).hit?.used).toBe(4 * NANO_PER_USD);
    await setTeam(id, { budgets: [budget(5, { duration: '7d' })] });
    await admitted(costing(identity, 5));
  });

  test('whose periods are moved counts what it spent in the new one, now and when they are moved back', async () => {
    // On the hour: the one period has just begun, the other began most of an hour ago.
    await qm.setTime(Math.ceil(qm.nowMs() / HOUR_MS) * HOUR_MS);
    const first = { budgets: [budget(10, { duration: '1h' })] };
    const moved = { budgets: [budget(10, { duration: '1h', anchorMs: 12_345 })] };
    const { identity, id } = await newTeam(first);
    const done = costing(identity, 2);
    await settle(done, (await admitted(done)).taken, 2);
    await admitted(costing(identity, 3));
    await setTeam(id, moved);
    expect(await metersOf(id)).toMatchObject([{ used: 0, held: 0 }]);
    await setTeam(id, first);
    const [used, held] = [2 * NANO_PER_USD, 3 * NANO_PER_USD];
    expect(await metersOf(id)).toMatchObject([{ used, held }]);
    await qm.drain();
    await setTeam(id, moved);
    await setTeam(id, first);
    expect(await metersOf(id)).toMatchObject([{ used, held }]);
  });

  test('in shadow refuses nothing, and tells what it would have refused', async () => {
    const { identity, id } = await newTeam({ budgets: [budget(1, { shadow: true })] });
    await admitted(costing(identity, 1));
    const { shadowed } = await admitted(costing(identity, 1));
    expect(shadowed).toMatchObject([{ meter: 'budget-1d', max: NANO_PER_USD }]);
    expect(await metersOf(id)).toMatchObject([{ held: 2 * NANO_PER_USD, missed: 1 }]);
  });

  test('that is boosted falls back by itself', async () => {
    const untilMs = qm.nowMs() + 60_000;
    const boost = { byNanoUsd: 5n * BigInt(NANO_PER_USD), untilMs };
    const { identity } = await newTeam({ budgets: [budget(1, { boost })] });
    const ask = costing(identity, 5);
    await settle(ask, (await admitted(ask)).taken, 3);
    await qm.passSeconds(61);
    expect((await refused(costing(identity, 0.5))).hit?.max).toBe(NANO_PER_USD);
  });

  test('of exact length turns over at multiples of it, counted from its making', async () => {
    const anchorMs = qm.nowMs() + 3;
    const { identity } = await newTeam({ budgets: [budget(1, { duration: '30m', anchorMs })] });
    await admitted(costing(identity, 1));
    await qm.setTime(anchorMs);
    await admitted(costing(identity, 1));
    await qm.setTime(anchorMs + 1_800_000 - 1);
    expect((await refused(costing(identity, 1))).hit?.waitSeconds).toBe(1);
    await qm.setTime(anchorMs + 1_800_000);
    await admitted(costing(identity, 1));
  });

  test('refuses what can’t be bounded, even for a team that pays by the job', async () => {
    const { identity } = await newTeam({ budgets: [budget(1)] });
    const ask = askOf(identity, { bound: { unbounded: 'a file' } });
    expect((await refused(ask)).code).toBe('cost_unbounded');
  });
});

describe('subjects', () => {
  test('all hold at once, and the one that keeps a call longest is named', async () => {
    const { identity, id, keyId } = await newTeam({ limits: [limit('requests', 1)] });
    const { keys } = qm.stores.records;
    await keys.update(keyId, { ceilings: { ...NO_CEILINGS, budgets: [budget(1)] } });
    await qm.gate.project({ keyId });
    await admitted(costing(identity, 1));
    const { hit } = await refused(costing(identity, 1));
    expect(hit?.subject).toEqual({ kind: 'key', keyId });
    await keys.update(keyId, { ceilings: NO_CEILINGS });
    await qm.gate.project({ keyId });
    expect((await refused(costing(identity, 1))).hit?.subject).toEqual({
      kind: 'team',
      teamId: id,
    });
  });

  test('an organization bounds all of its teams together', async () => {
    const other = await startTimedQuartermaster();
    try {
      const ids = [await other.team(), await other.team()];
      const budgets = [budget(1)];
      await other.stores.records.organizations.update('acme', {
        ceilings: { limits: [], budgets },
      });
      await other.gate.project({ organizationId: 'acme' });
      const verdicts = await Promise.all(
        ids.flatMap(({ secretKey }) =>
          Array.from({ length: 10 }, async () => {
            const identity = await other.gate.identify(hashOfKey(secretKey, PEPPER), '');
            return other.gate.admit(costing(identity as KeyIdentity, 0.1));
          }),
        ),
      );
      expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(10);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });
});
