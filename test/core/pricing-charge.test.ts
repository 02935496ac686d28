import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MICROCREDITS } from '../../src/core/money.ts';
import { MAX_CALL_COST_NANO_USD } from '../../src/core/pricing/bound.ts';
import type { ChargeTerms } from '../../src/core/pricing/charge.ts';
import {
  affordableInDoubles,
  affordableQuantity,
  chargeAt,
  chargeMicrocredits,
  effectiveRate,
  MAX_MARKUP_BASIS_POINTS,
  MAX_MICROCREDITS_PER_USD,
  MAX_TOKENS_PER_CREDIT,
  MAX_USAGE_TOKENS_PER_CALL,
  multiplyDivideRoundingUp,
} from '../../src/core/pricing/charge.ts';

const markupBasisPoints = fc.integer({ min: 0, max: MAX_MARKUP_BASIS_POINTS });
const perDollar = fc.record({
  mode: fc.constant('consumption_usd' as const),
  microcreditsPerUsd: fc.bigInt({ min: 1n, max: MAX_MICROCREDITS_PER_USD }),
  markupBasisPoints,
});
const perUsageToken = fc.record({
  mode: fc.constant('consumption_tokens' as const),
  tokensPerCredit: fc.bigInt({ min: 1n, max: MAX_TOKENS_PER_CREDIT }),
  markupBasisPoints,
});
const costNanoUsd = fc.bigInt({ min: 0n, max: MAX_CALL_COST_NANO_USD });
const usageTokens = fc.integer({ min: 0, max: MAX_USAGE_TOKENS_PER_CALL });
const anyRate = fc
  .oneof(perDollar, perUsageToken)
  .map((terms: ChargeTerms) => effectiveRate(terms));
const maxOf = (basis: string) =>
  basis === 'usage_tokens' ? BigInt(MAX_USAGE_TOKENS_PER_CALL) : MAX_CALL_COST_NANO_USD;

/** Amounts from all magnitudes, not only the large ones. */
const share = fc.tuple(
  fc.bigInt({ min: 0n, max: 10n ** 15n }),
  fc.constantFrom(1n, 10n ** 4n, 10n ** 8n, 10n ** 12n),
);

describe('the charge of a call', () => {
  it('is one credit under job_based, whatever was used', () => {
    const used = { costNanoUsd: 10n ** 11n, usageTokens: 5_000_000 };
    expect(chargeMicrocredits({ mode: 'job_based' }, used)).toBe(1_000_000n);
  });

  it('is cost × credits per dollar × markup under consumption_usd', () => {
    const terms = {
      mode: 'consumption_usd' as const,
      microcreditsPerUsd: 10_000_000n,
      markupBasisPoints: 2_000,
    };
    // $0.05 at 10 credits a dollar and 20 percent: 0.6 credits.
    expect(chargeMicrocredits(terms, { costNanoUsd: 50_000_000n, usageTokens: 1 })).toBe(600_000n);
  });

  it('is usage tokens ÷ tokens per credit × markup under consumption_tokens', () => {
    const terms = {
      mode: 'consumption_tokens' as const,
      tokensPerCredit: 10_000n,
      markupBasisPoints: 1_000,
    };
    expect(chargeMicrocredits(terms, { costNanoUsd: 9n, usageTokens: 25_000 })).toBe(2_750_000n);
  });

  it('is rounded up by less than one microcredit', () => {
    const cents = fc.bigInt({ min: 1n, max: 10_000_000n });
    fc.assert(
      fc.property(cents, markupBasisPoints, costNanoUsd, (rate, markup, cost) => {
        const microcreditsPerUsd = rate * 10_000n;
        const charge = chargeMicrocredits(
          { mode: 'consumption_usd', microcreditsPerUsd, markupBasisPoints: markup },
          { costNanoUsd: cost, usageTokens: 0 },
        );
        const scale = 10_000n * 10n ** 9n;
        const excess = charge * scale - cost * microcreditsPerUsd * BigInt(10_000 + markup);
        expect(excess >= 0n && excess < scale).toBe(true);
      }),
    );
    fc.assert(
      fc.property(perUsageToken, usageTokens, (terms, count) => {
        const charge = chargeMicrocredits(terms, { costNanoUsd: 0n, usageTokens: count });
        const scale = terms.tokensPerCredit;
        const excess =
          charge * scale - BigInt(count) * 100n * BigInt(10_000 + terms.markupBasisPoints);
        expect(excess >= 0n && excess < scale).toBe(true);
      }),
    );
  });
});

describe('the arithmetic of the gate, in doubles', () => {
  it('reaches the same integer as bigint at every bound', () => {
    fc.assert(
      fc.property(anyRate, share, (rate, [amount, divisor]) => {
        const max = maxOf(rate.basis);
        const quantity = (amount / divisor) % (max + 1n);
        const inDoubles = multiplyDivideRoundingUp(
          Number(quantity),
          Number(rate.multiplier),
          Number(rate.divisor),
        );
        expect(BigInt(inDoubles)).toBe(chargeAt(rate, quantity));
        expect(inDoubles).toBeLessThan(Number.MAX_SAFE_INTEGER / 8);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is exact at the very bounds', () => {
    const dearest = effectiveRate({
      mode: 'consumption_usd',
      microcreditsPerUsd: MAX_MICROCREDITS_PER_USD,
      markupBasisPoints: MAX_MARKUP_BASIS_POINTS,
    });
    for (const quantity of [0n, 1n, MAX_CALL_COST_NANO_USD - 1n, MAX_CALL_COST_NANO_USD]) {
      const inDoubles = multiplyDivideRoundingUp(
        Number(quantity),
        Number(dearest.multiplier),
        Number(dearest.divisor),
      );
      expect(BigInt(inDoubles)).toBe(chargeAt(dearest, quantity));
    }
  });

  it('never lets a call spend more than the balance can pay, and wastes next to nothing', () => {
    fc.assert(
      fc.property(
        anyRate,
        fc.bigInt({ min: 0n, max: MAX_MICROCREDITS }),
        fc.constantFrom(1n, 1_000n, 1_000_000n, 1_000_000_000n),
        (rate, amount, divisor) => {
          const balance = amount / divisor;
          const max = maxOf(rate.basis);
          const inDoubles = affordableInDoubles(
            Number(balance),
            { multiplier: Number(rate.multiplier), divisor: Number(rate.divisor) },
            Number(max),
          );
          const exact = affordableQuantity(rate, balance);
          const best = exact < max ? exact : max;
          expect(chargeAt(rate, BigInt(inDoubles)) <= balance).toBe(true);
          expect(best - BigInt(inDoubles) >= 0n && best - BigInt(inDoubles) <= 2n).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('what a balance can pay', () => {
  it('is the largest quantity whose charge is within it', () => {
    fc.assert(
      fc.property(anyRate, fc.bigInt({ min: 0n, max: MAX_MICROCREDITS }), (rate, balance) => {
        const quantity = affordableQuantity(rate, balance);
        expect(chargeAt(rate, quantity) <= balance).toBe(true);
        expect(chargeAt(rate, quantity + 1n) > balance).toBe(true);
      }),
    );
  });

  it('is nothing below zero', () => {
    expect(affordableQuantity(effectiveRate({ mode: 'job_based' }), -5n)).toBe(0n);
  });
});
