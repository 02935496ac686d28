// What is asked and what must be answered, to the byte. The same for every way that is measured.

export type Kind = 'plain' | 'streaming';

const MODEL = 'gpt-4o';
const PATH = '/v1/chat/completions';

/** What the upstream says that every call used. */
export const USAGE = { prompt_tokens: 120, completion_tokens: 100, total_tokens: 220 };

const QUESTION =
  'Our customer asks why the invoice of last month is higher than that of the month before. Explain in two ' +
  'or three friendly sentences that the number of documents they processed grew from 1,840 to 2,615, that the ' +
  'price of a document did not change, and offer to send a list of the documents by project. Close by saying ' +
  'that they can reach us any time.';

const ANSWER =
  'Thank you for asking! Your invoice is higher because you processed 2,615 documents last month, compared to ' +
  '1,840 in the month before; the price of each document stayed the same. We would be glad to send you a list ' +
  'of the documents by project, and you can reach us any time.';

/** One request as it goes over the wire, and the body that must come back. */
export interface Call {
  readonly request: Buffer;
  readonly expected: Buffer;
}

/** A call with a key; no way but Quartermaster looks at the key. */
export function callOf(kind: Kind, secretKey: string): Call {
  const body = JSON.stringify({
    model: MODEL,
    messages: [
      { role: 'system', content: 'You are the friendly support desk of a document service.' },
      { role: 'user', content: QUESTION },
    ],
    temperature: 0.2,
    ...(kind === 'streaming' ? { stream: true } : {}),
  });
  const head = [
    `POST ${PATH} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${secretKey}`,
    'content-type: application/json',
    'accept: application/json',
    'user-agent: bench',
    `content-length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  return {
    request: Buffer.from(`${head}\r\n\r\n${body}`),
    expected: kind === 'plain' ? plainAnswer() : Buffer.from(streamEvents(false).join('')),
  };
}

/** The whole answer to a plain call. */
export function plainAnswer(): Buffer {
  return Buffer.from(
    JSON.stringify({
      ...base('chat.completion'),
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: ANSWER, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        ...USAGE,
        prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
      },
      service_tier: 'default',
    }),
  );
}

/** How many pieces the text of a stream comes in. */
const PIECES = 18;

/** The events of a stream, with the usage chunk only for a caller that asks for it. */
export function streamEvents(withUsage: boolean): string[] {
  const size = Math.ceil(ANSWER.length / PIECES);
  const pieces = Array.from({ length: PIECES }, (_, at) =>
    ANSWER.slice(at * size, (at + 1) * size),
  );
  const chunk = (delta: object, reason: string | null) => ({
    ...base('chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    // In every chunk, as OpenAI has it; sent unasked too, so that all ways pass on the same bytes.
    usage: null,
  });
  const chunks: object[] = [
    chunk({ role: 'assistant', content: '', refusal: null }, null),
    ...pieces.map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    ...(withUsage ? [{ ...base('chat.completion.chunk'), choices: [], usage: USAGE }] : []),
  ];
  return [...chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`), 'data: [DONE]\n\n'];
}

function base(object: string): object {
  return {
    id: 'chatcmpl-BnchQmAs3dGk1LxWzPv7TyRe',
    object,
    created: 1_700_000_000,
    model: 'gpt-4o-2024-08-06',
    system_fingerprint: 'fp_50cad350e4',
  };
}
