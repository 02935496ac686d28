import { usdToText } from '../money.ts';

/** A ceiling in USD for a period, or for ever. Spend is what calls cost at the provider, without markup. */
export interface Budget {
  /** In its canonical form (see duration.ts); null counts for ever. */
  readonly duration: string | null;
  /** For this model alone; null for all of them together. */
  readonly model: string | null;
  readonly maxNanoUsd: bigint;
  /** Reaching it is told and refuses nothing; null where nobody is to be told. */
  readonly softNanoUsd: bigint | null;
  /** From where periods of an exact length are counted. */
  readonly anchorMs: number;
  /** Evaluated, counted and reported, but nothing is refused by it. */
  readonly shadow: boolean;
  readonly boost: BudgetBoost | null;
}

/** A raise with an end. */
export interface BudgetBoost {
  readonly byNanoUsd: bigint;
  readonly untilMs: number;
}

/** The gate counts nano-USD in doubles, which are exact below 2^53: one million dollars leave room. */
export const BUDGET_MAX_NANO_USD = 1_000_000_000_000_000n;

/** What is wrong with the size of a budget, or undefined if nothing is. 0 lets nothing through. */
export function complaintAboutBudget(maxNanoUsd: bigint): string | undefined {
  if (maxNanoUsd < 0n) {
    return 'it must be 0 or more';
  }
  return maxNanoUsd > BUDGET_MAX_NANO_USD
    ? `it must be at most ${usdToText(BUDGET_MAX_NANO_USD)} USD`
    : undefined;
}
