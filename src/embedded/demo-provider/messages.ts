// Anthropic's Messages API: the same stories by another protocol. A block that is marked with `cache_control`
// counts as written to the cache, for an hour where it asks for that.

import { composeAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { readCompletion } from './request.ts';
import { countTextTokens, fields } from './tokens.ts';

/** An answer, with what its prompt wrote to the cache. */
export interface MessageAnswer {
  readonly answer: Answer;
  readonly stream: boolean;
  readonly writes: { readonly short: number; readonly long: number };
}

/** The answer to a request, or what is wrong with it in Anthropic's words. */
export function answerMessages(body: unknown): MessageAnswer | string {
  const given = fields(body);
  const { system, messages } = given;
  if (given['max_tokens'] === undefined) {
    return 'max_tokens: Field required';
  }
  const all = Array.isArray(messages) ? (messages as unknown[]) : [];
  const request = readCompletion(
    {
      ...given,
      messages: system === undefined ? all : [{ role: 'system', content: system }, ...all],
    },
    'chat',
  );
  if (typeof request === 'string') {
    return request;
  }
  const marked = [system, ...all.map((message) => fields(message)['content'])].flatMap((content) =>
    Array.isArray(content) ? content.map(fields).filter((block) => block['cache_control']) : [],
  );
  const written = (isLong: boolean): number =>
    marked
      .filter((block) => (fields(block['cache_control'])['ttl'] === '1h') === isLong)
      .reduce((sum, { text }) => sum + (typeof text === 'string' ? countTextTokens(text) : 0), 0);
  return {
    answer: composeAnswer(request, 'chat'),
    stream: request.stream,
    writes: { short: written(false), long: written(true) },
  };
}

/** The body of a plain reply; `usage` is left out when a fault asks for that. */
export function plainMessage(made: MessageAnswer, withUsage: boolean): string {
  const { pieces } = choiceOf(made);
  return JSON.stringify({
    ...messageOf(made),
    content: [{ type: 'text', text: pieces.join('') }],
    stop_reason: stopReasonOf(made),
    ...(withUsage && { usage: usageOf(made, made.answer.usage.completion_tokens) }),
  });
}

/** The server-sent events of a streamed reply, one string per event, `message_stop` last. */
export function messageEvents(made: MessageAnswer, withUsage: boolean): string[] {
  const message = { ...messageOf(made), content: [], stop_reason: null };
  const told = (outputTokens: number) => withUsage && { usage: usageOf(made, outputTokens) };
  const events = [
    { type: 'message_start', message: { ...message, ...told(1) } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...choiceOf(made).pieces.map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: stopReasonOf(made), stop_sequence: null },
      ...(withUsage && { usage: { output_tokens: made.answer.usage.completion_tokens } }),
    },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function messageOf({ answer }: MessageAnswer) {
  return {
    id: answer.id.replace('chatcmpl-', 'msg_'),
    type: 'message',
    role: 'assistant',
    model: answer.model,
    stop_sequence: null,
  };
}

function choiceOf({ answer }: MessageAnswer): Answer['choices'][number] {
  return answer.choices[0] ?? { pieces: [], finishReason: 'stop' };
}

function stopReasonOf(made: MessageAnswer): string {
  return choiceOf(made).finishReason === 'length' ? 'max_tokens' : 'end_turn';
}

function usageOf({ answer, writes }: MessageAnswer, outputTokens: number) {
  const written = writes.short + writes.long;
  return {
    input_tokens: Math.max(0, answer.usage.prompt_tokens - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: 0,
    cache_creation: {
      ephemeral_5m_input_tokens: writes.short,
      ephemeral_1h_input_tokens: writes.long,
    },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}
