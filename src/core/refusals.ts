// Every expected no, in one table. A refusal is a value: operations return it, doors translate it
// into their dialect. Placeholders in braces are facts, and the compiler asks for each of them.

import type { RatesLeft } from './limits/rate.ts';
import { CALLER_REFUSALS } from './refusals/caller.ts';
import { CHANGE_REFUSALS } from './refusals/change.ts';
import { JOB_REFUSALS } from './refusals/job.ts';
import type { RefusalKind } from './refusals/kind.ts';
import type { CallSight } from './refusals/refused-call.ts';
import { REQUEST_REFUSALS } from './refusals/request.ts';

export const REFUSALS = {
  ...CALLER_REFUSALS,
  ...REQUEST_REFUSALS,
  ...CHANGE_REFUSALS,
  ...JOB_REFUSALS,
} as const;

export type RefusalCode = keyof typeof REFUSALS;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
type TextsOf<Kind> = Kind[keyof Kind] & string;
type FactsOf<Code extends RefusalCode> = {
  readonly [Name in Placeholders<TextsOf<(typeof REFUSALS)[Code]>>]: string | number;
};

/** An expected no, with the facts that decided. */
export interface Refusal {
  readonly refused: RefusalCode;
  readonly facts: Readonly<Record<string, string | number>>;
  /** What is left of the caller's limits, where some are set. */
  readonly ratesLeft?: RatesLeft;
  /** What was known of the call, where it had a caller. */
  readonly seen?: CallSight;
}

/** Makes a refusal; the compiler asks for every fact that its sentences name. */
export function refuse<Code extends RefusalCode>(
  code: Code,
  ...[facts]: [keyof FactsOf<Code>] extends [never] ? [] : [FactsOf<Code>]
): Refusal {
  return { refused: code, facts: facts ?? {} };
}

/** Tells a refusal from an answer. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** The sentence for client developers and scripts. */
export function publicSentence(refusal: Refusal): string {
  return filled(REFUSALS[refusal.refused].message, refusal);
}

/** The sentence for people in Slack; facts are not yet escaped for Slack. */
export function slackSentence(refusal: Refusal): string {
  const kind: RefusalKind = REFUSALS[refusal.refused];
  return filled(kind.slack ?? kind.message, refusal);
}

/** What to do about it. */
export function cureOf(refusal: Refusal): string {
  return filled(REFUSALS[refusal.refused].cure, refusal);
}

function filled(text: string, refusal: Refusal): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(refusal.facts[name] ?? whole),
  );
}
