import {
  MAX_MARKUP_BASIS_POINTS,
  MAX_MICROCREDITS_PER_USD,
  MAX_TOKENS_PER_CREDIT,
} from '../pricing/charge.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Team } from './team.ts';

export const BUDGET_MODES = ['job_based', 'consumption_usd', 'consumption_tokens'] as const;

type Terms = Pick<Team, 'microcreditsPerUsd' | 'tokensPerCredit' | 'markupBasisPoints'>;

/** Refuses terms past the bounds within which the gate counts exactly. */
export function complaintAboutTerms(terms: Terms): Refusal | undefined {
  const checks: readonly [field: string, value: bigint, least: bigint, most: bigint][] = [
    ['credits_per_dollar', terms.microcreditsPerUsd, 1n, MAX_MICROCREDITS_PER_USD],
    ['tokens_per_credit', terms.tokensPerCredit, 1n, MAX_TOKENS_PER_CREDIT],
    ['markup_percent', BigInt(terms.markupBasisPoints), 0n, BigInt(MAX_MARKUP_BASIS_POINTS)],
  ];
  const broken = checks.find(([, value, least, most]) => value < least || value > most);
  return broken === undefined
    ? undefined
    : refuse('value_invalid', { field: broken[0], complaint: 'it is outside of what is allowed' });
}
