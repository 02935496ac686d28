import { endOfValue } from './body-fields.ts';
import type { UsageTokens } from '../core/pricing/price.ts';
import { objectOf, whole } from './provider-numbers.ts';
import type { Json } from './provider-numbers.ts';

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
  return objectOf(objectOf(value)?.[name]);
}
