// The history of budgets: every period once, whoever writes it, however late, whatever the clock does.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { endBudgetPeriods } from '../../src/core/budgets/end-periods.ts';
import { keepBudgetPeriods } from '../../src/core/budgets/keep-periods.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { subjectText } from '../../src/core/ceilings/subject.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { createEndUser } from '../../src/core/end-users/end-users.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import type { KeyCreated } from '../../src/core/keys/create-key.ts';
import type { CeilingChange } from '../../src/core/ceilings/change.ts';
import { endedBudgetsPost } from '../../src/bot/posts/ended-budgets.ts';
import type { Post } from '../../src/core/posts/post.ts';
import { BY_COST, CREDIT, use } from '../support/credits.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const USD = 1_000_000_000n;
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const WORKERS = 5;
const CHANNEL = 'C0ACME';

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const DAILY: CeilingChange = { set: 'budget', duration: '1d', model: null, maxNanoUsd: 5n * USD };

async function teamWith(change: CeilingChange) {
  const team = await qm.team({ ...BY_COST, credits: 1_000n * CREDIT });
  await changeBudget(team.id, change);
  return team;
}

async function changeBudget(teamId: string, change: CeilingChange): Promise<void> {
  await changeCeilings(qm.stores, SYSTEM, { kind: 'team', teamId }, [change]);
  await keepBudgetPeriods(qm.stores, { kind: 'team', teamId });
}

async function spend(team: { id: string; keyId: string }, dollars: bigint): Promise<void> {
  await use(qm, team, dollars * CREDIT);
  await qm.drain();
}

/** As five workers at once would, and a sixth after them. */
async function endPeriods(): Promise<void> {
  await Promise.all(Array.from({ length: WORKERS }, async () => endBudgetPeriods(qm.stores)));
  await endBudgetPeriods(qm.stores);
}

/** The history in few words, the oldest first. */
async function historyOf(teamId: string): Promise<string[]> {
  const asked = { subject: `team:${teamId}`, limit: 500 };
  const periods = await qm.stores.records.budgetPeriods.history(asked);
  return periods
    .toReversed()
    .map(
      ({ startsAt, endsAt, periods: count, spentNanoUsd, maxNanoUsd }) =>
        `${startsAt.toISOString().slice(5, 16)} to ${endsAt.toISOString().slice(5, 16)}: ` +
        `${count} × ${spentNanoUsd / USD} of ${maxNanoUsd / USD}`,
    );
}

test('a period that is over is written once by five workers, with what was spent of what was allowed', async () => {
  const team = await teamWith(DAILY);
  await spend(team, 2n);
  await endPeriods();
  expect(await historyOf(team.id)).toEqual([]);
  await qm.setTime('2027-07-15T00:00:01Z');
  await endPeriods();
  expect(await historyOf(team.id)).toEqual(['07-14T00:00 to 07-15T00:00: 1 × 2 of 5']);
});

test('a call that is written late counts in the period in which it was made', async () => {
  const team = await teamWith(DAILY);
  await use(qm, team, 3n * CREDIT);
  await qm.setTime('2027-07-16T00:00:01Z');
  await endPeriods();
  await qm.drain();
  expect(await historyOf(team.id)).toEqual(['07-15T00:00 to 07-16T00:00: 1 × 3 of 5']);
});

test('resets that were missed for forty days: what was spent by its day, the rest as one, with the right boundary', async () => {
  const team = await teamWith(DAILY);
  await spend(team, 1n);
  await qm.passSeconds(10 * DAY_S);
  await spend(team, 4n);
  await qm.passSeconds(30 * DAY_S);
  await endPeriods();
  expect(await historyOf(team.id)).toEqual([
    '07-16T00:00 to 07-17T00:00: 1 × 1 of 5',
    '07-17T00:00 to 07-26T00:00: 9 × 0 of 5',
    '07-26T00:00 to 07-27T00:00: 1 × 4 of 5',
    '07-27T00:00 to 08-25T00:00: 29 × 0 of 5',
  ]);
});

test.each([
  ['back', -HOUR_S],
  ['forwards', HOUR_S],
])('a clock that jumps %s by an hour at the boundary writes no period twice', async (_, jumpS) => {
  const team = await teamWith(DAILY);
  await spend(team, 2n);
  const day = new Date(qm.nowMs()).toISOString().slice(0, 10);
  await qm.setTime(Date.parse(`${day}T00:00:00Z`) + DAY_S * 1_000 + 1);
  await endPeriods();
  const written = await historyOf(team.id);
  expect(written).toHaveLength(1);
  await qm.passSeconds(jumpS);
  await keepBudgetPeriods(qm.stores, { kind: 'team', teamId: team.id });
  await endPeriods();
  await qm.passSeconds(-jumpS);
  await endPeriods();
  expect(await historyOf(team.id)).toEqual(written);
  await qm.passSeconds(DAY_S);
  await endPeriods();
  expect(await historyOf(team.id)).toHaveLength(2);
});

test('days end at the midnight of the organization, also on the day on which clocks change', async () => {
  await qm.setTime('2027-10-30T12:00:00Z');
  const team = await qm.team({ ...BY_COST, organizationId: 'berlin', credits: 9n * CREDIT });
  await qm.stores.records.organizations.update('berlin', { timeZone: 'Europe/Berlin' });
  await changeBudget(team.id, DAILY);
  await qm.setTime('2027-11-01T12:00:00Z');
  await endPeriods();
  expect(await historyOf(team.id)).toEqual([
    '10-29T22:00 to 10-30T22:00: 1 × 0 of 5',
    '10-30T22:00 to 10-31T23:00: 1 × 0 of 5',
  ]);
});

