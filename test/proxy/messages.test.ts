// Calls by Anthropic's Messages API: against a provider that answers what Anthropic documents, number by
// number, and against the demo provider.

import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { updateTeam } from '../../src/core/teams/update-team.ts';
import { updateKey } from '../../src/core/keys/update-key.ts';
import { setCeilings } from '../support/field-scene.ts';
import { faults, startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

let qm: Quartermaster;
let asked: Asked[] = [];
/** What the scripted provider does with the next calls. */
let answer: (res: ServerResponse) => void = (res) => void res.writeHead(500).end();

const scripted = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked['body'];
    asked.push({ headers: req.headers, path: req.url ?? '', body });
    answer(res);
  });
});

const OPENAI = '{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }';
const MODELS = `
models:
  claude-sonnet-4-5: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/SCRIPTED, api_key: sk-ant-scripted, dialect: anthropic }] }
  demo: { price: { input: 1, output: 5 }, max_output_tokens: 1000, deployments: [${OPENAI}, { base_url: os.environ/PROVIDER, api_key: os.environ/KEY, dialect: anthropic }] }
  gpt-4o: { max_output_tokens: 1000, deployments: [${OPENAI}] }
access_groups:
  gpt-models: { models: [claude-sonnet-4-5, demo, gpt-4o] }
`;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    scripted.listen(0, '127.0.0.1', resolve);
  });
  const { port } = scripted.address() as AddressInfo;
  qm = await startQuartermaster({
    configText: MODELS,
    addresses: { SCRIPTED: `http://127.0.0.1:${port}/v1` },
  });
});
afterAll(async () => {
  await qm[Symbol.asyncDispose]();
  scripted.close();
});
beforeEach(() => {
  asked = [];
});

const BODY = {
  model: 'claude-sonnet-4-5',
  max_tokens: 300,
  messages: [{ role: 'user', content: 'Tell me a story' }],
};

