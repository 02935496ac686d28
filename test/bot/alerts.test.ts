// Alerts as people see them: one message, a thread, buttons, and what a team's alerts are like.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { setAlertPolicy } from '../../src/core/alerts/handle.ts';
import { APPROVER, MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

const ADMIN = { id: 'api:admin', door: 'api' } as const;

let subject: BotUnderTest;
const { type, told, news, form, seen, press, choose, waitFor, askedAgain } = people(() => subject);

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
  await setAlertPolicy(subject.stores, ADMIN, { kind: 'team', teamId }, change);
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

/** What the audit trail says that people did with a team's alerts, the latest first. */
async function handling(teamId: string): Promise<string[]> {
  const { audit } = subject.stores.records;
  return (await audit.search({ teamId, action: 'alert.', limit: 9 })).map(({ action }) => action);
}

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
  expect(await handling('acme-seen')).toEqual(['alert.handed_back', 'alert.acknowledged']);
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
  expect(await handling('acme-hush')).toEqual(['alert.woken', 'alert.snoozed']);
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

describe("what a team's alerts are like", () => {
  test('is set by words, shown, and audited', async () => {
    await givenTeam(subject, 'acme-words');
    await type(
      '/team alerts acme-words thresholds=50,20,5 budgets=50,90 owner=<@U0MANAGER|maya> quiet=22:00-07:00 zone=Europe/Berlin off=error_spike',
    );
    const card = await told('Alerts of acme-words');
    expect(textOf(card)).toContain('50 %, 20 %, 5 % and 0');
    expect(textOf(card)).toContain('50 %, 90 %, 100 %');
    expect(textOf(card)).toContain('<@U0MANAGER>');
    expect(textOf(card)).toContain('○ Many failing calls');
    expect(await subject.stores.records.alerts.policy('acme-words')).toMatchObject({
      creditPercents: [50, 20, 5],
      budgetPercents: [50, 90],
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
    expect(await subject.stores.records.alerts.policy('acme-look')).toEqual({});
  });

  test.each([
    ['thresholds=half', 'write whole percents'],
    ['off=nothing-like-it', 'there is no nothing_like_it'],
    ['zone=Mars quiet=1-2', 'is not a time zone'],
    ['owner=everybody', 'nobody that Slack knows'],
  ])('%s is asked for again in the form', async (words, said) => {
    if ((await subject.stores.records.teams.find('acme-bad')) === undefined) {
      await givenTeam(subject, 'acme-bad');
    }
    await type(`/team alerts acme-bad budgets=50 ${words}`);
    expect(textOf(await askedAgain(said))).toContain('"initial_value":"50"');
  });
});
