import { afterAll, beforeAll, expect, test } from 'vitest';
import { MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, news, seen, press, form, askedAgain } = people(() => subject);

beforeAll(async () => {
  const roles = { managers: [MANAGER], approvers: [], viewers: ['U0VIEWER'] };
  subject = await startBot({ roles });
});
afterAll(async () => subject.close());

const MICRO = 1_000_000n;

test('credits are shown with their grants in order, the policy and the latest entries', async () => {
  await givenTeam(subject, 'acme-show');
  await type('/team credits grant acme-show 500 expires=90d priority=10 reason="Pilot of 2026"');
  await told('`acme-show`: 500 credits granted, until ');
  await told('Now 1,500 credits spendable');
  await news('Team *acme-show*: `+500` credits, grant by <@U0MANAGER>');
  await type('/team credits acme-show', 'U0VIEWER');
  const card = textOf(await told('Grants, in the order of their use', 'U0VIEWER'));
  expect(card.indexOf('500 credits, paid, priority 10, expires')).toBeLessThan(
    card.indexOf('1,000 credits, paid, never expires'),
  );
  expect(card).toContain('calls are refused (hard)');
  expect(card).toContain('Pilot of 2026');
});

test('a grant that is delivered twice is posted and told once', async () => {
  await givenTeam(subject, 'acme-twice');
  await type('/team credits grant acme-twice 7 reason="Pilot"');
  await told('`acme-twice`: 7 credits granted. Now 1,007 credits');
  await subject.control.redeliver();
  await subject.idle();
  expect(await balanceOf(subject, 'acme-twice')).toBe(1_007n * MICRO);
  expect(seen(MANAGER).filter((m) => textOf(m).includes('`acme-twice`: 7 credits'))).toHaveLength(
    1,
  );
});

test('a deduction asks first, and two presses take once', async () => {
  await givenTeam(subject, 'acme-less');
  await type('/team credits deduct acme-less 200 reason="Paid \\"twice\\""');
  await subject.idle();
  await type('/team credits deduct acme-less 200 reason="Paid twice"');
  const question = await told('Deduct *200 credits* from `acme-less`?');
  expect(await balanceOf(subject, 'acme-less')).toBe(1_000n * MICRO);
  await press(question, 'Deduct');
  await told('`acme-less`: 200 credits deducted. Now 800 credits');
  await press(question, 'Deduct');
  await subject.idle();
  expect(await balanceOf(subject, 'acme-less')).toBe(800n * MICRO);
});

test('a transfer asks first, and tells both', async () => {
  await givenTeam(subject, 'acme-from');
  await givenTeam(subject, 'acme-to', { credits: '0' });
  await type('/team credits transfer acme-from 300 to=acme-to reason="Load test"');
  await press(await told('Transfer *300 credits* from `acme-from` to `acme-to`?'), 'Transfer');
  await told('`acme-from`: 300 credits transferred to `acme-to`. Now 700 credits');
  await news('Team *acme-to*: `+300` credits, transfer');
  expect(await balanceOf(subject, 'acme-to')).toBe(300n * MICRO);
});

test('a call is refunded to its own team, in part and then the rest, and no more', async () => {
  await givenTeam(subject, 'acme-back');
  await givenTeam(subject, 'acme-stranger');
  await spend(subject, 'acme-back', 40n);
  const call = await subject.postgres.usageEvent.findFirstOrThrow({
    where: { teamId: 'acme-back' },
  });
  await type(`/team credits refund acme-stranger ${call.id} reason="Model failed"`);
  await askedAgain('was not charged anything');
  await type(`/team credits refund acme-back ${call.id} 15 reason="Model failed"`);
  await told('15 credits refunded');
  await type(`/team credits refund acme-back ${call.id} reason="Model failed"`);
  await told('25 credits refunded');
  await type(`/team credits refund acme-back ${call.id} reason="Model failed"`);
  await told('was charged 40 credits: all of it was refunded already');
  expect(await balanceOf(subject, 'acme-back')).toBe(1_000n * MICRO);
});

test('policy and refill are set in words and repeated in words', async () => {
  await givenTeam(subject, 'acme-terms');
  await type('/team credits policy acme-terms soft overdraft=100 suspend=on');
  await told('calls go on down to −100 credits (soft), then the team is suspended');
  await type('/team credits refill acme-terms 500 every=monthly below=100 max=2000');
  await told(
    '500 credits monthly and when fewer than 100 credits are left, at most 2,000 credits a month',
  );
  await type('/team credits refill acme-terms off');
  await told('Refill of `acme-terms`: off');
  await type('/team credits policy acme-terms');
  await askedAgain('say what is to change');
  const team = await subject.stores.records.teams.find('acme-terms');
  expect(team).toMatchObject({ limitPolicy: 'soft', overdraft: 100n * MICRO, autoSuspend: true });
});

test.each([
  ['/team credits gran acme-odd 5 reason="x"', 'Did you mean `/team credits grant acme-odd'],
])('%s is answered with what is wrong, and changes nothing', async (command, said) => {
  if ((await subject.stores.records.teams.find('acme-odd')) === undefined) {
    await givenTeam(subject, 'acme-odd');
  }
  await type(command);
  await told(said);
  expect(await balanceOf(subject, 'acme-odd')).toBe(1_000n * MICRO);
});

test.each([
  ['/team credits grant acme-asked 5 expires=2020-01-01 reason="x"', 'it lies in the past'],
  ['/team credits deduct acme-asked 5000 reason="x" sure=yes', '1,000 credits spendable'],
  ['/team credits transfer acme-asked 5 to=acme-asked reason="x" sure=yes', 'it is the same team'],
  ['/team credits refill acme-asked 5', 'say when'],
  ['/team credits grant acme-asked 0 reason="x"', 'must be more than 0'],
  ['/team credits grant acme-asked 1.0000001 reason="x"', 'more than the 6 decimals'],
  ['/team credits grant acme-asked 5', '"block_id":"reason"'],
  ['/team credits grant acme-asked 5 category=gift reason="x"', 'there are paid, promotional'],
  ['/team credits transfer acme-asked 5 reason="x"', '"block_id":"to"'],
  ['/team credits grant acme-asked -5 reason="x"', 'must be more than 0'],
  ['/team credits grant acme-asked 1e9 reason="x"', 'is not a number of credits'],
  ['/team credits grant acme-asked ٥ reason="x"', 'is not a number of credits'],
  ['/team credits grant acme-asked <@U0MANAGER|maya> reason="x"', 'is not a number of credits'],
])('%s opens a form that says what is wrong, and changes nothing', async (command, said) => {
  if ((await subject.stores.records.teams.find('acme-asked')) === undefined) {
    await givenTeam(subject, 'acme-asked');
  }
  await type(command);
  expect(textOf(await form('arguments'))).toContain(said);
  await subject.control.closeView({ user: MANAGER });
  expect(await balanceOf(subject, 'acme-asked')).toBe(1_000n * MICRO);
});

test('who may only look changes nothing', async () => {
  await givenTeam(subject, 'acme-look');
  await type('/team credits grant acme-look 5 reason="x"', 'U0VIEWER');
  await subject.idle();
  expect(await balanceOf(subject, 'acme-look')).toBe(1_000n * MICRO);
});
