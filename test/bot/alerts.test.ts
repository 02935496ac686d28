// Alerts as people see them: one message, a thread, buttons, and what a team's alerts are like.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { watchBudgets } from '../../src/core/alerts/watch-budgets.ts';
import { watchEndingKeys } from '../../src/core/alerts/watch-keys.ts';
import { watchErrors, watchUnusualUsage } from '../../src/core/alerts/watch-usage.ts';
import { watchFailedRefills } from '../../src/core/alerts/watch-refills.ts';
import { setAlertPolicy } from '../../src/core/alerts/handle.ts';
import { refillTeams } from '../../src/core/credits/refill.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { APPROVER, MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

const ADMIN = { id: 'api:admin', door: 'api' } as const;

let subject: BotUnderTest;
const { type, told, news, form, seen, press, choose, waitFor } = people(() => subject);

beforeAll(async () => {
  const roles = { managers: [MANAGER, APPROVER], approvers: [], viewers: ['U0VIEWER'] };
  subject = await startBot({ roles });
});
afterAll(async () => subject.close());

/** The thread of a message, once it says this. */
async function thread(root: { stamp: string }, part: string, channel = '#acme-prod') {
  return waitFor(
    () => {
      const replies = seen(undefined, channel).filter((each) => each.threadStamp === root.stamp);
      const all = replies.map((reply) => textOf(reply)).join('\n');
      return all.includes(part) ? all : undefined;
    },
    { what: `“${part}” in a thread` },
  );
}

async function policy(teamId: string, change: Parameters<typeof setAlertPolicy>[3]) {
  await setAlertPolicy(subject.stores, ADMIN, teamId, change);
}

async function spendAndLook(teamId: string, credits: bigint) {
  await spend(subject, teamId, credits);
  await Promise.all([1, 2, 3].map(async () => watchLowCredit(subject.stores)));
}

test('a way down is one message with its history in the thread, ended by a top-up', async () => {
  await givenTeam(subject, 'acme-down');
  await policy('acme-down', { creditPercents: [50, 20], owner: MANAGER });
  await spendAndLook('acme-down', 600n);
  const alert = await news('acme-down is low on credits');
  expect(alert.text).toContain('<@U0MANAGER>');
  await spendAndLook('acme-down', 250n);
  expect(await thread(alert, 'Fell to 20 %')).toContain('150 credits');
  await spendAndLook('acme-down', 150n);
  await thread(alert, 'No credits are left');
  expect((await news('acme-down has no credits left')).stamp).toBe(alert.stamp);
  await type('/team topup acme-down 5k reason=x');
  await told('to `acme-down`');
  await watchLowCredit(subject.stores);
  const history = await thread(alert, 'Topped up: 5,000 credits');
  expect(history.match(/Fell to|No credits|Topped up/g)).toHaveLength(3);
  expect(await subject.stores.records.alerts.openOf('acme-down')).toEqual([]);
});

test('who is first sees to it, the second is told who; and it can be handed back', async () => {
  await givenTeam(subject, 'acme-seen');
  await policy('acme-seen', { owner: APPROVER });
  await spendAndLook('acme-seen', 900n);
  const alert = await news('acme-seen is low');
  await Promise.all([press(alert, "I'm on it"), press(alert, "I'm on it", APPROVER)]);
  const history = await thread(alert, 'sees to it');
  expect(history.match(/sees to it/g)).toHaveLength(1);
  await waitFor(
    () =>
      [MANAGER, APPROVER].some((user) =>
        seen(user).some((m) => textOf(m).includes('has been seeing to it')),
      ),
    {
      what: 'the second one being told',
    },
  );
  const taken = await news('sees to it since');
  expect(taken.text).not.toContain('<@');
  await Promise.all([press(taken, 'Hand back'), press(taken, 'Hand back', APPROVER)]);
  expect((await thread(alert, 'handed it back')).match(/handed it back/g)).toHaveLength(1);
  await waitFor(async () => (await news('acme-seen is low')).text.includes('<@U0APPROVER>'), {
    what: 'the owner being mentioned again',
  });
  const unchanged = 'Nobody is at this alert. Nothing was changed.';
  await Promise.any([told(unchanged), told(unchanged, APPROVER)]);
});

