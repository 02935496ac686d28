// Counts usage where the provider told none: with a real tokenizer, over what was sent and relayed.

import type { UsageTokens } from '../core/pricing/price.ts';

type Count = (text: string) => number;
let counting: Promise<Count> | undefined;

/** The tables are large and seldom needed, so they load with the first estimate. */
async function counter(): Promise<Count> {
  counting ??= import('gpt-tokenizer/encoding/o200k_base').then(
    ({ countTokens }) =>
      (text: string) =>
        countTokens(text),
  );
  return counting;
}

/** What a prompt and the relayed answer count as. */
export async function estimateUsage(
  requestText: string,
  answer: { readonly relayed: readonly Buffer[] },
): Promise<UsageTokens> {
  const count = await counter();
  return {
    input: count(promptText(requestText)),
    output: count(answerText(Buffer.concat([...answer.relayed]).toString('utf8'))),
  };
}

function promptText(requestText: string): string {
  const body = JSON.parse(requestText) as Record<string, unknown>;
  return textsIn(body['messages'] ?? body['prompt'] ?? body['input']).join('\n');
}

/** Texts of an answer, plain or streamed. */
export function answerText(raw: string): string {
  const parts = raw.startsWith('{')
    ? [raw]
    : raw
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length));
  return parts.flatMap((part) => textsOfChoices(part)).join('');
}

function textsOfChoices(json: string): string[] {
  try {
    const { choices } = JSON.parse(json) as { choices?: Record<string, unknown>[] };
    return (choices ?? []).flatMap((choice) =>
      textsIn(choice['delta'] ?? choice['message'] ?? choice['text']),
    );
  } catch {
    // The end marker, or an event that was cut.
    return [];
  }
}

const WORDLESS = new Set(['role', 'type', 'id', 'index', 'finish_reason', 'url', 'data']);

/** Every text in a value, but for names and pictures. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(textsIn);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, part]) =>
      WORDLESS.has(name) ? [] : textsIn(part),
    );
  }
  return [];
}
