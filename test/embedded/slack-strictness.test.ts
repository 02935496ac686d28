import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWorkspace, type RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { creditModal } from './slack-app.ts';

let workspace: RunningWorkspace;
let client: WebClient;
let nowMs: number;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-20T10:00:00Z');
  workspace = await startWorkspace({ port: 0, now: () => nowMs });
  client = clientWith(workspace.botToken);
});

afterEach(async () => {
  await workspace.close();
});

function clientWith(slackToken: string): WebClient {
  return new WebClient(slackToken, {
    slackApiUrl: `${workspace.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

async function refusal(call: Promise<unknown>): Promise<Record<string, unknown>> {
  return call.then(
    () => ({ error: 'accepted' }),
    (thrown: { data?: Record<string, unknown> }) =>
      thrown.data ?? { error: 'not refused by Slack' },
  );
}

/** Types a command that nobody answers, and hands on what the app would have got. */
async function commandPayload(): Promise<{ trigger_id: string; response_url: string }> {
  const typed = workspace.control.command({
    user: 'U0MANAGER',
    channel: 'general',
    text: '/team list',
  });
  const outcome = await typed;
  expect(outcome.error).toBe('dispatch_failed');
  const payload = workspace.control.envelopes().at(-1)?.payload;
  return payload as { trigger_id: string; response_url: string };
}

describe('credentials', () => {
  test('a wrong one, a missing one and one of the other kind are told apart', async () => {
    expect(await refusal(clientWith('xoxb-wrong').auth.test())).toMatchObject({
      error: 'invalid_auth',
    });
    expect(await refusal(clientWith(workspace.appToken).auth.test())).toMatchObject({
      error: 'not_allowed_token_type',
    });
    const bare = await fetch(`${workspace.url}/api/auth.test`, { method: 'POST' });
    expect(await bare.json()).toMatchObject({ ok: false, error: 'not_authed' });
  });

  test('the bot learns who and where it is', async () => {
    expect(await client.auth.test()).toMatchObject({
      team_id: 'T0LOCAL',
      team: 'Northwind AI',
      user_id: 'U0QUARTER',
      bot_id: 'B0QUARTER',
    });
  });
});

describe('methods', () => {
  test('unknown methods, arguments and channels are refused by name', async () => {
    expect(await refusal(client.apiCall('chat.shout'))).toMatchObject({ error: 'unknown_method' });
    expect(
      await refusal(
        client.apiCall('chat.postMessage', { channel: 'C0ACME', text: 'x', colour: 1 }),
      ),
    ).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] unknown argument: colour'] },
    });
    expect(
      await refusal(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })),
    ).toMatchObject({ error: 'channel_not_found' });
  });

  test('a text above 40,000 characters, or none, is refused', async () => {
    const long = { channel: 'C0ACME', text: 'x'.repeat(40_001) };
    expect(await refusal(client.chat.postMessage(long))).toMatchObject({ error: 'msg_too_long' });
    expect(await refusal(client.chat.postMessage({ channel: 'C0ACME', text: '' }))).toMatchObject({
      error: 'no_text',
    });
  });

  test('faulty blocks are refused, each fault with its place', async () => {
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } },
      { type: 'sektion' },
      { type: 'header', text: { type: 'plain_text', text: 'Fine' }, color: 'red' },
      { type: 'actions', elements: [{ type: 'button', text: { type: 'mrkdwn', text: 'No' } }] },
    ];
    const refused = await refusal(
      client.apiCall('chat.postMessage', { channel: 'C0ACME', text: 'x', blocks }),
    );
    expect(refused).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: {
        messages: [
          '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
          '[ERROR] unsupported type [json-pointer:/blocks/1/type]',
          '[ERROR] invalid additional property: color [json-pointer:/blocks/2]',
          '[ERROR] must be one of: plain_text [json-pointer:/blocks/3/elements/0/text/type]',
        ],
      },
    });
  });

  test('51 blocks, a block_id used twice and a choice that is not offered are refused', async () => {
    const many = Array.from({ length: 51 }, () => ({ type: 'divider' as const }));
    expect(
      await refusal(client.chat.postMessage({ channel: 'C0ACME', text: 'x', blocks: many })),
    ).toMatchObject({
      response_metadata: {
        messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'],
      },
    });
    const twice = [
      { type: 'divider' as const, block_id: 'a' },
      { type: 'divider' as const, block_id: 'a' },
    ];
    expect(
      await refusal(client.chat.postMessage({ channel: 'C0ACME', text: 'x', blocks: twice })),
    ).toMatchObject({ error: 'invalid_blocks' });
  });

  test('the bot edits and deletes its own messages alone', async () => {
    const said = await workspace.control.say({
      user: 'U0VIEWER',
      channel: 'C0ACME',
      text: 'hello',
    });
    const ts = said.message?.stamp ?? '';
    expect(
      await refusal(client.chat.update({ channel: 'C0ACME', ts, text: 'mine' })),
    ).toMatchObject({ error: 'cant_update_message' });
    const posted = await client.chat.postMessage({ channel: 'C0ACME', text: 'one' });
    const at = { channel: 'C0ACME', ts: posted.ts ?? '' };
    await client.chat.update({ ...at, text: 'two' });
    const history = await client.conversations.history({ channel: 'C0ACME' });
    expect(history.messages?.map((message) => message.text)).toEqual(['two', 'hello']);
    await client.chat.delete(at);
    expect(workspace.control.messages({ channel: 'C0ACME' })).toHaveLength(1);
  });

  test('an uploaded file is shared in its channel and can be read', async () => {
    await client.files.uploadV2({
      channel_id: 'C0ACME',
      filename: 'usage.csv',
      content: 'day,credits\n1,5\n',
      initial_comment: 'Usage',
    });
    const [message] = workspace.control.messages({ channel: 'C0ACME' });
    const address = String(message?.files[0]?.['url_private']);
    expect(await (await fetch(address)).text()).toBe('day,credits\n1,5\n');
    expect(workspace.control.everything()).toContain('day,credits');
  });

  test('an outage is met as often as asked, with the pause to make', async () => {
    workspace.control.outage({ status: 429, retryAfterSeconds: 7, count: 1 });
    const limited = client.chat.postMessage({ channel: 'C0ACME', text: 'x' });
    await expect(limited).rejects.toMatchObject({ retryAfter: 7 });
    await client.chat.postMessage({ channel: 'C0ACME', text: 'x' });
  });
});

describe('passes', () => {
  test('a trigger opens one modal, within 3 s', async () => {
    const first = await commandPayload();
    await client.views.open({ trigger_id: first.trigger_id, view: creditModal() });
    expect(
      await refusal(client.views.open({ trigger_id: first.trigger_id, view: creditModal() })),
    ).toMatchObject({ error: 'exchanged_trigger_id' });
    const second = await commandPayload();
    nowMs += 3_001;
    expect(
      await refusal(client.views.open({ trigger_id: second.trigger_id, view: creditModal() })),
    ).toMatchObject({ error: 'expired_trigger_id' });
  });

  test('a view is refused with the place of its fault, and with a stale hash', async () => {
    const { trigger_id } = await commandPayload();
    const long = { type: 'plain_text' as const, text: 'a title of 25 characters!' };
    expect(
      await refusal(client.views.open({ trigger_id, view: { ...creditModal(), title: long } })),
    ).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    });
    const opened = await client.views.open({ trigger_id, view: creditModal() });
    const view_id = opened.view?.id ?? '';
    const hash = opened.view?.hash ?? '';
    await client.views.update({ view_id, hash, view: creditModal() });
    expect(
      await refusal(client.views.update({ view_id, hash, view: creditModal() })),
    ).toMatchObject({ error: 'hash_conflict' });
  });

  test('a response address serves five times within 30 minutes', async () => {
    const { response_url: responseUrl } = await commandPayload();
    const answer = (text: string) =>
      fetch(responseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, replace_original: true }),
      });
    for (const text of ['1', '2', '3', '4', '5']) {
      expect((await answer(text)).status).toBe(200);
    }
    const sixth = await answer('6');
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
    const shown = workspace.control.messages({ channel: 'general', user: 'U0MANAGER' });
    expect(shown.filter((one) => one.fromBot).map((one) => one.text)).toEqual(['5']);

    const { response_url: another } = await commandPayload();
    nowMs += 30 * 60_000 + 1;
    const late = await fetch(another, { method: 'POST' });
    expect(late.status).toBe(404);
  });
});

describe('the page', () => {
  test('its endpoints refuse requests of other sites and of rebound names', async () => {
    const act = `${workspace.url}/local/act/say`;
    const body = JSON.stringify({ user: 'U0VIEWER', channel: 'general', text: 'x' });
    const headers = { 'content-type': 'application/json' };
    const foreign = { ...headers, origin: 'https://evil.example' };
    expect((await fetch(act, { method: 'POST', body, headers: foreign })).status).toBe(403);
    const form = { 'content-type': 'text/plain' };
    expect((await fetch(act, { method: 'POST', body, headers: form })).status).toBe(415);
    expect((await fetch(act, { method: 'POST', body, headers })).status).toBe(200);
    expect(await statusWithHost('evil.example')).toBe(421);
    expect(await statusWithHost(new URL(workspace.url).host)).toBe(200);
  });

  test('a workspace never listens beyond this machine', async () => {
    await expect(startWorkspace({ port: 0, host: '0.0.0.0' })).rejects.toThrow(
      'it trusts whoever reaches it',
    );
  });
});

async function statusWithHost(host: string): Promise<number | undefined> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request(`${workspace.url}/local/state`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
    sent.end();
  });
}
