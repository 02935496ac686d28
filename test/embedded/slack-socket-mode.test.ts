import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { quicklyReconnectingApp, socketApp } from './slack-app.ts';

let workspace: RunningWorkspace;
let app: App;

beforeEach(async () => {
  workspace = await startWorkspace({ port: 0, commands: ['/credits', '/slow', '/echo'] });
  app = socketApp(workspace);
  await app.start();
});

afterEach(async () => {
  await app.stop();
  await workspace.close();
});

test('a command leads over a modal to a message that one of two people decides', async () => {
  const { control } = workspace;
  const typed = await control.command({
    user: 'U0MANAGER',
    channel: '#acme-prod',
    text: '/credits',
  });
  expect(typed).toMatchObject({ ok: true });
  await control.waitForView((view) => view.callbackId === 'credits');

  const empty = await control.submitView({ user: 'U0MANAGER', values: { amount: '' } });
  expect(empty.errors).toEqual({
    amount: 'Please complete this required field.',
    team: 'Please complete this required field.',
  });
  const offered = await control.typeahead({ user: 'U0MANAGER', actionId: 'team', query: 'acme' });
  expect(offered.options.map((option) => option.value)).toEqual(['acme-prod', 'acme-test']);

  const values = { amount: 5_000, team: 'acme-prod' };
  const refused = await control.submitView({ user: 'U0MANAGER', values });
  expect(refused).toMatchObject({ ok: false, errors: { amount: 'At most 1000.' } });
  expect(control.views({ user: 'U0MANAGER' })).toHaveLength(1);

  const accepted = await control.submitView({ user: 'U0MANAGER', values: { amount: '500' } });
  expect(accepted.ok).toBe(true);
  expect(control.views({ user: 'U0MANAGER' })).toEqual([]);

  const message = await control.waitForMessage((one) => one.text === '500 credits for acme-prod?');
  const clicks = ['U0APPROVER', 'U0MANAGER'].map((user) =>
    control.click({ user, message, actionId: 'approve' }),
  );
  await Promise.all(clicks);
  await control.waitForMessage((one) => one.text.startsWith('Approved by') && one.edited);
  const second = await control.waitForMessage((one) => one.text.startsWith('Already approved'));
  expect(second.ephemeralFor).toBeDefined();
  const others = second.ephemeralFor === 'U0MANAGER' ? 'U0APPROVER' : 'U0MANAGER';
  const seen = control.messages({ channel: 'C0OPS', user: others });
  expect(seen.map((one) => one.stamp)).not.toContain(second.stamp);
});

test('a command that is acknowledged late is told to the person, and the answer is not shown', async () => {
  const acknowledged = Promise.withResolvers<void>();
  app.command('/slow', async ({ ack }) => {
    await acknowledged.promise;
    await ack('too late');
  });
  const outcome = await workspace.control.command({
    user: 'U0VIEWER',
    channel: 'general',
    text: '/slow',
  });
  expect(outcome).toMatchObject({ ok: false, error: 'operation_timeout' });
  acknowledged.resolve();
  const seen = workspace.control.messages({ channel: 'general', user: 'U0VIEWER' });
  expect(seen.map((one) => one.text)).toEqual([
    '`/slow` failed with the error "operation_timeout"',
  ]);
  expect(workspace.control.messages({ channel: 'general', user: 'U0MANAGER' })).toEqual([]);
});

test('an unknown command is answered by Slackbot and does not reach the app', async () => {
  const outcome = await workspace.control.command({
    user: 'U0VIEWER',
    channel: 'general',
    text: '/nope now',
  });
  expect(outcome).toMatchObject({ ok: false, error: 'not_a_command' });
  expect(outcome.sentence).toContain('`/nope` is not a valid command');
  expect(workspace.control.envelopes()).toEqual([]);
});

test('mentions, channels and links in a command arrive escaped, with their ids', async () => {
  app.command('/echo', async ({ ack, command }) => ack(command.text));
  const outcome = await workspace.control.command({
    user: 'U0VIEWER',
    channel: 'general',
    text: '/echo @omar #acme-prod a<b & maya@northwind.example https://a.example/x?y=1',
  });
  expect(outcome.ack).toEqual({
    text: '<@U0APPROVER|omar> <#C0ACME|acme-prod> a&lt;b &amp; <mailto:maya@northwind.example|maya@northwind.example> <https://a.example/x?y=1>',
  });
  expect(outcome.message?.ephemeralFor).toBe('U0VIEWER');
});

test('a redelivered envelope reaches the app as it was', async () => {
  const texts: string[] = [];
  app.command('/echo', async ({ ack, command }) => {
    texts.push(`${command.trigger_id} ${command.text}`);
    await ack();
  });
  await workspace.control.command({ user: 'U0VIEWER', channel: 'general', text: '/echo once' });
  const receipt = await workspace.control.redeliver();
  expect(receipt.outcome).toBe('acknowledged');
  expect(texts).toHaveLength(2);
  expect(texts[0]).toBe(texts[1]);
});

test('the home tab is published when a person opens it, and a mention is answered in its thread', async () => {
  const { control } = workspace;
  await control.openHome({ user: 'U0MANAGER' });
  const home = await control.waitForHome((view) => view.userId === 'U0MANAGER');
  expect(home.blocks[0]?.text?.text).toBe('Your teams');
  const said = await control.say({
    user: 'U0MANAGER',
    channel: 'general',
    text: '@quartermaster hi',
  });
  const answer = await control.waitForMessage((one) => one.text === 'At your service');
  expect(answer.threadStamp).toBe(said.message?.stamp);
});

test('an app that is asked to reconnect comes back and is served again', async () => {
  const { control } = workspace;
  await app.stop();
  await control.waitForConnection({ connections: 0 });
  app = quicklyReconnectingApp(workspace);
  await app.start();
  control.refreshConnections();
  await control.waitForConnection({ connections: 0 });
  await control.waitForConnection({ connections: 1 });
  const typed = await control.command({ user: 'U0MANAGER', channel: 'general', text: '/credits' });
  expect(typed.ok).toBe(true);
  await control.waitForView((one) => one.callbackId === 'credits');
});

test('a closed modal is told to the app that asked for it, and several views are a stack', async () => {
  const { control } = workspace;
  const closed = Promise.withResolvers<string>();
  app.view({ callback_id: 'credits', type: 'view_closed' }, async ({ ack, body }) => {
    await ack();
    closed.resolve(body.view.callback_id);
  });
  await control.command({ user: 'U0MANAGER', channel: 'general', text: '/credits' });
  const view = await control.waitForView((one) => one.callbackId === 'credits');
  await control.closeView({ user: 'U0MANAGER', viewId: view.id });
  expect(await closed.promise).toBe('credits');
  expect(control.views({ user: 'U0MANAGER' })).toEqual([]);
});
