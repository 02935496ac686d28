// The bot's process is killed while people wait. Another one, which was there all along, tells each of them once what
// became of it; while the first one lives, it tells nobody anything.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellBrokenOff } from '../../src/core/asking/asked-request.ts';
import { createAskedRequests } from '../../src/storage/asked-requests.ts';
import { startInterceptor } from '../support/interceptor.ts';
import type { Interceptor } from '../support/interceptor.ts';
import { configFile, startChild } from '../support/processes.ts';
import type { Child } from '../support/processes.ts';
import { commitOfEntry } from '../support/wire.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { balanceOf, givenTeam } from './person.ts';

const CREDIT = 1_000_000n;
/** As long as a process is believed to be alive, and time for a slow machine. */
const NOTICED_WITHIN_MS = 40_000;

const CONFIG = `
models:
  gpt-4o: { price: { input: 1, output: 2 }, max_output_tokens: 100, deployments: [{ base_url: "http://127.0.0.1:1" }] }
access_groups:
  gpt-models: { models: [gpt-4o] }
slack: { roles: { managers: [${MANAGER}, ${APPROVER}, ${VIEWER}], approvers: [], viewers: [] } }
`;

let subject: BotUnderTest;
let desk: Desk;
let door: Interceptor;
let child: Child;

beforeAll(async () => {
  let databaseUrl = '';
  // What lives on hears signed requests; what is to be killed has the socket, by which people are heard then.
  subject = await startBot({
    mode: 'http',
    roles: { managers: [MANAGER, APPROVER, VIEWER], approvers: [], viewers: [] },
    through: async (url) => (databaseUrl = url),
  });
  subject.control.useRequestUrl(undefined);
  desk = createDesk(subject);
  door = await startInterceptor(databaseUrl);
  const { workspace } = subject;
  child = await startChild('src/main.ts', ['--roles', 'bot'], {
    DATABASE_URL: door.url,
    REDIS_URL: subject.redisUrl,
    QUARTERMASTER_GATE_NAMESPACE: subject.namespace,
    QUARTERMASTER_CONFIG: await configFile(CONFIG),
    QUARTERMASTER_ADMIN_KEY: 'sk-admin-0123456789abcdef',
    QUARTERMASTER_KEY_PEPPER: 'pepper-for-tests',
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
    SLACK_API_URL: `${workspace.url}/api/`,
  });
});
afterAll(async () => {
  await child.kill9();
  await subject.close();
  await door.close();
});

/** Whoever wants to change the balance of a team waits, until it is let go. */
async function heldUp(teamId: string) {
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holding = subject.postgres.$transaction(
    async (scope) => {
      await scope.$executeRaw`SELECT 1 FROM credit_accounts WHERE team_id = ${teamId} FOR UPDATE`;
      locked.resolve();
      await release.promise;
    },
    { timeout: 60_000 },
  );
  await locked.promise;
  return async () => {
    release.resolve();
    await holding;
  };
}

const brokenOff = async () =>
  subject.postgres.channelPost.findMany({ where: { kind: 'request.broken_off' } });
const toldOf = (user: string, part: string) =>
  subject.control.messages({ channel: user }).filter((message) => textOf(message).includes(part));
const STOPPED = 'I was stopped';

test('who waits when the bot is killed is told once what became of it, and can ask for the same again', async () => {
  await givenTeam(subject, 'acme-undone');
  await givenTeam(subject, 'acme-saved');
  const letGo = await heldUp('acme-undone');
  await desk.type('/team topup acme-undone', VIEWER);
  const { id: viewId } = await desk.form('top_up', VIEWER);
  const values = { credits: '30', reason: 'form' };
  const sending = subject.control.submitView({ user: VIEWER, viewId, values });
  await desk.type('/team topup acme-undone 5 reason=x');
  await desk.told('Working on it');
  await sending;
  const committed = door.trap(commitOfEntry, 'after');
  await desk.type('/team topup acme-saved 7 reason=x', APPROVER);
  await committed;
  expect(await brokenOff()).toEqual([]);

  await child.kill9();
  await letGo();
  const undone = await subject.control.waitForMessage(
    (message) => textOf(message).includes('*It was not done.*'),
    { timeoutMs: NOTICED_WITHIN_MS },
  );
  const said = async (user: string) =>
    desk.waitFor(() => toldOf(user, STOPPED)[0], { what: 'the others to be told' });
  expect(textOf(await said(MANAGER))).toContain('`/team topup acme-undone 5 reason=x`');
  expect(textOf(await said(APPROVER))).toContain('*It is saved.*');
  expect(textOf(await said(VIEWER))).toContain('the form that you sent (');
  expect(await balanceOf(subject, 'acme-undone')).toBe(1_000n * CREDIT);
  expect(await balanceOf(subject, 'acme-saved')).toBe(1_007n * CREDIT);

  subject.control.useRequestUrl(subject.requestUrl);
  await desk.press(undone, 'Do it now');
  await subject.control.waitForMessage((message) =>
    textOf(message).includes('Added 5 credits to `acme-undone`'),
  );
  await desk.press(undone, 'Do it now');
  await subject.idle();
  expect(await balanceOf(subject, 'acme-undone')).toBe(1_005n * CREDIT);
  expect(await brokenOff()).toHaveLength(3);
});

test('ten that find the same request tell of it once, and nobody finds it after', async () => {
  const requests = createAskedRequests(subject.gate.connection.redis, subject.namespace);
  const request = {
    id: 'found-by-ten',
    userId: MANAGER,
    channelId: undefined,
    text: '/team list',
    onceId: 'x',
    askedAtMs: Date.now(),
  };
  await requests.begin('nobody', request);
  expect(await requests.deserted()).toMatchObject([{ id: 'found-by-ten' }]);
  const before = (await brokenOff()).length;
  const told = await Promise.all(
    Array.from({ length: 10 }, async () => tellBrokenOff(subject.stores, requests, request)),
  );
  expect(told.filter(Boolean).length).toBeLessThanOrEqual(1);
  expect(await brokenOff()).toHaveLength(before + 1);
  expect(await requests.deserted()).toEqual([]);
});
