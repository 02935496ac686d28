import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { httpApp } from './slack-app.ts';

let workspace: RunningWorkspace;
let app: App;
let requestUrl: string;

beforeEach(async () => {
  workspace = await startWorkspace({ port: 0, commands: ['/credits', '/echo'] });
  app = httpApp(workspace);
  const server = await app.start(0);
  const { port } = server.address() as AddressInfo;
  requestUrl = `http://127.0.0.1:${port}/slack/events`;
  workspace.control.useRequestUrl(requestUrl);
});

afterEach(async () => {
  await workspace.close();
  await app.stop();
});

test('signed requests carry command, typeahead, submission and click to an app behind HTTP', async () => {
  const { control } = workspace;
  await control.command({ user: 'U0MANAGER', channel: 'acme-prod', text: '/credits' });
  await control.waitForView((view) => view.callbackId === 'credits');
  const values = { amount: { amount: 250 }, team: { team: 'globex' } };
  expect(await control.submitView({ user: 'U0MANAGER', values })).toMatchObject({ ok: true });
  const message = await control.waitForMessage((one) => one.text === '250 credits for globex?');
  await control.click({ user: 'U0APPROVER', messageStamp: message.stamp, actionId: 'approve' });
  await control.waitForMessage((one) => one.text === 'Approved by <@U0APPROVER>');
  await control.openHome({ user: 'U0VIEWER' });
  await control.waitForHome((view) => view.userId === 'U0VIEWER');
});

test('a text acknowledged over HTTP is shown to the person alone', async () => {
  app.command('/echo', async ({ ack, command }) => ack(`You said ${command.text}`));
  const outcome = await workspace.control.command({
    user: 'U0VIEWER',
    channel: 'general',
    text: '/echo  two  words ',
  });
  expect(outcome.message).toMatchObject({ text: 'You said two  words', ephemeralFor: 'U0VIEWER' });
});

test('an app refuses requests that another workspace signed, and the person is told', async () => {
  const stranger = await startWorkspace({ port: 0, commands: ['/echo'] });
  try {
    stranger.control.useRequestUrl(requestUrl);
    const outcome = await stranger.control.command({
      user: 'U0VIEWER',
      channel: 'general',
      text: '/echo x',
    });
    expect(outcome).toMatchObject({ ok: false, error: 'dispatch_failed' });
  } finally {
    await stranger.close();
  }
});

test('an event that is answered with an error is sent again with the retry headers', async () => {
  const seen: (string | undefined)[] = [];
  const second = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    seen.push(
      `${String(request.headers['x-slack-retry-num'])} ${String(request.headers['x-slack-retry-reason'])}`,
    );
    response.writeHead(seen.length === 1 ? 500 : 200).end();
    if (seen.length === 2) {
      second.resolve();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    workspace.control.useRequestUrl(`http://127.0.0.1:${port}/`);
    const outcome = await workspace.control.openHome({ user: 'U0VIEWER' });
    expect(outcome.ok).toBe(false);
    await second.promise;
    expect(seen).toEqual(['undefined undefined', '1 http_error']);
  } finally {
    server.close();
  }
});
