// People leave out a sign, a name or half of what they mean: it is understood, or asked about with a button; and what
// can't be done is said before anybody is asked to confirm it.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { APPROVER, MANAGER, ROLES, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk, effectsOf } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { givenTeam } from './person.ts';

const OWNER = APPROVER;

let subject: BotUnderTest;
let desk: Desk;

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [OWNER] } });
  desk = createDesk(subject);
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-dev');
  await givenTeam(subject, 'globex-prod', { organizationId: 'globex', channelId: undefined });
});
beforeEach(() => desk.begin());
afterEach(async () => desk.closeForms());
afterAll(async () => subject.close());

test('a day behind "until" needs no sign, and its exact end is repeated', async () => {
  await desk.type('/team suspend acme-dev until friday');
  const question = await desk.told('Suspend `acme-dev`');
  expect(textOf(question)).toMatch(/Until <!date\^\d+\^.*it lifts by itself/);
});

test('a sum with its unit is one sum', async () => {
  await desk.type('/team topup acme-dev 5 credits reason "May fee"');
  const said = await desk.told('Added 5 credits to `acme-dev`');
  expect(textOf(said)).toContain('Reason: May fee');
  await desk.type('/team topup acme-dev 2 USD reason=x');
  await desk.told('Added 20 credits to `acme-dev`');
});

test('a value without its name is asked for with it, and everything else is kept', async () => {
  await desk.type('/team budget acme-prod $500 every=30d');
  const shown = textOf(await desk.form('arguments'));
  expect(shown).toContain('“$500” is not understood; did you mean max=$500?');
  expect(shown).toContain('"initial_value":"30d"');
});

describe('a name alone', () => {
  test.each([
    ['/team acme-prod', 'Run show', 'spendable'],
    ['/org acme', 'Run show', '*Teams*'],
    ['/audit acme-prod', 'Run search', 'Audit trail'],
  ])('%s is asked about, and its button goes on', async (text, label, part) => {
    await desk.type(text);
    await desk.press(await desk.told('but it is a name'), label);
    expect(textOf(await desk.told(part))).not.toContain('but it is a name');
  });

  test('that nobody has is an unknown word', async () => {
    await desk.type('/team acme-nowhere');
    const said = await desk.told('does not know `acme-nowhere`');
    expect(textOf(said)).not.toContain('but it is a name');
  });

  test.each([
    ['/usage', 'say which team, or which organization as org=acme'],
    ['/team explain', 'say which team, or which request'],
    ['/usage acme-prod org=acme', 'name the one or the other'],
    ['/credits acme-prod org=acme', 'name the one or the other'],
  ])('%s is asked for in the form', async (text, part) => {
    await desk.type(text);
    expect(textOf(await desk.form('arguments'))).toContain(part);
  });
});

describe('a name with a slip', () => {
  test.each([
    ['/team list org=amce', 'acme', 'acme-dev', MANAGER],
    ['/team bulk pause org=amce reason=x', 'acme', 'Pause 2 teams?', MANAGER],
    ['/audit search acme-prdo', 'acme-prod', 'Audit trail', MANAGER],
    ['/audit search org=amce', 'acme', 'Audit trail', MANAGER],
    ['/audit export acme-prdo', 'acme-prod', 'I sent you', MANAGER],
    ['/approvals history acme-prdo', 'acme-prod', 'What was decided', MANAGER],
    ['/quartermaster settings amce', 'acme', 'Settings', OWNER],
    ['/quartermaster settings give @omar viewer org=amce', 'acme', 'viewer', OWNER],
    ['/team show ACME-PROD', 'acme-prod', 'spendable', MANAGER],
  ])('%s goes on with the button of the one that is meant', async (text, meant, part, user) => {
    const before = await effectsOf(subject);
    await desk.type(text, user);
    const asked = await desk.told('Did you mean', user);
    expect(textOf(asked)).toContain(`Did you mean \`${meant}\`?`);
    expect(await effectsOf(subject)).toEqual(before);
    desk.begin();
    await desk.press(asked, meant, user);
    await desk.told(part, user);
  });
});

test.each([
  ['/team credits deduct acme-prod 999999 reason=x', 'credits'],
  ['/team credits transfer acme-prod 999999 to=acme-dev reason=x', 'credits'],
  ['/team credits transfer acme-prod 20 to=acme-prod reason=x', 'it is the same team'],
  ['/team credits transfer acme-prod 20 to=globex-prod reason=x', 'organization'],
])('what can not be done is not asked about: %s', async (text, part) => {
  const before = await effectsOf(subject);
  const since = (Date.now() / 1_000).toFixed(6);
  await desk.type(text);
  await subject.idle();
  const said = desk.seen(MANAGER).filter((each) => each.stamp > since);
  const shown = [...said, ...subject.control.views({ user: MANAGER })].map(textOf).join();
  expect(shown).toContain(part);
  expect(shown).not.toContain('"style":"danger"');
  expect(await effectsOf(subject)).toEqual(before);
});

test('a channel where a team is asked for is repeated as it was typed', async () => {
  await desk.type('/team show #acme-prod');
  expect(textOf(await desk.form('arguments'))).toContain("“#acme-prod” can't be taken");
});

test('the trail of yesterday and of today is asked for by these words', async () => {
  await desk.type('/audit search acme-prod from=yesterday to=today');
  expect(textOf(await desk.told('Audit trail'))).toContain('team.created');
});
