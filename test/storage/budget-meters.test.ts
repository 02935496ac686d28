// Budgets as the gate counts them: exact, over boundaries, clocks that go wrong and a Redis that forgets.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf } from '../support/gate-calls.ts';
import { budget, costing, meteredTeams } from '../support/metered-teams.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const HOUR_MS = 3_600_000;

const NANO_PER_USD = 1_000_000_000;

let qm: TimedQuartermaster;
const { newTeam, setTeam, refused, admitted, settle, metersOf } = meteredTeams(() => qm);

beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

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