test('a budget of minutes is written once an hour, its idle minutes as one', async () => {
  const budget = { ...DAILY, duration: '1m' } as const;
  const team = await teamWith(budget);
  await qm.passSeconds(20 * 60);
  await spend(team, 1n);
  await qm.passSeconds(20 * 60);
  await endPeriods();
  expect(await historyOf(team.id)).toEqual([]);
  await qm.passSeconds(20 * 60);
  await endPeriods();
  expect((await historyOf(team.id)).map((line) => line.split(': ')[1])).toEqual([
    '1 × 0 of 5',
    '19 × 0 of 5',
    '1 × 1 of 5',
    '39 × 0 of 5',
  ]);
});

test('a budget that was raised counts as raised; one that was removed ends without a line', async () => {
  await qm.setTime('2027-12-01T12:00:00Z');
  const raised = await teamWith(DAILY);
  const removed = await teamWith(DAILY);
  await changeBudget(raised.id, { ...DAILY, maxNanoUsd: 7n * USD });
  await changeBudget(removed.id, { remove: 'budget', duration: '1d', model: null });
  await qm.passSeconds(DAY_S);
  await endPeriods();
  expect(await historyOf(raised.id)).toEqual(['12-01T00:00 to 12-02T00:00: 1 × 0 of 7']);
  expect(await historyOf(removed.id)).toEqual([]);
});

test('each budget knows how many calls it refused in its period, whoever it is set for', async () => {
  const organizationId = 'refusing';
  const { id: teamId } = await qm.team({ organizationId });
  const owner = { teamId, userId: 'ann', createUser: true };
  const wish = { ...owner, name: 'of ann', expiresAt: null };
  const { keyId, secretKey } = (await createKey(qm.stores, SYSTEM, wish)) as KeyCreated;
  const subjects: readonly Subject[] = [
    { kind: 'organization', organizationId },
    { kind: 'team', teamId },
    { kind: 'key', keyId },
    { kind: 'user', organizationId, userId: 'ann' },
    { kind: 'member', teamId, userId: 'ann' },
  ];
  const meter = 'budget-1d';
  for (const [at, subject] of subjects.entries()) {
    await changeCeilings(qm.stores, SYSTEM, subject, [{ ...DAILY, maxNanoUsd: 1n }]);
    await keepBudgetPeriods(qm.stores, subject);
    for (let call = 0; call <= at; call += 1) {
      expect(await (await qm.call(secretKey)).text()).toContain('budget_exceeded');
    }
    const day = [new Date(0), new Date(qm.nowMs() + 1)] as const;
    const refused = async () =>
      qm.stores.refused.byBudget({ subject: subjectText(subject), meter }, ...day);
    await expect.poll(refused).toBe(at + 1);
    await changeCeilings(qm.stores, SYSTEM, subject, [{ ...DAILY, maxNanoUsd: USD }]);
  }
  await qm.passSeconds(DAY_S);
  await endPeriods();
  const ended = await Promise.all(
    subjects.map(async (subject) => {
      const asked = { subject: subjectText(subject), limit: 10 };
      return (await qm.stores.records.budgetPeriods.history(asked)).map(
        ({ refusedCalls }) => refusedCalls,
      );
    }),
  );
  expect(ended).toEqual([[1], [2], [3], [4], [5]]);
});

test('the channel of a team that asked for it is told once of what ended, however much was missed', async () => {
  const team = await teamWith(DAILY);
  await qm.stores.records.teams.update(team.id, { channelId: CHANNEL });
  await qm.postgres.alertPolicy.create({
    data: {
      teamId: team.id,
      policy: { creditPercents: [20], owner: null, routes: {}, off: [], budgetPeriods: true },
    },
  });
  await spend(team, 2n);
  await qm.passSeconds(3 * DAY_S);
  await endPeriods();
  const where = { kind: 'budget.ended', place: CHANNEL };
  const told = (await qm.postgres.channelPost.findMany({
    where,
  })) as unknown as Post<'budget.ended'>[];
  expect(told).toHaveLength(1);
  const speech = JSON.stringify(await endedBudgetsPost(qm.stores, told));
  expect(speech).toContain('Daily budget of team');
  expect(speech).toContain('nothing in 2 periods of $5.00');
});

test('the budget of an end user has a history, and no channel is told of it', async () => {
  const organizationId = 'with-visitors';
  await qm.team({ organizationId });
  await qm.stores.records.organizations.update(organizationId, { channelId: CHANNEL });
  const policy = { owner: null, routes: {}, off: [], budgetPeriods: true };
  await qm.postgres.organizationAlertPolicy.create({ data: { organizationId, policy } });
  await createEndUser(qm.stores, SYSTEM, { organizationId, id: 'visitor' });
  const subject: Subject = { kind: 'end_user', organizationId, endUserId: 'visitor' };
  for (const each of [subject, { kind: 'organization', organizationId } as const]) {
    await changeCeilings(qm.stores, SYSTEM, each, [DAILY]);
    await keepBudgetPeriods(qm.stores, each);
  }
  await qm.passSeconds(DAY_S);
  await endPeriods();
  const asked = { subject: subjectText(subject), limit: 10 };
  expect(await qm.stores.records.budgetPeriods.history(asked)).toHaveLength(1);
  const where = { kind: 'budget.ended', organizationId };
  const told = await qm.postgres.channelPost.findMany({ where });
  expect(told.map(({ facts }) => facts)).toMatchObject([{ subject: 'organization:with-visitors' }]);
});
