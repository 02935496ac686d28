// Anthropic's Messages API beside OpenAI's: which model is served by which route, what is refused before anybody is
// asked, and what stands in answers.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { updateKey } from '../../src/core/keys/update-key.ts';
import { updateTeam } from '../../src/core/teams/update-team.ts';
import { setCeilings } from '../support/field-scene.ts';
import { faults } from '../support/quartermaster.ts';
import { plainly, openMessages } from './messages/scene.ts';
import type { delta, MessagesScene, USAGE } from './messages/scene.ts';

let scene: MessagesScene;
beforeAll(async () => {
  scene = await openMessages();
});
beforeEach(() => {
  scene.provider.asked = [];
});
afterAll(async () => scene.close());

describe('what is served in one dialect is not served in the other', () => {
  test('and each refusal names the route that is', async () => {
    const { secretKey } = await scene.qm.team();
    const wrong = await scene.call(secretKey, { model: 'gpt-4o' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      error: {
        code: 'dialect_not_served',
        message: expect.stringContaining('POST /v1/chat/completions'),
      },
    });
    const other = await scene.qm.call(secretKey, { model: 'claude-sonnet-4-5' });
    expect(await other.json()).toMatchObject({
      error: {
        code: 'dialect_not_served',
        message: expect.stringContaining('POST /v1/messages'),
      },
    });
    expect(scene.provider.asked).toEqual([]);
  });

  test('a name that the team gave to a model of this dialect serves at once', async () => {
    scene.provider.answer = plainly;
    const { id, secretKey } = await scene.qm.team();
    expect((await scene.call(secretKey, { model: 'gpt-4o' })).status).toBe(400);
    await updateTeam(scene.qm.stores, SYSTEM, id, {
      modelAliases: { 'gpt-4o': 'claude-sonnet-4-5' },
    });
    expect((await scene.call(secretKey, { model: 'gpt-4o' })).status).toBe(200);
    expect((await scene.qm.call(secretKey, { model: 'gpt-4o' })).status).toBe(400);
  });

  test('a model of both takes each by its own route', async () => {
    const { secretKey } = await scene.qm.team();
    const one = await scene.call(secretKey, { model: 'demo' });
    expect(await one.json()).toMatchObject({ type: 'message', role: 'assistant' });
    const other = await scene.qm.call(secretKey, { model: 'demo' });
    expect(await other.json()).toMatchObject({ object: 'chat.completion' });
  });
});

test('the demo provider streams the text of its plain answer, and counts what is written to the cache', async () => {
  const team = await scene.byConsumption();
  const system = [
    {
      type: 'text',
      text: 'You tell short stories',
      cache_control: { type: 'ephemeral', ttl: '1h' },
    },
    { type: 'text', text: 'Of the sea', cache_control: { type: 'ephemeral' } },
  ];
  const response = await scene.call(team.secretKey, { model: 'demo', system });
  const plain = (await response.json()) as { content: { text: string }[]; usage: typeof USAGE };
  expect(plain.usage.cache_creation.ephemeral_1h_input_tokens).toBeGreaterThan(0);
  expect(plain.usage.cache_creation.ephemeral_5m_input_tokens).toBeGreaterThan(0);
  const stream = await (
    await scene.call(team.secretKey, { model: 'demo', system, stream: true })
  ).text();
  const said = stream
    .split('\n')
    .filter((line) => line.includes('text_delta'))
    .map((line) => (JSON.parse(line.slice(6)) as ReturnType<typeof delta>).delta.text);
  expect(said.join('')).toBe(plain.content[0]?.text);
  expect(stream.trimEnd().endsWith('data: {"type":"message_stop"}')).toBe(true);
});

test.each([
  ['is missing', undefined],
  ['is null', null],
  ['is 0', 0],
  ['is a text', '100'],
  ['is no whole number', 1.5],
])('max_tokens that %s is refused before anybody is asked', async (_, value) => {
  const { secretKey } = await scene.qm.team();
  const response = await scene.call(secretKey, { max_tokens: value });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(await response.json()).toMatchObject({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      code: 'parameter_invalid',
      message: expect.stringContaining('max_tokens'),
    },
  });
  expect(scene.provider.asked).toEqual([]);
});

test('a header that is no header is refused, and never sent on', async () => {
  const { secretKey } = await scene.qm.team();
  const response = await scene.call(
    secretKey,
    {},
    { 'x-api-key': secretKey, 'anthropic-beta': 'ä' },
  );
  expect(await response.json()).toMatchObject({ error: { code: 'parameter_invalid' } });
});

test('what is left of limits stands in the headers of an answer', async () => {
  scene.provider.answer = plainly;
  const { id, secretKey } = await scene.qm.team();
  await setCeilings(
    scene.qm,
    { kind: 'team', teamId: id },
    {
      set: 'limit',
      kind: 'requests',
      model: null,
      max: 5,
    },
  );
  const { headers } = await scene.call(secretKey);
  expect(headers.get('x-ratelimit-limit-requests')).toBe('5');
  expect(headers.get('x-ratelimit-remaining-requests')).toBe('4');
});

test('a key can be confined to this endpoint', async () => {
  scene.provider.answer = plainly;
  const { keyId, secretKey } = await scene.qm.team();
  await updateKey(scene.qm.stores, SYSTEM, keyId, { endpoints: ['messages'] });
  expect((await scene.call(secretKey)).status).toBe(200);
  expect((await scene.qm.call(secretKey)).status).toBe(403);
});

test('a plain call that fails upstream names itself, and costs nothing', async () => {
  scene.provider.answer = (res) =>
    void res.writeHead(400, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        type: 'error',
        error: { type: 'invalid_request_error', message: 'messages: roles must alternate' },
      }),
    );
  const team = await scene.qm.team();
  const response = await scene.call(team.secretKey);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 'upstream_refused', message: expect.stringContaining('roles must alternate') },
    request_id: response.headers.get('x-quartermaster-call'),
  });
  expect(await scene.balance(team.id)).toMatchObject({ charged: 0n, reserved: 0n });
});

test('nothing here was a fault', () => {
  expect(faults).toEqual([]);
});
