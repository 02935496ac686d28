// What answers carry beyond the bare fact: what holds now, which one it was, the way back, the cure to copy.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sendDigests } from '../../src/core/digests/send-digests.ts';
import { ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk, OWNER } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { buttonOf, givenTeam } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
let desk: Desk;

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [OWNER] } });
  desk = createDesk(subject);
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-empty', { credits: '0' });
});
beforeEach(() => desk.begin());
afterEach(async () => desk.closeForms());
afterAll(async () => subject.close());

const lastFourOf = async (teamId: string) =>
  (await subject.stores.records.keys.ofTeam(teamId))[0]?.lastFour ?? '';

describe('a form that changes something says what holds now', () => {
  beforeAll(async () => {
    await desk.type(
      '/models new fast provider=openai upstream=gpt-4o-mini groups=gpt-models input=$0.15 output=$0.60',
    );
    await desk.told('Model `fast` is made');
    await desk.type('/org set acme name="Acme Inc." zone=Europe/Berlin retention=90d');
    await desk.told('Acme Inc.');
    await desk.type('/team key new acme-prod "CI server" expires=2031-05-01 tags=ci,nightly');
    await desk.told('CI server');
  });

  test.each([
    [
      '/models edit fast',
      ['Now: openai', 'Now: gpt-4o-mini', 'Now: gpt-models', 'Now: $0.15', 'Now: active'],
    ],
    ['/models group edit gpt-models', ['Now: gpt-4o, gpt-4o-mini', 'Now: GPT models', 'Now: yes']],
    ['/team edit acme-prod', ['Now: acme-prod', 'Now: consumption usd', 'Now: 10', 'Now: 0 %']],
    ['/org set acme', ['Now: Acme Inc.', 'Now: Europe/Berlin', 'Now: yes', 'Now: 90d']],
    [
      '/team key edit acme-prod "CI server"',
      [
        'Now: CI server',
        'Now: nobody',
        'Now: May 2, 2031, 00:00 Europe/Berlin',
        'Now: ci, nightly',
      ],
    ],
  ])('%s', async (text, parts) => {
    await desk.type(text);
    const shown = textOf(await desk.form('arguments'));
    for (const part of parts) {
      expect(shown).toContain(part);
    }
    expect(shown).toContain('⚠️ nothing to change was named');
  });
});

test('the form of a plan says what it gives, as only owners may change it', async () => {
  await desk.type('/quartermaster plan new starter requests=60 max=$100 every=30d', OWNER);
  await desk.told('Plan `starter` is made', OWNER);
  await desk.type('/quartermaster plan edit starter', OWNER);
  const shown = textOf(await desk.form('arguments', OWNER));
  for (const part of ['Now: 60', 'Now: off', 'Now: $100.00 every 1mo', 'Now: 1mo']) {
    expect(shown).toContain(part);
  }
});

test('entries of the history, each of two lines, stand apart', async () => {
  await desk.type('/team topup acme-prod 7 reason="Invoice 18"');
  await desk.told('Added 7 credits');
  await desk.type('/team credits history acme-prod');
  const said = textOf(await desk.told('Latest entries'));
  expect(said).toMatch(/then 1,007\\n\\n`\+1,000`/);
});

test('a cure that is a command looks like one, to be copied', async () => {
  await desk.type('/team topup acme-prod 5 reason=x', VIEWER);
  const said = textOf(await desk.told('This needs the role *manager*', VIEWER));
  expect(said).toContain('for the role: `/quartermaster settings give`');
});

test('a status without a worker is no good one', async () => {
  await desk.type('/quartermaster status');
  const said = textOf(await desk.told('Everything answers'));
  expect(said).toContain('🟠 Everything answers, but the worker needs a look');
});

test('a refund names its call', async () => {
  await spend(subject, 'acme-prod', 40n);
  const { id } = await subject.postgres.usageEvent.findFirstOrThrow({
    where: { teamId: 'acme-prod' },
  });
  await desk.type(`/team credits refund acme-prod ${id} reason=Outage`);
  const said = textOf(await desk.told('40 credits refunded'));
  expect(said).toContain(`for the call \`${id}\``);
});

test('a key is changed, rotated and blocked from its card, and what was done to it has its way back', async () => {
  const lastFour = await lastFourOf('acme-prod');
  await desk.type(`/team key show acme-prod ${lastFour}`);
  const card = await desk.told('*Status*');
  expect(buttonOf(card, 'Rotate …').actionId).toMatch(/^form:\/team key rotate acme-prod /);
  await desk.press(card, 'Change …');
  await desk.form('arguments');
  await desk.closeForms();
  await desk.press(card, 'Block');
  await desk.press(await desk.told('is blocked, from its next call on'), 'Undo: unblock');
  await desk.press(await desk.told('works, from its next call on'), 'Undo: block');
  await desk.told('is blocked, from its next call on');
});

test('a proposal is named as the command that finds it takes it', async () => {
  await desk.type('/team topup acme-prod 25k reason="Invoice 17"');
  const [proposal] = await desk.waitFor(
    async () => {
      const found = await subject.stores.records.approvals.list({ teamId: 'acme-prod', limit: 1 });
      return found.length > 0 ? found : undefined;
    },
    { what: 'the proposal' },
  );
  const said = textOf(await desk.told('This needs a second pair of eyes'));
  expect(said).toContain(`\`${proposal?.id}\``);
});

test('a report of many names those it was done to', async () => {
  for (const id of ['globex-a', 'globex-b']) {
    await givenTeam(subject, id, { organizationId: 'globex', channelId: undefined });
  }
  await desk.type('/team bulk pause org=globex reason=Audit');
  await desk.press(await desk.told('Pause 2 teams?'), 'Pause 2 teams');
  expect(textOf(await desk.told('Pause 2 teams: 2 done'))).toContain('`globex-a` `globex-b`');
});

test('who has no credits at all is low on them, and keys go by what people know of them', async () => {
  await desk.type('/team key new acme-prod name="CI server"');
  await desk.told('has another key');
  await subject.control.openHome({ user: 'U0APPROVER' });
  const shown = textOf(await subject.control.waitForHome(({ userId }) => userId === 'U0APPROVER'));
  const low = shown.indexOf('Low on credits');
  expect(low).toBeGreaterThan(-1);
  expect(shown.slice(low, shown.indexOf('teams*', low))).toContain('acme-empty');
  expect(shown).toMatch(/`sk-…[0-9a-f]{4}` of `acme-prod` {2}key created/);
});

test('a digest names the worst first, and a state by its own sign', async () => {
  const { records, clock } = subject.stores;
  await givenTeam(subject, 'acme-brief');
  await spend(subject, 'acme-brief', 850n);
  await givenTeam(subject, 'acme-still');
  await desk.type('/team pause acme-still');
  await desk.told('🟡 Paused: `acme-still`');
  await records.digests.put({
    channelId: 'C0OPS',
    subject: { kind: 'organization', organizationId: 'acme' },
    every: 'weekly',
    csv: false,
    nextAt: new Date(clock()),
    createdBy: 'slack:U0MANAGER',
  });
  await sendDigests(subject.stores);
  const said = textOf(await desk.news('Last week of acme'));
  expect(said).toContain('🟡 `acme-still` is paused');
  expect(said.indexOf('⛔ `acme-empty`')).toBeLessThan(said.indexOf('⚠️ `acme-brief`'));
});
