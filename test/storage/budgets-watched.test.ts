// What a look at budgets reads: each quarter of a minute those that can have changed, now and then all of them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { usedSince, watchBudgets } from '../../src/core/alerts/watch-budgets.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/core/time.ts';
import { BY_COST, CREDIT, use } from '../support/credits.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const USD = 1_000_000_000n;
const DAY_S = 24 * 3_600;
const THRESHOLD = 80;

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

/** A team that spent nine tenths of its budget. */
async function spender(): Promise<string> {
  const team = await qm.team({ ...BY_COST, credits: 5n * CREDIT });
  const budget = { set: 'budget', duration: null, model: null, maxNanoUsd: USD } as const;
  await changeCeilings(qm.stores, SYSTEM, { kind: 'team', teamId: team.id }, [budget]);
  await use(qm, team, (CREDIT * 9n) / 10n);
  await qm.drain();
  return team.id;
}

test('all budgets are read in each ten minutes once, else those of whoever called since the last look', () => {
  const at = Date.parse('2027-07-14T12:03:00Z');
  expect(usedSince(null, at)).toBeUndefined();
  expect(usedSince(new Date(at - 4 * MINUTE_MS), at)).toBeUndefined();
  const last = new Date(at - 15 * SECOND_MS);
  expect(usedSince(last, at)?.toISOString()).toBe('2027-07-14T10:02:45.000Z');
  // A clock that went back is no reason to read less.
  expect(usedSince(new Date(at + 60 * MINUTE_MS), at)).toBeUndefined();
});

test('budgets of teams that did not call are left alone, unless an alert of them is open', async () => {
  const early = await spender();
  const known = new Date(Date.now() + DAY_S * SECOND_MS);
  const found = async (since?: Date) =>
    (await qm.stores.records.alerts.spentBudgets(THRESHOLD, new Date(qm.nowMs()), since)).map(
      ({ teamId }) => teamId,
    );
  expect(await found()).toEqual([early]);
  expect(await found(known)).toEqual([]);
  expect(await found(new Date(0))).toEqual([early]);
  await watchBudgets(qm.stores);
  expect(await found(known)).toEqual([early]);
  expect(await watchBudgets(qm.stores, known)).toBe(0);
  const subject = { kind: 'team', teamId: early } as const;
  const raised = { set: 'budget', duration: null, model: null, maxNanoUsd: 9n * USD } as const;
  await changeCeilings(qm.stores, SYSTEM, subject, [raised]);
  expect(await watchBudgets(qm.stores, known)).toBe(1);
  expect(await found(known)).toEqual([]);
});
