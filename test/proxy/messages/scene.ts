// Anthropic's Messages API in tests: a provider that answers what Anthropic documents, number by number, and a
// Quartermaster in front of it.

import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startQuartermaster } from '../../support/quartermaster.ts';

interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

const OPENAI = '{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }';
const MODELS = `
models:
  claude-sonnet-4-5: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/SCRIPTED, api_key: sk-ant-scripted, dialect: anthropic }] }
  demo: { price: { input: 1, output: 5 }, max_output_tokens: 1000, deployments: [${OPENAI}, { base_url: os.environ/PROVIDER, api_key: os.environ/KEY, dialect: anthropic }] }
  gpt-4o: { max_output_tokens: 1000, deployments: [${OPENAI}] }
access_groups:
  gpt-models: { models: [claude-sonnet-4-5, demo, gpt-4o] }
`;

export const BODY = {
  model: 'claude-sonnet-4-5',
  max_tokens: 300,
  messages: [{ role: 'user', content: 'Tell me a story' }],
};

export const USAGE = {
  input_tokens: 100,
  cache_creation_input_tokens: 50,
  cache_read_input_tokens: 2_000,
  cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
  output_tokens: 40,
};
/** Sonnet 4.5, in USD for a million tokens: 3, read 0.30, written 3.75 and 6, out 15. */
export const COST_NANO_USD =
  100n * 3_000n + 2_000n * 300n + 20n * 3_750n + 30n * 6_000n + 40n * 15_000n;

export const MESSAGE = {
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

export const event = (data: { readonly type: string }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
export const delta = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});
const START = {
  type: 'message_start',
  message: { ...MESSAGE, content: [], usage: { ...USAGE, output_tokens: 1 } },
};
export const EVENTS = [
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

export const plainly = (res: ServerResponse): void =>
  void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(MESSAGE));
export const streaming =
  (events: readonly string[], end: (res: ServerResponse) => void = (res) => void res.end()) =>
  (res: ServerResponse): void => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(events.join(''), () => end(res));
  };

export type MessagesScene = Awaited<ReturnType<typeof openMessages>>;

/** Starts both. */
export async function openMessages() {
  const provider: { asked: Asked[]; answer: (res: ServerResponse) => void } = {
    asked: [],
    answer: (res) => void res.writeHead(500).end(),
  };
  const scripted = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked['body'];
      provider.asked.push({ headers: req.headers, path: req.url ?? '', body });
      provider.answer(res);
    });
  });
  await new Promise<void>((resolve) => {
    scripted.listen(0, '127.0.0.1', resolve);
  });
  const { port } = scripted.address() as AddressInfo;
  const qm = await startQuartermaster({
    configText: MODELS,
    addresses: { SCRIPTED: `http://127.0.0.1:${port}/v1` },
  });
  return {
    qm,
    /** What reached it, and what it does with the next calls. */
    provider,
    call: async (
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
      }),
    byConsumption: async () =>
      qm.team({ terms: { budgetMode: 'consumption_usd', microcreditsPerUsd: 10_000_000n } }),
    balance: async (teamId: string) => qm.gate.balance({ id: teamId, organizationId: 'acme' }),
    eventOf: async (teamId: string) => {
      await qm.drain();
      return qm.postgres.usageEvent.findFirstOrThrow({ where: { teamId } });
    },
    async close() {
      await qm[Symbol.asyncDispose]();
      scripted.close();
    },
  };
}
