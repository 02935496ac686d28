import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { told, news, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-dev', { channelId: 'C0GENERAL' });
});
afterEach(async () => {
  for (const user of [MANAGER, VIEWER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});
afterAll(async () => subject.close());

async function said(text: string, channel = '#acme-prod') {
  const outcome = await subject.control.say({ user: VIEWER, channel, text });
  expect(outcome.ok).toBe(true);
  return news(text.slice(0, 20)).catch(async () =>
    subject.control.waitForMessage((message) => message.text.includes(text.slice(0, 20))),
  );
}

test('the team that a message names is topped up from the menu of that message', async () => {
  const message = await said('acme-dev is nearly empty, help!');
  const { control } = subject;
  await control.shortcut({
    user: MANAGER,
    callbackId: 'top_up_message',
    messageStamp: message.stamp,
  });
  expect(textOf(await form('top_up'))).toContain('`acme-dev`');
  await control.submitView({ user: MANAGER, values: { credits: '25', reason: 'Asked for' } });
  await told('Added 25 credits to `acme-dev`');
  expect(await balanceOf(subject, 'acme-dev')).toBe(1_025_000_000n);
  await control.shortcut({
    user: VIEWER,
    callbackId: 'top_up_message',
    messageStamp: message.stamp,
  });
  await control.waitForView((view) => textOf(view).includes('needs the role *manager*'));
});

test('a team is created from the menu of shortcuts', async () => {
  await subject.control.shortcut({ user: MANAGER, callbackId: 'create_team' });
  expect((await form('create_team')).submit?.text).toBe('Create');
});

test('who names the bot and a team in a thread gets what may be done, alone', async () => {
  const root = await said('Does somebody know about credits?');
  await subject.control.say({
    user: MANAGER,
    channel: '#acme-prod',
    text: '@quartermaster what about acme-dev?',
    threadStamp: root.stamp,
  });
  const answer = await told('What about `acme-dev`');
  expect(answer).toMatchObject({ threadStamp: root.stamp, ephemeralFor: MANAGER });
  await press(answer, 'Usage');
  await told('Usage of acme-dev');
  await subject.control.say({
    user: MANAGER,
    channel: '#acme-prod',
    text: '@quartermaster team suspend acme-dev',
  });
  await press(await told('Shall I run'), 'Run it');
  await told('Suspend `acme-dev`');
});
