import { createHash } from 'node:crypto';
import type { CompletionRequest } from './request.ts';
import { tellStory } from './story.ts';
import { countChatTokens, countTextTokens, cutToTokens } from './tokens.ts';

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

interface Choice {
  /** One piece per token, in order. */
  readonly pieces: readonly string[];
  readonly finishReason: 'stop' | 'length';
}

/** One answer, before it is written in a dialect. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly choices: readonly Choice[];
  readonly usage: Usage;
}

/** The answer to a request: the same for the same request, its usage counted by a real tokenizer. */
export function composeAnswer(request: CompletionRequest, kind: 'chat' | 'text'): Answer {
  const choices = request.prompts.flatMap((prompt) =>
    Array.from({ length: request.choices }, (_, index) => composeChoice(request, prompt, index)),
  );
  const prompt =
    kind === 'chat'
      ? countChatTokens(request.messages, request.tools)
      : request.prompts.reduce((sum, one) => sum + countTextTokens(one), 0);
  const completion = choices.reduce((sum, choice) => sum + choice.pieces.length, 0);
  const seed = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  return {
    id: `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-demo${seed.slice(0, 24)}`,
    model: request.model,
    choices,
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    },
  };
}

function composeChoice(request: CompletionRequest, prompt: string, index: number): Choice {
  const story = tellStory(`${index}:${prompt}`);
  const natural = cutToTokens(story, Number.MAX_SAFE_INTEGER).pieces;
  const length = request.exactTokens ?? natural.length;
  const kept = Math.min(length, request.limitTokens);
  const pieces = Array.from({ length: kept }, (_, at) => natural[at % natural.length] ?? '');
  return { pieces, finishReason: kept < length ? 'length' : 'stop' };
}

/** The body of a plain reply; `usage` is left out when a fault asks for that. */
export function plainBody(answer: Answer, kind: 'chat' | 'text', withUsage: boolean): string {
  return JSON.stringify({
    id: answer.id,
    object: kind === 'chat' ? 'chat.completion' : 'text_completion',
    created: CREATED,
    model: answer.model,
    choices: answer.choices.map((choice, index) => ({
      index,
      ...(kind === 'chat'
        ? { message: { role: 'assistant', content: choice.pieces.join(''), refusal: null } }
        : { text: choice.pieces.join('') }),
      logprobs: null,
      finish_reason: choice.finishReason,
    })),
    ...(withUsage && { usage: answer.usage }),
    system_fingerprint: 'demo',
  });
}

/** A fixed moment, so that equal requests have equal answers. */
const CREATED = 1_700_000_000;

/** The server-sent events of a streamed reply, one string per event, `[DONE]` last. */
export function streamEvents(
  answer: Answer,
  kind: 'chat' | 'text',
  includeUsage: boolean,
): string[] {
  const base = {
    id: answer.id,
    object: kind === 'chat' ? 'chat.completion.chunk' : 'text_completion',
    created: CREATED,
    model: answer.model,
    system_fingerprint: 'demo',
  };
  const chunk = (index: number, said: object, finishReason: string | null) => ({
    ...base,
    choices: [{ index, ...said, logprobs: null, finish_reason: finishReason }],
    ...(includeUsage && { usage: null }),
  });
  const say = (text: string) => (kind === 'chat' ? { delta: { content: text } } : { text });
  const events: object[] = answer.choices.flatMap((choice, index) => [
    ...(kind === 'chat' ? [chunk(index, { delta: { role: 'assistant', content: '' } }, null)] : []),
    ...choice.pieces.map((piece) => chunk(index, say(piece), null)),
    chunk(index, kind === 'chat' ? { delta: {} } : { text: '' }, choice.finishReason),
  ]);
  if (includeUsage) {
    events.push({ ...base, choices: [], usage: answer.usage });
  }
  return [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'];
}
