import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusals.ts';
import { ANTHROPIC } from '../../src/proxy/messages/anthropic-dialect.ts';
import { readMessagesBody } from '../../src/proxy/messages/body.ts';
import { usageFromNumbers } from '../../src/proxy/messages/usage.ts';
import type { CallBody } from '../../src/proxy/call-body.ts';
import { createStreamRelay } from '../../src/proxy/stream-relay.ts';
import type { StreamRelay } from '../../src/proxy/stream-relay.ts';

const BODY = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };

function read(body: object, headers: Record<string, string> = {}): CallBody {
  const found = readMessagesBody(Buffer.from(JSON.stringify({ ...BODY, ...body })), headers);
  if (isRefusal(found)) {
    throw new Error(JSON.stringify(found));
  }
  return found;
}

const bound = (body: object): number => read(body).shape.promptTokensUpperBound;
const saying = (...content: readonly object[]) => ({ messages: [{ role: 'user', content }] });
const base64 = (media: string, length: number) => ({
  type: 'base64',
  media_type: media,
  data: 'A'.repeat(length),
});

describe('the prompt is bounded by its bytes', () => {
  test.each([
    ['messages', saying({ type: 'text', text: 'x'.repeat(9_000) })],
    ['the system prompt', { system: 'x'.repeat(9_000) }],
    ['tools', { tools: [{ name: 'f', description: 'x'.repeat(9_000), input_schema: {} }] }],
    [
      'results of tools',
      saying({ type: 'tool_result', content: [{ type: 'text', text: 'x'.repeat(9_000) }] }),
    ],
    [
      'files of text',
      saying({ type: 'document', source: { type: 'text', data: 'x'.repeat(9_000) } }),
    ],
  ])('of %s', (_, body) => {
    expect(read(body).unbounded).toBeNull();
    expect(bound(body)).toBeGreaterThan(9_000);
    expect(bound(body)).toBeLessThan(12_000);
  });

  test('but a picture counts as the dearest there is, however many bytes it has, wherever it stands', () => {
    const picture = { type: 'image', source: base64('image/png', 500_000) };
    for (const body of [saying(picture), saying({ type: 'tool_result', content: [picture] })]) {
      expect(bound(body)).toBeGreaterThan(50_000);
      expect(bound(body)).toBeLessThan(51_000);
    }
    expect(read(saying(picture)).shape.inputImages).toBe(true);
  });

  test('and a PDF as the widest window, for nobody knows what its pages hold', () => {
    for (const source of [base64('application/pdf', 10), { type: 'url', url: 'http://h' }]) {
      const body = read(saying({ type: 'document', source }));
      expect(body.unbounded).toBeNull();
      expect(body.shape.promptTokensUpperBound).toBeGreaterThanOrEqual(1_000_000);
    }
  });

  test('of tools that Anthropic describes, with room for the description', () => {
    expect(bound({ tools: [{ type: 'bash_20250124', name: 'bash' }] })).toBeGreaterThan(3_000);
  });
});

