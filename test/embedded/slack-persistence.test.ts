import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workspace-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('messages, home tabs and credentials survive a restart; ephemeral messages do not', async () => {
  const dataFile = join(folder, 'kept', 'workspace.json');
  const first = await startWorkspace({ port: 0, dataFile });
  const client = new WebClient(first.botToken, { slackApiUrl: `${first.url}/api/` });
  await client.chat.postMessage({ channel: 'C0ACME', text: 'kept' });
  await client.chat.postEphemeral({ channel: 'C0ACME', user: 'U0VIEWER', text: 'gone' });
  await client.views.publish({ user_id: 'U0VIEWER', view: { type: 'home', blocks: [] } });
  await first.close();

  const second = await startWorkspace({ port: 0, dataFile });
  try {
    expect(second.botToken).toBe(first.botToken);
    const messages = second.control.messages({ channel: 'C0ACME', user: 'U0VIEWER' });
    expect(messages.map((message) => message.text)).toEqual(['kept']);
    expect(second.control.home({ user: 'U0VIEWER' })).toBeDefined();
    const next = await second.control.say({ user: 'U0VIEWER', channel: 'C0ACME', text: 'new' });
    expect((next.message?.stamp ?? '') > (messages[0]?.stamp ?? '')).toBe(true);
  } finally {
    await second.close();
  }
});

test('a data file of something else is left alone and named', async () => {
  const dataFile = join(folder, 'other.json');
  await writeFile(dataFile, '{"version": 9}');
  await expect(startWorkspace({ port: 0, dataFile })).rejects.toThrow(dataFile);
  expect(await readFile(dataFile, 'utf8')).toBe('{"version": 9}');
});

test('as a process it tells its credentials by message and ends well on SIGTERM', async () => {
  const file = new URL('../../src/embedded/slack/main.ts', import.meta.url);
  const dataFile = join(folder, 'workspace.json');
  const child = fork(file, ['--port', '0', '--data', dataFile], { stdio: 'ignore' });
  const [ready] = (await once(child, 'message')) as [Record<string, string | boolean>];
  expect(ready).toMatchObject({ ready: true, role: 'workspace' });
  expect(ready['botToken']).toMatch(/^xoxb-/u);
  expect(ready['appToken']).toMatch(/^xapp-/u);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(JSON.parse(await readFile(dataFile, 'utf8'))).toMatchObject({
    botToken: ready['botToken'],
  });
});