test('it is silent for who asks, for everybody to see, and a second choice changes nothing', async () => {
  await givenTeam(subject, 'acme-hush');
  await policy('acme-hush', { owner: APPROVER });
  await spendAndLook('acme-hush', 900n);
  const alert = await news('acme-hush is low');
  await Promise.all([
    choose(alert, 'Until tomorrow, 9:00'),
    choose(alert, 'Until tomorrow, 9:00', APPROVER),
  ]);
  const asked = await thread(alert, 'asked for silence until');
  expect(asked.match(/asked for silence/g)).toHaveLength(1);
  await Promise.any([told('has silenced this alert'), told('has silenced this alert', APPROVER)]);
  const silent = await news('silent until');
  expect(silent.stamp).toBe(alert.stamp);
  expect(silent.text).not.toContain('<@');
  expect(textOf(silent)).toMatch(/silent until .*, by <@U0(MANAGER|APPROVER)>/);
  expect(textOf(silent)).not.toContain('Snooze');
  await press(silent, 'End silence', APPROVER);
  expect(await thread(alert, 'ended the silence')).toContain('<@U0APPROVER>');
  await waitFor(async () => !textOf(await news('acme-hush is low')).includes('silent'), {
    what: 'the message without its silence',
  });
});

test('what is critical goes where it was sent, and the warning stays where it stands', async () => {
  await givenTeam(subject, 'acme-routes');
  await policy('acme-routes', { routes: { critical: 'C0OPS' } });
  await spendAndLook('acme-routes', 900n);
  expect((await news('acme-routes is low')).channel).toBe('C0ACME');
  await spendAndLook('acme-routes', 100n);
  const isGone = (channel: string) =>
    seen(undefined, channel).some((m) => textOf(m).includes('acme-routes has no credits'));
  await waitFor(() => isGone('C0OPS') && isGone('C0ACME'), { what: 'both places' });
});

describe('other alerts', () => {
  test('a key that ends within a week is told, and over when it is prolonged', async () => {
    const { keyId } = await givenTeam(subject, 'acme-keys');
    const key = { where: { id: keyId } };
    const at = (days: number) => ({ expiresAt: new Date(Date.now() + days * DAY_MS) });
    await subject.postgres.virtualKey.update({
      ...key,
      data: { ...at(5), createdAt: new Date(Date.now() - 30 * DAY_MS) },
    });
    await Promise.all([watchEndingKeys(subject.stores), watchEndingKeys(subject.stores)]);
    const alert = await news('acme-keys has a key that ends in 4 days');
    await subject.postgres.virtualKey.update({ ...key, data: at(90) });
    await watchEndingKeys(subject.stores);
    expect((await news('Over: *acme-keys*')).stamp).toBe(alert.stamp);
  });

  test('a budget is told at 80 % and at 100 %, in one message', async () => {
    await givenTeam(subject, 'acme-budget');
    await type('/team budget acme-budget max=$10 every=30d');
    await told('acme-budget');
    const meter = { subject: 'team:acme-budget', meter: 'budget-1mo' };
    const startsAt = new Date(new Date().toISOString().slice(0, 7));
    await subject.postgres.budgetSpend.create({
      data: { ...meter, startsAt, spentNanoUsd: 8_500_000_000n },
    });
    await watchBudgets(subject.stores);
    const alert = await news('acme-budget has spent 80 % of a budget');
    expect(textOf(alert)).toContain('$8.50 of $10.00');
    await subject.postgres.budgetSpend.updateMany({
      where: meter,
      data: { spentNanoUsd: 10_000_000_000n },
    });
    await watchBudgets(subject.stores);
    expect((await news('acme-budget has spent a whole budget')).stamp).toBe(alert.stamp);
    await thread(alert, '100 % of the budget are spent');
  });

  test('many failing calls, and use far beyond the past of a team, are told', async () => {
    const { keyId } = await givenTeam(subject, 'acme-odd');
    const common = { team_id: 'acme-odd', model: 'gpt-4o' };
    await subject.postgres.$executeRaw`
      INSERT INTO usage_by_team (team_id, grain, starts, model, job_type, tags, calls, failed_calls, jobs,
        failed_jobs, input_tokens, output_tokens, cost_nano_usd, charge)
      SELECT ${common.team_id}, 'hour', date_trunc('hour', now()) - make_interval(hours => n), ${common.model},
        'chat', '[]', 10, 1, 10, 0, 1, 1, 1, 1000000 FROM generate_series(0, 99) AS n`;
    await subject.postgres.$executeRaw`
      INSERT INTO usage_events (id, team_id, organization_id, key_id, model, deployment, job_type, outcome,
        input_tokens, output_tokens, cost_nano_usd, charge, started_at, ended_at)
      SELECT 'odd-' || n, ${common.team_id}, 'acme', ${keyId}, ${common.model}, 'a', 'chat',
        CASE WHEN n % 2 = 0 THEN 'failed' ELSE 'completed' END, 1, 1, 1, 1000000,
        now() - interval '1 minute', now() FROM generate_series(1, 40) AS n`;
    await watchErrors(subject.stores);
    expect(textOf(await news('acme-odd has many failing calls'))).toContain('20 of 40');
    await watchUnusualUsage(subject.stores);
    const alert = await news('acme-odd uses 40 times its usual');
    expect(textOf(alert)).toContain('hours of use in two weeks');
    expect(
      await watchUnusualUsage({ ...subject.stores, clock: () => Date.now() + 2 * HOUR_MS }),
    ).toBe(1);
  });

  test('a refill that the most for the month forbids is told', async () => {
    await givenTeam(subject, 'acme-refill', { credits: '10' });
    await type('/team credits refill acme-refill 500 below=100000 max=500');
    await told('acme-refill');
    await refillTeams(subject.stores);
    await watchFailedRefills(subject.stores);
    expect(textOf(await news('acme-refill was not refilled'))).toContain(
      'at most 500 credits a month',
    );
  });
});

