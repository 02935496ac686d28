import { z } from 'zod';
import { REFUSALS } from '../../core/refusals.ts';
import type { Refusal, RefusalCode } from '../../core/refusals.ts';
import type { CallSight, RefusedCall } from '../../core/refusals/refused-call.ts';

/** Names of models and complaints come from clients: longer ones say no more. */
const TEXT_MAX_LENGTH = 300;

/** A key that was put where a name belongs must not be kept. */
const KEY_LIKE = /\b(sk|pk|key)-[\w*.-]{6,}/gi;

/** A refused call as it is kept. */
export function refusedText({ id, at, refusal }: RefusedCall): string {
  const { refused, facts, seen } = refusal;
  const kept = { id, at: at.getTime(), refused, facts, seen };
  return JSON.stringify(kept, (_name, value: unknown) =>
    typeof value === 'string' ? bounded(value) : value,
  );
}

function bounded(text: string): string {
  return text.slice(0, TEXT_MAX_LENGTH).replaceAll(KEY_LIKE, '$1-…');
}

const KEPT = z.object({
  id: z.string(),
  at: z.number(),
  refused: z.string().refine((code) => code in REFUSALS),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  seen: z.looseObject({ teamId: z.string() }).optional(),
});

/** Reads what refusedText wrote; undefined of anything else, such as the code of another version. */
export function refusedFrom(text: string): RefusedCall | undefined {
  const { success, data } = KEPT.safeParse(jsonIn(text));
  if (!success) {
    return undefined;
  }
  const refusal: Refusal = {
    refused: data.refused as RefusalCode,
    facts: data.facts,
    ...(data.seen === undefined ? {} : { seen: data.seen as unknown as CallSight }),
  };
  return { id: data.id, at: new Date(data.at), refusal };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
