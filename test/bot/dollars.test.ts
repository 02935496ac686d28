// Dollars where credits are asked for: by the rate of the team, said again in the answer; else what to type.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dollarsOf, isDollars } from '../../src/bot/commands/dollar-words.ts';
import { MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form } = people(() => subject);
const CREDIT = 1_000_000n;

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'by-cost', { credits: '0' });
  await givenTeam(subject, 'by-job', { credits: '0', terms: { budgetMode: 'job_based' } });
  await givenTeam(subject, 'by-tokens', { terms: { budgetMode: 'consumption_tokens' } });
});
afterEach(async () => {
  if (subject.control.views({ user: MANAGER }).length > 0) {
    await subject.control.closeView({ user: MANAGER, all: true });
  }
});
afterAll(async () => subject.close());

test('dollars are credits at the rate of the team, and the answer says so', async () => {
  await type('/team topup by-cost $20 reason=Invoice');
  const answer = textOf(await told('Added 200 credits'));
  expect(answer).toContain(
    '$20 was read as 200 credits: by-cost counts 10 credits for a US dollar',
  );
  expect(await balanceOf(subject, 'by-cost')).toBe(200n * CREDIT);
  await type('/team credits deduct by-cost "5 dollars" reason=Slip sure=yes');
  await told('5 dollars was read as 50 credits');
  await type('/team create by-new org=acme credits=$1.5k groups=gpt-models mode=consumption_usd');
  await told('$1.5k was read as 15,000 credits: a new team counts 10 credits for a US dollar');
});

test('in a form they are understood as they are in a command', async () => {
  const before = (await balanceOf(subject, 'by-cost')) ?? 0n;
  await type('/team topup by-cost');
  await form('top_up');
  const { control } = subject;
  await control.submitView({ user: MANAGER, values: { credits: '$2.50', reason: 'May' } });
  await told('$2.50 was read as 25 credits');
  expect(await balanceOf(subject, 'by-cost')).toBe(before + 25n * CREDIT);
  await type('/team create by-form org=acme');
  await form('create_team');
  const values = { credits: '$3', groups: ['gpt-models'], mode: 'consumption_usd' };
  await control.submitView({ user: MANAGER, values });
  await told('$3 was read as 30 credits');
  expect(await balanceOf(subject, 'by-form')).toBe(30n * CREDIT);
});

test.each([
  ['/team topup by-job $20 reason=x', 'by-job counts by the job, 1 credit for each'],
  ['/team topup by-tokens $20 reason=x', 'by-tokens counts by tokens, 10,000 for a credit'],
  ['/team bulk topup org=acme credits=$20', 'not clear by the rate of which team'],
  ['/team create by-x org=acme credits=$9 groups=gpt-models', 'a new team counts by the job'],
  ['/team topup by-cost $20 credits=$30 reason=x', 'it is given twice'],
])('%s is asked for in credits: %s', async (text, why) => {
  await type(text);
  const view = await subject.control.waitForView((shown) => textOf(shown).includes(why));
  const says = textOf(view);
  expect(says.includes('type how many credits, like 200') || says.includes('give it once')).toBe(
    true,
  );
  expect(await balanceOf(subject, 'by-job')).toBe(0n);
});

test.each([
  ['$20', '$20'],
  ['US$ 1,500', '$1,500'],
  ['20 USD', '$20'],
  ['1.5k dollars', '$1.5k'],
  ['7$', '$7'],
])('%s is an amount in dollars', (typed, read) => {
  expect(isDollars(typed)).toBe(true);
  expect(dollarsOf(typed)).toBe(read);
});

test.each(['20', '5k', '$', 'usd', '-$5', '$x', '20 credits', '$20 or so'])(
  '%s is none',
  (typed) => {
    expect(isDollars(typed)).toBe(false);
  },
);