const call = async (
  secretKey: string,
  body: object = {},
  headers: Record<string, string> = { 'x-api-key': secretKey },
  signal?: AbortSignal,
) =>
  fetch(`${qm.url}/v1/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...BODY, ...body }),
    ...(signal === undefined ? {} : { signal }),
  });

const USAGE = {
  input_tokens: 100,
  cache_creation_input_tokens: 50,
  cache_read_input_tokens: 2_000,
  cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
  output_tokens: 40,
};
/** Sonnet 4.5, in USD for a million tokens: 3, read 0.30, written 3.75 and 6, out 15. */
const COST_NANO_USD = 100n * 3_000n + 2_000n * 300n + 20n * 3_750n + 30n * 6_000n + 40n * 15_000n;

const MESSAGE = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  // The input of a tool is JSON, and may look like anything.
  content: [
    { type: 'tool_use', id: 't', name: 'f', input: { error: {}, usage: { input_tokens: 0 } } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: USAGE,
};

const event = (data: { readonly type: string }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const delta = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});
const START = {
  type: 'message_start',
  message: { ...MESSAGE, content: [], usage: { ...USAGE, output_tokens: 1 } },
};
const EVENTS = [
  START,
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  delta('Once upon'),
  delta(' a "message_stop" time'),
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 40 },
  },
  { type: 'message_stop' },
].map(event);

const plainly = (res: ServerResponse): void =>
  void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(MESSAGE));
const streaming =
  (events: readonly string[], end: (res: ServerResponse) => void = (res) => void res.end()) =>
  (res: ServerResponse): void => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(events.join(''), () => end(res));
  };

const byConsumption = async () =>
  qm.team({ terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: 10_000_000n } });
const balance = async (teamId: string) => qm.gate.balance({ id: teamId, organizationId: 'acme' });
const eventOf = async (teamId: string) => {
  await qm.drain();
  return qm.postgres.usageEvent.findFirstOrThrow({ where: { teamId } });
};

describe('a call is charged by the price table, cached and cache-written tokens each at their own rate', () => {
  test('plain, and the answer is what the provider sent', async () => {
    answer = plainly;
    const team = await byConsumption();
    const response = await call(team.secretKey);
    expect(await response.json()).toEqual(MESSAGE);
    const { charged, reserved } = await balance(team.id);
    expect(charged).toBe((COST_NANO_USD + 99n) / 100n);
    expect(response.headers.get('x-quartermaster-credits-charged')).toBeTruthy();
    expect(reserved).toBe(0n);
    expect(await eventOf(team.id)).toMatchObject({
      costNanoUsd: COST_NANO_USD,
      inputTokens: 2_150n,
      outputTokens: 40n,
      estimated: false,
      outcome: 'completed',
      jobType: 'messages',
    });
  });

  test('streamed, and the stream is what the provider sent, to the byte', async () => {
    answer = streaming(EVENTS);
    const team = await byConsumption();
    const response = await call(team.secretKey, { stream: true });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toBe(EVENTS.join(''));
    expect(await eventOf(team.id)).toMatchObject({
      costNanoUsd: COST_NANO_USD,
      inputTokens: 2_150n,
      outputTokens: 40n,
      estimated: false,
      outcome: 'completed',
    });
    expect(await qm.drift(team.id)).toBe(0n);
  });

  test('by the job it costs one credit', async () => {
    answer = plainly;
    const team = await qm.team();
    await call(team.secretKey);
    expect((await balance(team.id)).charged).toBe(1_000_000n);
  });

  test('and whoever saw message_stop was charged', async () => {
    answer = streaming(EVENTS);
    const team = await byConsumption();
    const response = await call(team.secretKey, { stream: true });
    let seen = '';
    let chargedAtEnd = 0n;
    for await (const chunk of response.body ?? []) {
      seen += Buffer.from(chunk).toString();
      chargedAtEnd = seen.includes('event: message_stop') ? (await balance(team.id)).charged : 0n;
    }
    expect(chargedAtEnd).toBeGreaterThan(0n);
  });
});

describe('what goes upstream', () => {
  test('is the client’s own body, with the provider’s key and the client’s version and betas', async () => {
    answer = plainly;
    const { secretKey } = await qm.team();
    await call(
      secretKey,
      {},
      {
        authorization: `Bearer ${secretKey}`,
        'anthropic-version': '2023-01-01',
        'anthropic-beta': 'a-2025-01-01,b-2025-02-02',
      },
    );
    await call(secretKey);
    const [first, second] = asked;
    expect(first?.path).toBe('/v1/messages');
    expect(first?.body).toEqual(BODY);
    expect(first?.headers).toMatchObject({
      'x-api-key': 'sk-ant-scripted',
      'anthropic-version': '2023-01-01',
      'anthropic-beta': 'a-2025-01-01,b-2025-02-02',
    });
    expect(first?.headers.authorization).toBeUndefined();
    expect(second?.headers['anthropic-version']).toBe('2023-06-01');
    expect(second?.headers['anthropic-beta']).toBeUndefined();
  });

  test('is capped to what the balance pays, but never under the budget for thinking', async () => {
    answer = plainly;
    // A credit buys ten cents: 0.04 credits are 4,000 microdollars, 266 tokens of output without a prompt.
    const team = await qm.team({
      credits: 40_000n,
      terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: 10_000_000n },
    });
    const response = await call(team.secretKey);
    const cap = Number(response.headers.get('x-quartermaster-output-cap'));
    expect(cap).toBeGreaterThan(16);
    expect(cap).toBeLessThan(300);
    expect(asked[0]?.body['max_tokens']).toBe(cap);
    const poor = await qm.team({
      credits: 40_000n,
      terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: 10_000_000n },
    });
    const thinking = { type: 'enabled', budget_tokens: 290 };
    const refused = await call(poor.secretKey, { thinking });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'credits_exhausted' } });
  });
});

describe('what is not told is counted', () => {
  test('when the stream breaks: the prompt as it was told, the answer by its text', async () => {
    answer = streaming(EVENTS.slice(0, 5), (res) => res.destroy());
    const team = await byConsumption();
    const response = await call(team.secretKey, { stream: true });
    await expect(response.text()).rejects.toThrow();
    await expect.poll(async () => balance(team.id)).toMatchObject({ reserved: 0n });
    const written = await eventOf(team.id);
    expect(written).toMatchObject({ inputTokens: 2_150n, estimated: true, outcome: 'failed' });
    expect(written.outputTokens).toBeGreaterThan(3n);
    expect(written.outputTokens).toBeLessThan(20n);
  });

  test('when the client leaves, and the provider is told to stop', async () => {
    let stopped = false;
    answer = streaming(EVENTS.slice(0, 5), (res) =>
      res.on('close', () => {
        stopped = true;
      }),
    );
    const team = await byConsumption();
    const leaving = new AbortController();
    const response = await call(
      team.secretKey,
      { stream: true },
      { 'x-api-key': team.secretKey },
      leaving.signal,
    );
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await expect.poll(() => stopped).toBe(true);
    await expect.poll(async () => balance(team.id)).toMatchObject({ reserved: 0n });
    const written = await eventOf(team.id);
    expect(written).toMatchObject({ inputTokens: 2_150n, estimated: true, outcome: 'completed' });
    expect(written.charge).toBeGreaterThan(0n);
  });

  test('when the provider tells no usage at all', async () => {
    const team = await byConsumption();
    qm.provider.plan({ fault: 'no-usage', times: 2 });
    await (await call(team.secretKey, { model: 'demo' })).text();
    await (await call(team.secretKey, { model: 'demo', stream: true })).text();
    await qm.drain();
    const events = await qm.postgres.usageEvent.findMany({ where: { teamId: team.id } });
    expect(events.map((one) => one.estimated)).toEqual([true, true]);
    for (const one of events) {
      expect(one.outputTokens).toBeGreaterThan(50n);
      expect(one.inputTokens).toBeGreaterThan(2n);
    }
  });

  test('an error in the stream is told in our words, and none of the provider’s', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'sk-ant-secret' } };
    answer = streaming([...EVENTS.slice(0, 4), event(error)]);
    const { secretKey } = await qm.team();
    const text = await (await call(secretKey, { stream: true })).text();
    expect(text).not.toContain('sk-ant');
    expect(text).not.toContain('message_stop');
    const [last = ''] = text.split('event: error\ndata: ').slice(1);
    expect(JSON.parse(last)).toMatchObject({
      type: 'error',
      error: { type: 'api_error', code: 'upstream_failed' },
    });
  });
});

describe('what is served in one dialect is not served in the other', () => {
  test('and each refusal names the route that is', async () => {
    const { secretKey } = await qm.team();
    const wrong = await call(secretKey, { model: 'gpt-4o' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      error: {
        code: 'dialect_not_served',
        message: expect.stringContaining('POST /v1/chat/completions'),
      },
    });
    const other = await qm.call(secretKey, { model: 'claude-sonnet-4-5' });
    expect(await other.json()).toMatchObject({
      error: {
        code: 'dialect_not_served',
        message: expect.stringContaining('POST /v1/messages'),
      },
    });
    expect(asked).toEqual([]);
  });

  test('a name that the team gave to a model of this dialect serves at once', async () => {
    answer = plainly;
    const { id, secretKey } = await qm.team();
    expect((await call(secretKey, { model: 'gpt-4o' })).status).toBe(400);
    await updateTeam(qm.stores, SYSTEM, id, {
      modelAliases: { 'gpt-4o': 'claude-sonnet-4-5' },
    });
    expect((await call(secretKey, { model: 'gpt-4o' })).status).toBe(200);
    expect((await qm.call(secretKey, { model: 'gpt-4o' })).status).toBe(400);
  });

  test('a model of both takes each by its own route', async () => {
    const { secretKey } = await qm.team();
    const one = await call(secretKey, { model: 'demo' });
    expect(await one.json()).toMatchObject({ type: 'message', role: 'assistant' });
    const other = await qm.call(secretKey, { model: 'demo' });
    expect(await other.json()).toMatchObject({ object: 'chat.completion' });
  });
});

test('the demo provider streams the text of its plain answer, and counts what is written to the cache', async () => {
  const team = await byConsumption();
  const system = [
    {
      type: 'text',
      text: 'You tell short stories',
      cache_control: { type: 'ephemeral', ttl: '1h' },
    },
    { type: 'text', text: 'Of the sea', cache_control: { type: 'ephemeral' } },
  ];
  const response = await call(team.secretKey, { model: 'demo', system });
  const plain = (await response.json()) as { content: { text: string }[]; usage: typeof USAGE };
  expect(plain.usage.cache_creation.ephemeral_1h_input_tokens).toBeGreaterThan(0);
  expect(plain.usage.cache_creation.ephemeral_5m_input_tokens).toBeGreaterThan(0);
  const stream = await (await call(team.secretKey, { model: 'demo', system, stream: true })).text();
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
  const { secretKey } = await qm.team();
  const response = await call(secretKey, { max_tokens: value });
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
  expect(asked).toEqual([]);
});

test('a header that is no header is refused, and never sent on', async () => {
  const { secretKey } = await qm.team();
  const response = await call(secretKey, {}, { 'x-api-key': secretKey, 'anthropic-beta': 'ä' });
  expect(await response.json()).toMatchObject({ error: { code: 'parameter_invalid' } });
});

test('what is left of limits stands in the headers of an answer', async () => {
  answer = plainly;
  const { id, secretKey } = await qm.team();
  await setCeilings(
    qm,
    { kind: 'team', teamId: id },
    {
      set: 'limit',
      kind: 'requests',
      model: null,
      max: 5,
    },
  );
  const { headers } = await call(secretKey);
  expect(headers.get('x-ratelimit-limit-requests')).toBe('5');
  expect(headers.get('x-ratelimit-remaining-requests')).toBe('4');
});

test('a key can be confined to this endpoint', async () => {
  answer = plainly;
  const { keyId, secretKey } = await qm.team();
  await updateKey(qm.stores, SYSTEM, keyId, { endpoints: ['messages'] });
  expect((await call(secretKey)).status).toBe(200);
  expect((await qm.call(secretKey)).status).toBe(403);
});

test('a plain call that fails upstream names itself, and costs nothing', async () => {
  answer = (res) =>
    void res.writeHead(400, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        type: 'error',
        error: { type: 'invalid_request_error', message: 'messages: roles must alternate' },
      }),
    );
  const team = await qm.team();
  const response = await call(team.secretKey);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: 'upstream_refused', message: expect.stringContaining('roles must alternate') },
    request_id: response.headers.get('x-quartermaster-call'),
  });
  expect(await balance(team.id)).toMatchObject({ charged: 0n, reserved: 0n });
});

test('nothing here was a fault', () => {
  expect(faults).toEqual([]);
});
