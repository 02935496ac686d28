import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRoles } from '../../src/bot/roles.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';

let workspace: RunningWorkspace;
let client: WebClient;
let now = 0;

beforeAll(async () => {
  workspace = await startWorkspace({ port: 0 });
  const slackApiUrl = `${workspace.url}/api/`;
  client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
});

beforeEach(() => {
  workspace.control.restore();
});

afterAll(async () => {
  await workspace.close();
});

const roles = { managers: ['S0MANAGERS'], approvers: ['U0APPROVER'], viewers: ['S0VIEWERS'] };
const book = () => createRoles(roles, client, () => now, pino({ level: 'silent' }));
const asked = () => workspace.control.everything().split('usergroups.users.list').length - 1;

test.each([
  ['U0MANAGER', 'manager', true],
  ['U0MANAGER', 'viewer', true],
  ['U0APPROVER', 'manager', false],
  ['U0APPROVER', 'viewer', true],
  ['U0VIEWER', 'approver', false],
  ['U0VIEWER', 'viewer', true],
  ['U0STRANGER', 'viewer', false],
  ['U0STRANGER', 'anyone', true],
] as const)('%s as %s: %s', async (user, needed, may) => {
  expect((await book().complaint(user, needed)) === undefined).toBe(may);
});

test('members of groups are asked of Slack once in 30 s', async () => {
  const kept = book();
  const before = asked();
  await kept.complaint('U0MANAGER', 'manager');
  await kept.complaint('U0MANAGER', 'manager');
  expect(asked()).toBe(before + 1);
  now += 30_001;
  await kept.complaint('U0MANAGER', 'manager');
  expect(asked()).toBe(before + 2);
});

test('while Slack cannot be asked, members of groups have no role, and are asked again after', async () => {
  const kept = book();
  workspace.control.outage({ status: 503, methods: ['usergroups.users.list'] });
  expect(await kept.complaint('U0MANAGER', 'manager')).toBeDefined();
  workspace.control.restore();
  expect(await kept.complaint('U0MANAGER', 'manager')).toBeUndefined();
});
