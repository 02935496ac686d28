// Counts texts with a real tokenizer, where nobody else did. A tokenizer can take quadratic time on text that is made
// for it, so it gets short pieces, a bounded number of them, and the event loop has its turn in between; what is longer
// is counted by proportion.

import { setImmediate as nextTurn } from 'node:timers/promises';

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
export function textsIn(value: unknown): string[] {
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
