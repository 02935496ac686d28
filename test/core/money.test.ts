import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  creditsFromText,
  creditsToNumber,
  creditsToText,
  divideRoundingUp,
  MAX_MICROCREDITS,
  parseCreditAmount,
  scaleRoundingUp,
  usdFromText,
  usdToText,
} from '../../src/core/money.ts';

const microcredits = fc.bigInt({ min: -MAX_MICROCREDITS, max: MAX_MICROCREDITS });

describe('credits as text', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(microcredits, (amount) => {
        expect(creditsFromText(creditsToText(amount), { allowNegative: true })).toBe(amount);
      }),
    );
  });

  it('come back exactly through a JSON number', () => {
    fc.assert(
      fc.property(microcredits, (amount) => {
        expect(parseCreditAmount(creditsToNumber(amount), { allowNegative: true })).toBe(amount);
      }),
    );
  });

  it.each([
    ['1,000.5', 1_000_500_000n],
    ['1000', 1_000_000_000n],
    ['0.000001', 1n],
    ['0.1000000', 100_000n],
    [' 7 ', 7_000_000n],
    ['1,000,000,000', MAX_MICROCREDITS],
  ])('%s is read exactly', (text, amount) => {
    expect(creditsFromText(text)).toBe(amount);
  });

  it.each([
    ['1,5', 'not a number'],
    ['12,34,567', 'not a number'],
    ['', 'not a number'],
    ['1e9', 'not a number'],
    ['0x10', 'not a number'],
    ['0.0000001', '6 decimals'],
    ['1000000000.000001', 'above the 1,000,000,000 credits that are allowed'],
    ['-1', 'negative, an amount has no minus sign'],
  ])('"%s" is refused with the reason', (text, reason) => {
    expect(creditsFromText(text)).toEqual({ reason: expect.stringContaining(reason) });
  });

  it.each([NaN, Infinity, 1e21, 1e-7, 1_000_000_001])('the number %d is refused', (value) => {
    expect(parseCreditAmount(value)).toEqual({ reason: expect.any(String) });
  });

  it('are grouped and hold no needless zeros', () => {
    expect(creditsToText(1_000_000_000n)).toBe('1,000');
    expect(creditsToText(999_250_000n)).toBe('999.25');
    expect(creditsToText(-1_234_567_000_001n)).toBe('-1,234,567.000001');
  });
});

describe('dollars as text', () => {
  it('are read exactly and shown with at least two decimals', () => {
    expect(usdFromText('$12.5')).toBe(12_500_000_000n);
    expect(usdToText(12_500_000_000n)).toBe('12.50');
    expect(usdToText(123_000n)).toBe('0.000123');
    expect(usdToText(-1_234_000_000_000n)).toBe('-1,234.00');
  });
});

describe('rounding up', () => {
  it('adds less than one unit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        (dividend, divisor) => {
          const excess = divideRoundingUp(dividend, divisor) * divisor - dividend;
          expect(excess >= 0n && excess < divisor).toBe(true);
        },
      ),
    );
  });

  it('scales the decimal text of a number, not its float', () => {
    expect(scaleRoundingUp(0.15, 6)).toBe(150_000n);
    expect(scaleRoundingUp(2.5e-6, 12)).toBe(2_500_000n);
    expect(scaleRoundingUp(1e-7, 12)).toBe(100_000n);
    expect(scaleRoundingUp(0.08333333333333334, 6)).toBe(83_334n);
    expect(scaleRoundingUp(1e21, 0)).toBe(10n ** 21n);
    expect(() => scaleRoundingUp(-1, 6)).toThrow('only finite numbers');
  });
});
