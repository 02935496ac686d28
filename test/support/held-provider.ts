// A provider whose answers wait for the test, and whose usage the test decides: a call may ask in its last
// message for `{"input":12,"output":30}` tokens.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from './wait-for.ts';

/** How far answers may go. */
export type Stage = 'nothing' | 'first byte' | 'middle' | 'last byte';

const STAGES: readonly Stage[] = ['nothing', 'first byte', 'middle', 'last byte'];
/** Long enough that a mark of a stream in its middle has something to count. */
const WORDS = Array.from({ length: 12 }, (_, at) => `word${at} `);

export interface HeldProvider {
  /** Ends with `/v1`. */
  readonly url: string;
  /** Lets every call, those to come too, go on as far as this. */
  allow(stage: Stage): void;
  /** Resolves when so many calls wait here, or were answered. */
  arrived(count: number): Promise<void>;
  /** Resolves when so many answers have left whole. */
  answered(count: number): Promise<void>;
  /** Calls that came so far. */
  calls(): number;
  /** Begins to count anew. */
  reset(): void;
  close(): Promise<void>;
}

interface HeldCall {
  readonly res: ServerResponse;
  /** What is sent at each stage. */
  readonly parts: readonly (readonly string[])[];
  readonly isStream: boolean;
  at: number;
}

/** Opens the provider; it holds everything until it is told otherwise. */
export async function startHeldProvider(): Promise<HeldProvider> {
  let held: HeldCall[] = [];
  let allowed = 0;
  let arrived = 0;
  let answered = 0;

  const goOn = (call: HeldCall): void => {
    for (; call.at < allowed; call.at += 1) {
      if (call.at === 0) {
        const type = call.isStream ? 'text/event-stream' : 'application/json';
        call.res.writeHead(200, { 'content-type': type });
      }
      for (const part of call.parts[call.at] ?? []) {
        call.res.write(part);
      }
    }
    if (call.at === STAGES.length - 1) {
      call.res.end();
      answered += 1;
      held = held.filter((one) => one !== call);
    }
  };
  const server = createServer((req, res) => {
    void receive(req).then((body) => {
      const call = callOf(body, res);
      held.push(call);
      arrived += 1;
      goOn(call);
      return undefined;
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const until = async (count: number, read: () => number, what: string): Promise<void> => {
    const isSo = (): boolean => read() >= count;
    await waitFor(isSo, { what: `${count} ${what}`, timeoutMs: 20_000 });
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    allow(stage) {
      allowed = STAGES.indexOf(stage);
      for (const call of held) {
        goOn(call);
      }
    },
    arrived: async (count) => until(count, () => arrived, 'calls at the provider'),
    answered: async (count) => until(count, () => answered, 'whole answers of the provider'),
    calls: () => arrived,
    reset() {
      held = [];
      arrived = 0;
      answered = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** What a call asks for in its last message, as the body of a call that asks for it. */
export function wishFor(usage: { readonly input: number; readonly output: number }): object {
  return { messages: [{ role: 'user', content: JSON.stringify(usage) }] };
}

/** What the proxy adds to the bytes of a body, as the most that its prompt can count (src/proxy/prompt.ts). */
const OVERHEAD_TOKENS = 64;

/** A call that uses just as much as it may: `input` usage tokens by its length, and all of its output cap. */
export function exactBody(wish: {
  readonly model: string;
  readonly stream: boolean;
  readonly input: number;
  readonly output: number;
}): object {
  const { model, stream, input, output } = wish;
  const usage = JSON.stringify({ input, output });
  const bodyOf = (content: string): object => ({
    model,
    stream,
    max_tokens: output,
    messages: [{ role: 'user', content }],
  });
  const missing = input - OVERHEAD_TOKENS - JSON.stringify(bodyOf(usage)).length;
  if (missing < 0) {
    throw new Error(`Making a body: ${input} tokens are too few, give ${-missing} more`);
  }
  return bodyOf(usage + ' '.repeat(missing));
}

async function receive(req: IncomingMessage): Promise<CallBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as CallBody;
}

interface CallBody {
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly messages?: readonly { readonly content: string }[];
  readonly input?: string;
}

function callOf(body: CallBody, res: ServerResponse): HeldCall {
  const wish = body.messages?.at(-1)?.content ?? body.input ?? '{}';
  const { input, output: wished } = JSON.parse(wish) as { input: number; output: number };
  const output = Math.min(wished, body.max_tokens ?? wished);
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  const isStream = body.stream === true;
  return { res, isStream, at: 0, parts: isStream ? streamParts(usage) : plainParts(usage) };
}

function streamParts(usage: object): string[][] {
  const event = (fields: object): string =>
    `data: ${JSON.stringify({ id: 'held', object: 'chat.completion.chunk', model: 'held', ...fields })}\n\n`;
  const delta = (content: string): string =>
    event({ choices: [{ index: 0, delta: { content }, finish_reason: null }], usage: null });
  return [
    [delta('Once ')],
    WORDS.map(delta),
    [
      event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null }),
      event({ choices: [], usage }),
      'data: [DONE]\n\n',
    ],
  ];
}

function plainParts(usage: object): string[][] {
  const message = { role: 'assistant', content: WORDS.join('') };
  const text = JSON.stringify({
    id: 'held',
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage,
  });
  const half = Math.floor(text.length / 2);
  return [[text.slice(0, 1)], [text.slice(1, half)], [text.slice(half)]];
}
