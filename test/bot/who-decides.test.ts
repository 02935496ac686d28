// A policy of a house of its own: rules for one customer, approvers by name, a bound for each person and day; and
// what becomes of people who leave while a card or a form of theirs is open.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../src/embedded/slack/model.ts';
import { APPROVER, MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people, untilAllIsSaid } from './person.ts';

const CREDIT = 1_000_000n;
const OWNER = 'U0OWNER';
const FINN = 'U0FINN';
const colleagues: readonly Person[] = [OWNER, FINN].map((id) => ({
  id,
  handle: id.toLowerCase(),
  name: id,
  title: 'Colleague',
  email: `${id}@northwind.example`,
  timeZone: 'Europe/Stockholm',
  isBot: false,
}));

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({
    colleagues,
    roles: { ...ROLES, owners: [OWNER] },
    approvals: {
      rules: [
        {
          action: 'top_up',
          above: 100n * CREDIT,
          organizations: ['acme'],
          approvals: 2,
          by: ['S0VIEWERS', FINN],
        },
      ],
      perPersonPerDay: 1_000n * CREDIT,
    },
  });
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'globex-prod', { organizationId: 'globex' });
});
afterEach(async () => {
  const back = { deactivated: false, guest: undefined, teamId: undefined };
  for (const user of [MANAGER, APPROVER, VIEWER, FINN]) {
    await subject.control.changePerson({ user, change: back as object });
  }
});
afterAll(async () => subject.close());

async function asked(credits: number) {
  await type(`/team topup acme-prod ${credits} reason="Invoice ${credits}"`);
  await told('This needs a second pair of eyes');
  await subject.idle();
  await untilAllIsSaid(subject);
  return subject.control.waitForMessage(
    (message) =>
      message.channel === 'C0OPS' && textOf(message).includes(`Top up acme-prod: ${credits} `),
  );
}

describe('approvers who are named', () => {
  test('decide alone, both of them, with no role but the name in the rule', async () => {
    const before = (await balanceOf(subject, 'acme-prod')) ?? 0n;
    const card = await asked(200);
    await press(card, 'Approve', APPROVER);
    await told('decides on this', APPROVER);
    await press(card, 'Approve', FINN);
    await told('<@U0FINN> said yes', FINN);
    expect(await balanceOf(subject, 'acme-prod')).toBe(before);
    await press(card, 'Approve', VIEWER);
    await told('✅ *Approved', VIEWER);
    expect(await balanceOf(subject, 'acme-prod')).toBe(before + 200n * CREDIT);
  });

  test.each([
    ['was deactivated', 210, { deactivated: true }, 'This account is deactivated'],
    ['became a guest', 220, { guest: 'multi' as const }, 'Guests of this workspace'],
    ['belongs to another workspace', 230, { teamId: 'T0OTHER' }, 'Only members of this workspace'],
  ])('who %s has no say any more, though the card is open', async (_, credits, change, part) => {
    const card = await asked(credits);
    await subject.control.changePerson({ user: FINN, change });
    await press(card, 'Approve', FINN);
    await told(part, FINN);
    const [proposal] = await subject.stores.records.approvals.list({
      teamId: 'acme-prod',
      limit: 1,
    });
    expect(proposal).toMatchObject({ status: 'pending', approvedBy: [] });
  });
});

test('who became a guest takes nothing back either, though it was their own', async () => {
  await asked(240);
  const own = await told('240 credits');
  await subject.control.changePerson({ user: MANAGER, change: { guest: 'multi' } });
  await press(own, 'Withdraw');
  await told('Guests of this workspace');
  const [proposal] = await subject.stores.records.approvals.list({ teamId: 'acme-prod', limit: 1 });
  expect(proposal).toMatchObject({ status: 'pending' });
});

test('a rule for one customer says nothing of another, where the bound of the day holds', async () => {
  await type('/team topup globex-prod 400 reason="Invoice 1"');
  await told('Added 400 credits to `globex-prod`');
  await type('/team topup globex-prod 700 reason="Invoice 2"');
  const waits = textOf(await told('This needs a second pair of eyes'));
  expect(waits).toContain('700 credits');
  expect(await balanceOf(subject, 'globex-prod')).toBe(1_400n * CREDIT);
});

describe('in the middle of a form', () => {
  test.each([
    ['was deactivated', { deactivated: true }, 'This account is deactivated'],
    ['became a guest', { guest: 'multi' as const }, 'Guests of this workspace'],
    ['belongs to another workspace', { teamId: 'T0OTHER' }, 'Only members of this workspace'],
  ])('who %s changes nothing with it, and is told so', async (_, change, part) => {
    const before = await balanceOf(subject, 'acme-prod');
    await type('/team topup acme-prod');
    await form('top_up');
    await subject.control.changePerson({ user: MANAGER, change });
    await subject.control.submitView({ user: MANAGER, values: { credits: '5', reason: 'Late' } });
    const said = await subject.control.waitForView(
      (view) => view.userId === MANAGER && textOf(view).includes(part),
    );
    expect(said.userId).toBe(MANAGER);
    expect(await balanceOf(subject, 'acme-prod')).toBe(before);
    await subject.control.closeView({ user: MANAGER, all: true });
  });
});
