// Counts usage where the provider told none: with a real tokenizer, over what was sent and relayed.

import type { UsageTokens } from '../core/pricing/price.ts';
import { countUsageTokens, textsIn } from '../core/usage/count-usage-tokens.ts';
import type { TextsOf } from './upstream-dialect.ts';

/** What was relayed of an answer; `keptBytes` of `relayedBytes` are there to be counted. */
export interface RelayedAnswer {
  readonly kept: readonly Buffer[];
  readonly relayedBytes: number;
}

/** What a prompt and the relayed answer count as. */
export async function estimateUsage(
  requestText: string,
  answer: RelayedAnswer,
  texts: TextsOf,
): Promise<UsageTokens> {
  const kept = Buffer.concat([...answer.kept]);
  const share = kept.length === 0 ? 1 : Math.max(1, answer.relayedBytes / kept.length);
  return {
    input: await countUsageTokens(promptText(requestText, texts)),
    output: Math.ceil((await countUsageTokens(answerText(kept.toString('utf8'), texts))) * share),
  };
}

function promptText(requestText: string, texts: TextsOf): string {
  return textsIn(texts.prompt(JSON.parse(requestText) as Record<string, unknown>)).join('\n');
}

/** Texts of an answer, plain or streamed. */
function answerText(raw: string, texts: TextsOf): string {
  const parts = raw.startsWith('{')
    ? [raw]
    : raw
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length));
  return parts.flatMap((part) => textsOfPart(part, texts)).join('');
}

function textsOfPart(json: string, texts: TextsOf): string[] {
  try {
    return textsIn(texts.answer(JSON.parse(json) as Record<string, unknown>));
  } catch {
    // The end marker, or an event that was cut.
    return [];
  }
}
