/**
 * What a limit counts: requests and usage tokens within the last 60 seconds, or calls at once. Usage
 * tokens are input and output together, as providers count them.
 */
export type LimitKind = 'requests' | 'usage_tokens' | 'parallel';

export const LIMIT_KINDS: readonly LimitKind[] = ['requests', 'usage_tokens', 'parallel'];

/** A ceiling on a rate or on calls at once. */
export interface Limit {
  readonly kind: LimitKind;
  /** For this model alone; null for all of them together. */
  readonly model: string | null;
  readonly max: number;
  /** Evaluated, counted and reported, but nothing is refused by it. */
  readonly shadow: boolean;
  readonly boost: LimitBoost | null;
}

/** A raise with an end. */
export interface LimitBoost {
  readonly by: number;
  readonly untilMs: number;
}

/** The gate counts in doubles and sums a minute's calls; more than this is not a limit. */
export const LIMIT_MAX = 1_000_000_000_000;

/** What is wrong with the number of a limit, or undefined if nothing is. 0 lets nothing through. */
export function complaintAboutLimit(max: number): string | undefined {
  if (!Number.isSafeInteger(max)) {
    return 'it must be a whole number';
  }
  if (max < 0) {
    return 'it must be 0 or more';
  }
  return max > LIMIT_MAX ? `it must be at most ${LIMIT_MAX.toLocaleString('en')}` : undefined;
}