test.each([
  ['a search of the web', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
  ['code that runs there', { tools: [{ type: 'code_execution_20250825' }] }],
  ['servers of tools', { mcp_servers: [{ type: 'url', url: 'http://h' }] }],
  ['a container', { container: 'c' }],
  ['a member that nobody knows', { newer: true }],
  ['another speed', { speed: 'fast' }],
  ['one region', { inference_geo: 'us' }],
  ['another tier', { service_tier: 'priority' }],
  ['a summary', { context_management: { edits: [{ type: 'compact_20260112' }] } }],
  ['a file in a container', saying({ type: 'container_upload', file_id: 'f' })],
])('what %s may cost cannot be bounded', (_, body) => {
  expect(read(body).unbounded).not.toBeNull();
});

test.each([
  ['thinking', { thinking: { type: 'enabled', budget_tokens: 50 } }],
  ['caching', { system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }],
  ['the usual tier', { service_tier: 'auto', speed: null }],
  ['clearing', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
  ['a form of the answer', { output_config: { effort: 'low' } }],
])('%s can be bounded', (_, body) => {
  expect(read(body).unbounded).toBeNull();
});

test('a beta of a longer context is not bounded by the window of the model', () => {
  expect(read({}).shape.widerWindow).toBe(false);
  const headers = { 'anthropic-beta': 'a-2025-01-01,context-1m-2025-08-07' };
  expect(read({}, headers).shape.widerWindow).toBe(true);
});

test('a deciding member that stands there twice, or in another case, is refused', () => {
  for (const text of [
    `{"max_tokens":1,${JSON.stringify(BODY).slice(1)}`,
    `{"Max_Tokens":1,${JSON.stringify(BODY).slice(1)}`,
  ]) {
    expect(readMessagesBody(Buffer.from(text), {})).toMatchObject({ refused: 'parameter_invalid' });
  }
});

describe('usage', () => {
  test('that tells the cache beside the input is added up, and split by how long it is kept', () => {
    const numbers = {
      input_tokens: 10,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 70,
      cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 40 },
      output_tokens: 5,
      server_tool_use: { web_search_requests: 2 },
    };
    expect(usageFromNumbers(numbers)).toEqual({
      input: 100,
      output: 5,
      cachedInput: 20,
      cacheWrite: 30,
      longCacheWrite: 40,
      webSearches: 2,
    });
  });

  test('from servers that know no cache is just input and output', () => {
    const numbers = { input_tokens: 10, cache_read_input_tokens: null, output_tokens: 5 };
    expect(usageFromNumbers(numbers)).toMatchObject({ input: 10, output: 5, cacheWrite: 0 });
  });

  test('that makes no sense is none', () => {
    for (const numbers of [undefined, null, {}, { input_tokens: -1 }, { input_tokens: 1e300 }]) {
      expect(usageFromNumbers(numbers)).toBeUndefined();
    }
  });
});

describe('a relayed stream', () => {
  const event = (data: { readonly type: string }, end = '\n'): string =>
    `event: ${data.type}${end}data: ${JSON.stringify(data)}${end}${end}`;
  const events = [
    { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } },
    { type: 'content_block_delta', delta: { type: 'text_delta', text: '"message_stop" "error"' } },
    { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 3 } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ];

  async function relayed(pieces: readonly string[]) {
    const found: StreamRelay[] = [];
    const server = createServer((_, res) => {
      const relay = createStreamRelay(res, ANTHROPIC.stream, { hideUsage: false });
      found.push(relay);
      for (const piece of pieces) {
        relay.take(Buffer.from(piece));
      }
      res.write('|');
      relay.finish();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const text = await (await fetch(`http://127.0.0.1:${port}`)).text();
    server.close();
    return { text, relay: found[0] as StreamRelay };
  }

  const whole = events.map((each) => event(each));
  const shown = `${whole.slice(0, -1).join('')}|${whole.at(-1)}`;

  test.each([
    ['in one piece', [whole.join('')]],
    ['event by event', whole],
    ['byte by byte', whole.join('').split('')],
  ])(
    'holds back its last event alone, and reads the last numbers, when it comes %s',
    async (_, pieces) => {
      const { text, relay } = await relayed(pieces);
      expect(text).toBe(shown);
      expect(relay.usage()).toMatchObject({ input: 9, output: 7 });
      expect(relay.isWhole()).toBe(true);
    },
  );

  test('with line ends of two bytes is understood, too', async () => {
    const { relay } = await relayed([events.map((each) => event(each, '\r\n')).join('')]);
    expect(relay.usage()).toMatchObject({ input: 9, output: 7 });
    expect(relay.isWhole()).toBe(true);
  });

  test('that has only begun tells its prompt, and no usage', async () => {
    const { relay } = await relayed(whole.slice(0, 2));
    expect(relay.begun()).toMatchObject({ input: 9 });
    expect(relay.usage()).toBeUndefined();
    expect(relay.isWhole()).toBe(false);
  });

  test('that tells an error is not whole, and the error is not passed on', async () => {
    const error = { type: 'error', error: { message: 'sk-ant-1' } };
    const { text, relay } = await relayed([whole[0] as string, event(error)]);
    expect(text).toBe(`${whole[0]}|`);
    expect(relay.isWhole()).toBe(false);
  });
});