describe("what a team's alerts are like", () => {
  test('is set by words, shown, and audited', async () => {
    await givenTeam(subject, 'acme-words');
    await type(
      '/team alerts acme-words thresholds=50,20,5 owner=<@U0MANAGER|maya> quiet=22:00-07:00 zone=Europe/Berlin off=error_spike',
    );
    const card = await told('Alerts of acme-words');
    expect(textOf(card)).toContain('50 %, 20 %, 5 % and 0');
    expect(textOf(card)).toContain('<@U0MANAGER>');
    expect(textOf(card)).toContain('○ Many failing calls');
    expect(await subject.stores.records.alerts.policy('acme-words')).toMatchObject({
      creditPercents: [50, 20, 5],
      owner: MANAGER,
      quiet: { fromMinute: 1320, toMinute: 420, timeZone: 'Europe/Berlin' },
    });
    await news('Alerts of team *acme-words* changed by <@U0MANAGER>');
  });

  test('is set by a form that is filled in with what holds', async () => {
    await givenTeam(subject, 'acme-sheet');
    await type('/team alerts acme-sheet change');
    const view = await form('alerts');
    expect(textOf(view)).toContain('"initial_value":"20"');
    const wrong = await subject.control.submitView({
      user: MANAGER,
      values: { thresholds: '200' },
    });
    expect(wrong.errors?.['thresholds']).toContain('whole percents from 1 to 99');
    const values = { thresholds: '30, 10', owner: APPROVER, off: ['budget'] };
    await subject.control.submitView({ user: MANAGER, values });
    await told('Alerts of acme-sheet');
    expect(await subject.stores.records.alerts.policy('acme-sheet')).toMatchObject({
      creditPercents: [30, 10],
      owner: APPROVER,
      off: ['budget'],
    });
  });

  test('is no business of who may only look', async () => {
    await givenTeam(subject, 'acme-look');
    await type('/team alerts acme-look thresholds=50', 'U0VIEWER');
    await told('This needs the role *manager*', 'U0VIEWER');
    expect(await subject.stores.records.alerts.policy('acme-look')).toBeUndefined();
  });

  test.each([
    ['/team alerts acme-bad thresholds=half', 'write whole percents'],
    ['/team alerts acme-bad off=nothing-like-it', 'there is no nothing_like_it'],
    ['/team alerts acme-bad zone=Mars quiet=1-2', 'is not a time zone'],
    ['/team alerts acme-bda', 'Did you mean'],
  ])('%s is answered with the cure', async (command, said) => {
    if ((await subject.stores.records.teams.find('acme-bad')) === undefined) {
      await givenTeam(subject, 'acme-bad');
    }
    await type(command);
    expect((await told(said)).ephemeralFor).toBe(MANAGER);
  });
});
