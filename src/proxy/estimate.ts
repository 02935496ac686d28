// Counts usage where the provider told none: with a real tokenizer, over what was sent and relayed. A
// tokenizer can take quadratic time on text that is made for it, so it gets short pieces, a bounded
// number of them, and the event loop has its turn in between; what is longer is counted by proportion.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UsageTokens } from '../core/pricing/price.ts';
import type { TextsOf } from './upstream-dialect.ts';

/** No piece takes a millisecond, whatever it holds. */
const PIECE_LENGTH = 256;
/** Counted in full up to here: longer than most prompts and answers. */
const COUNTED_LENGTH_MAX = 16_384;
/** Pieces counted in one turn of the event loop. */
const PIECES_PER_TURN = 4;

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

/** Counts a text in bounded time; beyond the bound, by proportion. */
export async function countUsageTokens(text: string): Promise<number> {
  const count = await counter();
  const end = Math.min(text.length, COUNTED_LENGTH_MAX);
  let total = 0;
  let pieces = 0;
  for (let at = 0; at < end;) {
    const next = endOfPiece(text, at, end);
    total += count(text.slice(at, next));
    at = next;
    pieces += 1;
    if (pieces % PIECES_PER_TURN === 0) {
      await nextTurn();
    }
  }
  return end === 0 ? 0 : Math.ceil((total * text.length) / end);
}

/** Words stay whole where they can: the tokenizer counts a space with the word behind it. */
function endOfPiece(text: string, start: number, end: number): number {
  const hardEnd = Math.min(start + PIECE_LENGTH, end);
  const space = hardEnd === end ? -1 : text.lastIndexOf(' ', hardEnd);
  return space > start ? space : hardEnd;
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

const WORDLESS = new Set([
  'role',
  'type',
  'id',
  'index',
  'finish_reason',
  'url',
  'data',
  'signature',
  'tool_use_id',
  'cache_control',
]);

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
