/**
 * From what a call used to what a team pays. Every mode is one fraction, so that the gate's Lua,
 * which counts in doubles, and TypeScript reach the same integer:
 *
 *   charge in microcredits = ceil(quantity × multiplier / divisor)
 *
 * At the bounds below the charge of one call stays under 1.1e15 microcredits, so that doubles
 * (exact below 2^53 = 9.0e15) hold it and every step on the way to it.
 */
import { divideRoundingUp, MICROCREDITS_PER_CREDIT, NANO_USD_PER_USD } from '../money.ts';

/** A team's terms: what it pays for a call. */
export type ChargeTerms =
  | { readonly mode: 'job_based' }
  | {
      readonly mode: 'consumption_usd';
      readonly microcreditsPerUsd: bigint;
      readonly markupBasisPoints: number;
    }
  | {
      readonly mode: 'consumption_tokens';
      readonly tokensPerCredit: bigint;
      readonly markupBasisPoints: number;
    };

export type BudgetMode = ChargeTerms['mode'];

/** 100,000 credits for a dollar: with the largest markup and the dearest call, 1.1e15 microcredits. */
export const MAX_MICROCREDITS_PER_USD = 100_000n * MICROCREDITS_PER_CREDIT;
/** The divisor of the fraction; {@link multiplyDivideRoundingUp} is exact up to 2^30. */
export const MAX_TOKENS_PER_CREDIT = 1_000_000_000n;
/** 999.99 percent. */
export const MAX_MARKUP_BASIS_POINTS = 99_999;
/** Past any model's context; with one token to the credit and the largest markup, 1.1e15 microcredits. */
export const MAX_USAGE_TOKENS_PER_CALL = 100_000_000;

const BASIS_POINTS = 10_000n;

/** The fraction that turns a quantity into microcredits. All three fit a double exactly. */
export interface EffectiveRate {
  /** What the quantity counts: calls, nano-USD of provider cost, or usage tokens. */
  readonly basis: 'call' | 'cost_nano_usd' | 'usage_tokens';
  readonly multiplier: bigint;
  readonly divisor: bigint;
}

/**
 * The terms as one fraction, markup included. A dollar rate with at most two decimals of a credit is
 * exact; a finer one is rounded up by less than a microcredit for each dollar.
 */
export function effectiveRate(terms: ChargeTerms): EffectiveRate {
  if (terms.mode === 'job_based') {
    return { basis: 'call', multiplier: MICROCREDITS_PER_CREDIT, divisor: 1n };
  }
  const withMarkup = BASIS_POINTS + BigInt(terms.markupBasisPoints);
  if (terms.mode === 'consumption_usd') {
    return {
      basis: 'cost_nano_usd',
      multiplier: divideRoundingUp(terms.microcreditsPerUsd * withMarkup, BASIS_POINTS),
      divisor: NANO_USD_PER_USD,
    };
  }
  return {
    basis: 'usage_tokens',
    multiplier: (MICROCREDITS_PER_CREDIT / BASIS_POINTS) * withMarkup,
    divisor: terms.tokensPerCredit,
  };
}

/** What a team pays for a call, in microcredits, rounded up by less than one. */
export function chargeMicrocredits(
  terms: ChargeTerms,
  used: { readonly costNanoUsd: bigint; readonly usageTokens: number },
): bigint {
  const rate = effectiveRate(terms);
  return chargeAt(rate, quantityOf(rate, used));
}

/** The charge for a quantity counted in the rate's basis. */
export function chargeAt(rate: EffectiveRate, quantity: bigint): bigint {
  return divideRoundingUp(quantity * rate.multiplier, rate.divisor);
}

/** The largest quantity whose charge is within these microcredits. */
export function affordableQuantity(rate: EffectiveRate, microcredits: bigint): bigint {
  return microcredits <= 0n ? 0n : (microcredits * rate.divisor) / rate.multiplier;
}

/** What the rate counts of a call. */
export function quantityOf(
  rate: EffectiveRate,
  used: { readonly costNanoUsd: bigint; readonly usageTokens: number },
): bigint {
  if (rate.basis === 'call') {
    return 1n;
  }
  return rate.basis === 'cost_nano_usd' ? used.costNanoUsd : BigInt(used.usageTokens);
}

/**
 * `ceil(quantity × multiplier / divisor)` in doubles, as the gate's Lua computes it: line for line
 * the same operations, so that the property tests of this function are tests of that one.
 * Exact while the divisor is at most 2^30 and the arguments and the result are below 2^53.
 *
 * A plain product would pass 2^53 (a dollar at ten credits is already 1e16), so both factors are
 * reduced by the divisor and the rest is multiplied in two halves of 15 bits.
 */
export function multiplyDivideRoundingUp(
  quantity: number,
  multiplier: number,
  divisor: number,
): number {
  const quantityWhole = Math.floor(quantity / divisor);
  const quantityRest = quantity - quantityWhole * divisor;
  const multiplierWhole = Math.floor(multiplier / divisor);
  const multiplierRest = multiplier - multiplierWhole * divisor;
  const high = Math.floor(multiplierRest / 32768);
  const low = multiplierRest - high * 32768;
  const product = quantityRest * high;
  const productWhole = Math.floor(product / divisor);
  const rest = (product - productWhole * divisor) * 32768 + quantityRest * low;
  return (
    quantityWhole * multiplier +
    quantityRest * multiplierWhole +
    productWhole * 32768 +
    Math.ceil(rest / divisor)
  );
}

/**
 * The largest quantity, up to the given one, that these microcredits surely pay for, in doubles. It may
 * lie a unit or two below {@link affordableQuantity}, never above. The gate does not use it: it finds its
 * cap by halving, because a cap counts usage tokens and not what the rate counts.
 */
export function affordableInDoubles(
  microcredits: number,
  rate: { readonly multiplier: number; readonly divisor: number },
  upTo: number,
): number {
  const estimate = Math.floor((microcredits / rate.multiplier) * rate.divisor);
  let quantity = Math.max(0, Math.min(upTo, estimate));
  // The estimate is off by its last bits at most, so this takes a step or two; at 0 the charge is 0.
  while (multiplyDivideRoundingUp(quantity, rate.multiplier, rate.divisor) > microcredits) {
    quantity -= 1;
  }
  return quantity;
}
