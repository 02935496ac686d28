import { fields } from './tokens.ts';

/** Natural stories are shorter than this; a model named `…+tokens=N` goes on up to it. */
const MOST_TOKENS = 100_000;

/** Enough for any test, and little enough that nobody fills our memory. */
const MOST_CHOICES = 128;

/** What the demonstration understands of a completion request. */
export interface CompletionRequest {
  readonly model: string;
  /** Each input gets `choices` answers: chat has one, text completions may have several. */
  readonly prompts: readonly string[];
  readonly messages: readonly unknown[];
  readonly tools: unknown;
  readonly choices: number;
  readonly limitTokens: number;
  /** A story of just this length when the model's name asks for one. */
  readonly exactTokens: number | null;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** Reads a request, or says what is wrong with it in OpenAI's words. */
export function readCompletion(body: unknown, kind: 'chat' | 'text'): CompletionRequest | string {
  const given = fields(body);
  const { model, messages, stream } = given;
  if (typeof model !== 'string' || model === '') {
    return 'you must provide a model parameter';
  }
  if (kind === 'chat' && !(Array.isArray(messages) && messages.length > 0)) {
    return "Missing required parameter: 'messages'.";
  }
  const limit = given['max_completion_tokens'] ?? given['max_tokens'] ?? MOST_TOKENS;
  if (!isWhole(limit) || limit < 1) {
    return `Invalid 'max_tokens': integer below minimum value. Expected a value >= 1.`;
  }
  const choices = given['n'] ?? 1;
  if (!isWhole(choices) || choices < 1 || choices > MOST_CHOICES) {
    return `Invalid 'n': expected an integer from 1 to ${MOST_CHOICES}.`;
  }
  const wished = Number(/\+tokens=(\d+)/.exec(model)?.[1] ?? 0);
  return {
    model,
    messages: Array.isArray(messages) ? messages : [],
    prompts: kind === 'chat' ? [JSON.stringify(messages)] : promptsOf(given['prompt']),
    tools: given['tools'],
    choices,
    limitTokens: Math.min(limit, MOST_TOKENS),
    exactTokens: wished > 0 ? Math.min(wished, MOST_TOKENS) : null,
    stream: stream === true,
    includeUsage: fields(given['stream_options'])['include_usage'] === true,
  };
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

function promptsOf(prompt: unknown): string[] {
  if (Array.isArray(prompt) && prompt.every((one) => typeof one === 'string')) {
    return prompt;
  }
  return [typeof prompt === 'string' ? prompt : JSON.stringify(prompt ?? '')];
}
