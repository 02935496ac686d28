import { endOfValue } from './body-fields.ts';
import type { UsageTokens } from '../core/pricing/price.ts';
import { MAX_USAGE_TOKENS_PER_CALL } from '../core/pricing/charge.ts';

type Json = Readonly<Record<string, unknown>>;

const USAGE = Buffer.from('"usage":');

/**
 * The provider's own numbers from a whole plain answer. Only that part is parsed: quotes inside of a text
 * are escaped, so what looks like the member is the member, and the last one is the answer's own.
 */
export function usageFromAnswer(body: Buffer): UsageTokens | undefined {
  const at = body.lastIndexOf(USAGE);
  if (at === -1) {
    return usageFrom(parsed(body.toString('utf8')));
  }
  const text = body.toString('utf8', at);
  const start = text.indexOf('{');
  const found =
    start === -1 ? undefined : parsed(`{"usage":${text.slice(start, endOfValue(text, start))}}`);
  return usageFrom(found) ?? usageFrom(parsed(body.toString('utf8')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The provider's own numbers from an answer or a chunk; undefined where it tells none. */
export function usageFrom(answer: unknown): UsageTokens | undefined {
  const usage = objectAt(answer, 'usage');
  const input = whole(usage?.['prompt_tokens']);
  if (usage === undefined || input === undefined) {
    return undefined;
  }
  const inputDetails = objectAt(usage, 'prompt_tokens_details');
  const outputDetails = objectAt(usage, 'completion_tokens_details');
  return {
    input,
    output: whole(usage['completion_tokens']) ?? 0,
    cachedInput: Math.min(input, whole(inputDetails?.['cached_tokens']) ?? 0),
    inputAudio: whole(inputDetails?.['audio_tokens']) ?? 0,
    outputAudio: whole(outputDetails?.['audio_tokens']) ?? 0,
    reasoning: whole(outputDetails?.['reasoning_tokens']) ?? 0,
  };
}

function objectAt(value: unknown, name: string): Json | undefined {
  const found = typeof value === 'object' && value !== null ? (value as Json)[name] : undefined;
  return typeof found === 'object' && found !== null ? (found as Json) : undefined;
}

/** A provider's number is only believed within what a call can be. */
function whole(value: unknown): number | undefined {
  return typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 0 &&
    value <= MAX_USAGE_TOKENS_PER_CALL
    ? value
    : undefined;
}
