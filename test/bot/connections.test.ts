// The two ways from Slack to the bot, when they are abused and when they break.

import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createBot } from '../../src/bot/app.ts';
import { Secret } from '../../src/config/secret.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import { createAskedRequests } from '../../src/storage/asked-requests.ts';
import { createStores, MANAGER, ROLES, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form, seen } = people(() => subject);
const starting = async (mode: 'socket' | 'http') => {
  subject = await startBot({ mode });
  onTestFinished(async () => subject.close());
};

const MINUTE_S = 60;
const nowS = () => Math.floor(Date.now() / 1_000);

/** A command as Slack posts it, signed with this secret at this time. */
function signed(text: string, secret: string, timestampS: number) {
  const fields = {
    command: '/team',
    text,
    user_id: MANAGER,
    user_name: 'maya',
    team_id: 'T0LOCAL',
    channel_id: 'C0ACME',
    channel_name: 'acme-prod',
    trigger_id: `1.${timestampS}.${text.length}`,
    response_url: `${subject.workspace.url}/none`,
  };
  return signedForm(fields, secret, timestampS);
}

function signedForm(fields: Readonly<Record<string, string>>, secret: string, timestampS: number) {
  const body = new URLSearchParams(fields).toString();
  const hmac = createHmac('sha256', secret).update(`v0:${timestampS}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(timestampS),
    'x-slack-signature': `v0=${hmac}`,
  };
  return { body, headers };
}

const post = async (request: ReturnType<typeof signed>) =>
  (await fetch(subject.requestUrl ?? '', { method: 'POST', ...request })).status;

describe('signed requests', () => {
  test('are served once; a wrong signature, an old one and a replay are refused', async () => {
    await starting('http');
    expect(subject.bot.isUp()).toBe(true);
    await givenTeam(subject, 'acme-prod');
    const { signingSecret } = subject.workspace;
    const topUp = 'topup acme-prod 5 reason=Once';
    const good = signed(topUp, signingSecret, nowS());
    expect(await post(signed(topUp, 'of-another-workspace', nowS()))).toBe(401);
    expect(await post(signed(topUp, signingSecret, nowS() - 6 * MINUTE_S))).toBe(401);
    expect(await post({ ...good, body: good.body.replace('5', '500') })).toBe(401);
    expect(await post({ ...good, headers: { ...good.headers, 'x-slack-signature': '' } })).toBe(
      401,
    );
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_000_000_000n);
    expect(await post(good)).toBe(200);
    expect(await post(good)).toBe(401);
    expect(await Promise.all([1, 2, 3].map(async () => post(good)))).toEqual([401, 401, 401]);
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005_000_000n);
  });

  test('for the options of a menu are answered as often as they come, those of others never', async () => {
    await starting('http');
    await givenTeam(subject, 'acme-prod');
    const { signingSecret } = subject.workspace;
    await type('/team topup');
    await form('top_up');
    await subject.control.typeahead({ user: MANAGER, actionId: 'team', query: 'acme' });
    const suggestion = subject.control.envelopes().at(-1)?.payload;
    const asking = { payload: JSON.stringify(suggestion) };
    const asked = signedForm(asking, signingSecret, nowS());
    const options = async () => {
      const answer = await fetch(subject.requestUrl ?? '', { method: 'POST', ...asked });
      return { status: answer.status, text: await answer.text() };
    };
    const first = await options();
    expect(first).toEqual({ status: 200, text: expect.stringContaining('acme-prod') });
    expect(await Promise.all([options(), options()])).toEqual([first, first]);
    expect(await post({ ...asked, body: asked.body.replace('acme', 'evil') })).toBe(401);
    expect(await post(asked)).toBe(200);
    const other = {
      payload: JSON.stringify({ ...suggestion, type: 'block_actions', actions: [] }),
    };
    const acting = signedForm(other, signingSecret, nowS());
    const statuses = await Promise.all([1, 2].map(async () => post(acting)));
    expect(statuses).toContain(401);
  });

  test('of which many come at once, one is served', async () => {
    await starting('http');
    await givenTeam(subject, 'acme-prod');
    const request = signed('topup acme-prod 7 reason=x', subject.workspace.signingSecret, nowS());
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => post(request)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_007_000_000n);
  });

  test('that Slack sends again are no replay: the same request under a new signature', async () => {
    await starting('http');
    await givenTeam(subject, 'acme-prod');
    await type('/team topup acme-prod 5 reason=Twice');
    await told('Added 5 credits');
    expect(await subject.control.redeliver()).toMatchObject({ outcome: 'acknowledged' });
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005_000_000n);
  });
});

/** Until the bot has another socket than the one that was closed. */
async function reconnected() {
  await subject.control.waitForConnection({ connections: 0 });
  await subject.control.waitForConnection({ connections: 1, timeoutMs: 20_000 });
}

/** Has whoever reads the accounts wait, until it is let go. */
async function heldUp(table: string) {
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holding = subject.postgres.$transaction(
    async (scope) => {
      await scope.$executeRawUnsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      locked.resolve();
      await release.promise;
    },
    { timeout: 30_000 },
  );
  await locked.promise;
  return async () => {
    release.resolve();
    await holding;
  };
}

describe('a socket', () => {
  test('that closes in the middle of a command loses nothing, and the command once more does nothing', async () => {
    await starting('socket');
    await givenTeam(subject, 'acme-prod');
    const letGo = await heldUp('credit_accounts');
    await type('/team topup acme-prod 5 reason=Cut');
    subject.control.refreshConnections();
    await reconnected();
    await subject.control.redeliver();
    await letGo();
    await told('Added 5 credits to `acme-prod`');
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005_000_000n);
    expect(seen(MANAGER).filter((m) => textOf(m).includes('Added 5 credits'))).toHaveLength(1);
  });

  test('that closes in the middle of a form leaves the form usable', async () => {
    await starting('socket');
    await givenTeam(subject, 'acme-prod');
    await type('/team topup acme-prod');
    await form('top_up');
    subject.control.refreshConnections();
    await reconnected();
    const values = { credits: '5', reason: 'After' };
    expect(await subject.control.submitView({ user: MANAGER, values })).toMatchObject({ ok: true });
    await told('Added 5 credits to `acme-prod`');
    await subject.control.redeliver();
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005_000_000n);
  });

  test('that Slack ends comes back by itself', async () => {
    await starting('socket');
    const { control, bot } = subject;
    control.refreshConnections();
    await control.waitForConnection({ connections: 0 });
    await control.waitForConnection({ connections: 1 });
    await type('/team');
    await told('What /team can do');
    expect(bot.isUp()).toBe(true);
    await bot.stop();
    expect(bot.isUp()).toBe(false);
  });

  test('that is being opened does not keep the bot from stopping', async () => {
    await starting('socket');
    const { control, bot } = subject;
    control.refreshConnections();
    while (bot.isUp()) {
      await setImmediate();
    }
    await bot.stop();
    expect(bot.isUp()).toBe(false);
  });
});

test.each([
  ['bot', 'xoxb-wrong', undefined],
  ['app', undefined, 'xapp-wrong'],
])('a wrong %s token ends the start with what Slack says', async (_, botToken, appToken) => {
  const [kept, workspace] = await Promise.all([createStores(), startWorkspace({ port: 0 })]);
  const bot = createBot({
    slack: {
      botToken: new Secret(botToken ?? workspace.botToken),
      appToken: new Secret(appToken ?? workspace.appToken),
      signingSecret: undefined,
      apiUrl: `${workspace.url}/api/`,
      mode: 'socket',
      httpPort: 0,
    },
    roles: ROLES,
    stores: kept.stores,
    publicUrl: 'http://127.0.0.1:4000',
    askedRequests: createAskedRequests(kept.gate.connection.redis, kept.namespace),
    log: pino({ level: 'silent' }),
  });
  try {
    await expect(bot.start()).rejects.toThrow('invalid_auth');
  } finally {
    await bot.stop();
    await workspace.close();
    await kept.close();
  }
});
