import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { MANAGER, APPROVER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, news, form, seen, press } = people(() => subject);

beforeAll(async () => {
  const roles = { managers: [MANAGER, APPROVER], approvers: [], viewers: ['U0VIEWER'] };
  subject = await startBot({ roles });
});

afterEach(async () => {
  for (const user of [MANAGER, APPROVER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});

afterAll(async () => {
  await subject.close();
});

/** Uses so many credits that the team falls under its threshold; answers the open episode. */
async function fall(teamId: string, credits: bigint) {
  await spend(subject, teamId, credits);
  await watchLowCredit(subject.stores);
  const [episode] = await subject.stores.records.alerts.openOf(teamId);
  return episode;
}

test('a complete command adds the credits once and tells balance and channel', async () => {
  await givenTeam(subject, 'acme-prod');
  await type('/team topup acme-prod 1,500 reason="Invoice 2026-114"');
  await told('Added 1,500 credits to `acme-prod`: now 2,500 credits spendable');
  await news('topped up by <@U0MANAGER>: 1,500 credits, now 2,500 credits');
  await subject.control.redeliver();
  await subject.idle();
  expect(await balanceOf(subject, 'acme-prod')).toBe(2_500_000_000n);
  expect(seen(MANAGER).filter((m) => textOf(m).includes('Added 1,500'))).toHaveLength(1);
  const [entry] = await subject.stores.records.ledger.history('acme-prod', 1);
  expect(entry).toMatchObject({ actor: 'slack:U0MANAGER', reason: 'Invoice 2026-114' });
});

test('what is missing is asked for, and complaints stand beside their fields', async () => {
  await givenTeam(subject, 'acme-form');
  await type('/team topup acme-form');
  const view = await form('top_up');
  expect(textOf(view)).toContain('1,000 credits spendable now');
  const wrong = { credits: '1,5', reason: 'x' };
  const refused = await subject.control.submitView({ user: MANAGER, values: wrong });
  expect(refused.errors?.['credits']).toContain('is not a number of credits');
  const values = { credits: '2k', reason: 'May' };
  expect((await subject.control.submitView({ user: MANAGER, values })).ok).toBe(true);
  await told('Added 2,000 credits');
  await subject.control.redeliver();
  await subject.idle();
  expect(await balanceOf(subject, 'acme-form')).toBe(3_000_000_000n);
});

test('words in the other order are asked about, and change nothing until then', async () => {
  await givenTeam(subject, 'acme-turn');
  await type('/team topup 500 acme-turn reason="May invoice"');
  const asked = await told('Did you mean `/team topup acme-turn 500 reason=');
  expect(await balanceOf(subject, 'acme-turn')).toBe(1_000_000_000n);
  await Promise.all([press(asked, 'Run it this way'), press(asked, 'Run it this way')]);
  await told('Added 500 credits to `acme-turn`');
  await subject.idle();
  expect(await balanceOf(subject, 'acme-turn')).toBe(1_500_000_000n);
});

test('a team that does not exist is asked for again, with those that were probably meant', async () => {
  await givenTeam(subject, 'acme-near');
  await type('/team topup acme-naer 5');
  expect(textOf(await form('top_up'))).toContain('Did you mean “acme-near”?');
  const values = { reason: 'May', team: 'acme-near' };
  expect((await subject.control.submitView({ user: MANAGER, values })).ok).toBe(true);
  await told('Added 5 credits to `acme-near`');
});

test('the button of a suggestion tops up once, however often it is pressed', async () => {
  await givenTeam(subject, 'acme-slip');
  await type('/team topup acme-slpi 5 reason="the “second” one"');
  const offered = await told('Did you mean `acme-slip`');
  await Promise.all([press(offered, 'acme-slip'), press(offered, 'acme-slip')]);
  await told('Added 5 credits to `acme-slip`');
  await subject.idle();
  expect(await balanceOf(subject, 'acme-slip')).toBe(1_005_000_000n);
});

test('an alert is one message with balance and buttons, however many look', async () => {
  await givenTeam(subject, 'acme-low');
  await fall('acme-low', 850n);
  const alert = await news('acme-low is low on credits');
  expect(textOf(alert)).toContain('*150 credits* spendable');
  expect(textOf(alert)).toContain('15 %');
  await Promise.all([1, 2, 3].map(async () => watchLowCredit(subject.stores)));
  expect(seen(undefined).filter((m) => textOf(m).includes('acme-low is low'))).toHaveLength(1);
});

test('at 0 the one message says that credits are gone, told once however many look', async () => {
  await givenTeam(subject, 'acme-zero');
  const episode = await fall('acme-zero', 850n);
  const id = episode?.id ?? '';
  const alert = await news('acme-zero is low on credits');
  expect(textOf(alert)).toContain('(rough: from 1 call)');
  const timesTold = async () => {
    const rows = await subject.postgres.outboxEvent.findMany({ where: { kind: 'alert.changed' } });
    return rows.filter((row) => JSON.stringify(row.payload).includes(id)).length;
  };
  expect(await timesTold()).toBe(1);
  await spend(subject, 'acme-zero', 150n);
  await Promise.all([1, 2, 3].map(async () => watchLowCredit(subject.stores)));
  await watchLowCredit(subject.stores);
  expect(await timesTold()).toBe(2);
  const gone = await news('acme-zero has no credits left');
  expect(gone.stamp).toBe(alert.stamp);
  expect(textOf(gone)).toContain('calls are refused');
  expect(textOf(gone)).not.toContain('is low');
  await type('/team topup acme-zero 900 reason=x');
  await told('to `acme-zero`');
  await Promise.all([1, 2, 3].map(async () => watchLowCredit(subject.stores)));
  expect(await subject.stores.records.alerts.openOf('acme-zero')).toEqual([]);
  expect(await timesTold()).toBe(3);
});

test('two people who top up from one alert add once, and the second is told who was first', async () => {
  await givenTeam(subject, 'acme-race');
  await fall('acme-race', 900n);
  const alert = await news('acme-race is low');
  await press(alert, 'Top up', MANAGER);
  await press(alert, 'Top up', APPROVER);
  await form('top_up', MANAGER);
  await form('top_up', APPROVER);
  const { control } = subject;
  await control.submitView({ user: MANAGER, values: { credits: '500', reason: 'Refill' } });
  await told('Added 500 credits to `acme-race`');
  const values = { credits: '700', reason: 'Refill too' };
  expect(await control.submitView({ user: APPROVER, values })).toMatchObject({ ok: true });
  const second = await told('was first', APPROVER);
  expect(textOf(second)).toContain('<@U0MANAGER> was first: 500 credits');
  await subject.idle();
  expect(await balanceOf(subject, 'acme-race')).toBe(600_000_000n);
});

test('a top-up from an alert ends its message at once, before any worker closes the episode', async () => {
  await givenTeam(subject, 'acme-more');
  await fall('acme-more', 990n);
  const alert = await news('acme-more is low');
  await press(alert, 'Top up');
  await form('top_up');
  await subject.control.submitView({ user: MANAGER, values: { credits: '400', reason: 'b' } });
  await told('Added 400 credits to `acme-more`');
  const over = await news('Resolved: *acme-more*');
  expect(over.stamp).toBe(alert.stamp);
  expect(textOf(over)).not.toContain('top_up');
});

test('an episode that ended turns its message into the news that it is over', async () => {
  await givenTeam(subject, 'acme-over');
  await fall('acme-over', 900n);
  const alert = await news('acme-over is low');
  await type('/team topup acme-over 900 reason=x');
  await told('to `acme-over`');
  await watchLowCredit(subject.stores);
  const over = await news('Resolved: *acme-over* was topped up, now 1,000 credits');
  expect(over.stamp).toBe(alert.stamp);
  expect(textOf(over)).not.toContain('top_up');
});

test('the alert of a team without a channel goes to the operators', async () => {
  await givenTeam(subject, 'acme-nowhere', { channelId: undefined });
  await fall('acme-nowhere', 900n);
  expect((await news('acme-nowhere is low')).channel).toBe('C0OPS');
});
