import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BudgetDuration } from '../../src/core/budgets/duration.ts';
import { durationText, parseDuration } from '../../src/core/budgets/duration.ts';

function durationOf(text: string): BudgetDuration {
  const parsed = parseDuration(text);
  if ('complaint' in parsed) {
    throw new Error(`Reading "${text}": ${parsed.complaint}`);
  }
  return parsed;
}

describe('a duration', () => {
  it.each([
    ['1s', '1s'],
    ['90s', '90s'],
    ['60s', '1m'],
    ['3600s', '1h'],
    ['15m', '15m'],
    ['90m', '90m'],
    ['60m', '1h'],
    ['1h', '1h'],
    ['hourly', '1h'],
    ['36h', '36h'],
    ['1d', '1d'],
    ['24h', '1d'],
    ['1440m', '1d'],
    ['86400s', '1d'],
    ['daily', '1d'],
    ['48h', '2d'],
    ['7d', '7d'],
    ['1w', '7d'],
    ['168h', '7d'],
    ['weekly', '7d'],
    ['2w', '14d'],
    ['30d', '1mo'],
    ['720h', '1mo'],
    ['1mo', '1mo'],
    ['monthly', '1mo'],
    ['31d', '31d'],
    ['60d', '60d'],
    ['3mo', '3mo'],
    ['12mo', '1y'],
    ['1y', '1y'],
    ['yearly', '1y'],
    ['18mo', '18mo'],
    ['10y', '10y'],
    ['120mo', '10y'],
    ['3653d', '3653d'],
    ['  30D\n', '1mo'],
    ['Monthly', '1mo'],
    ['1MO', '1mo'],
    ['12H', '12h'],
    ['007d', '7d'],
  ])('written %j has the one spelling %s', (text, canonical) => {
    expect(durationText(durationOf(text))).toBe(canonical);
  });

  it('comes back from its own text as the same value', () => {
    const written = fc
      .tuple(
        fc.integer({ min: 1, max: 4_000 }),
        fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo', 'y'),
      )
      .map(([count, unit]) => `${count}${unit}`)
      .filter((text) => !('complaint' in parseDuration(text)));
    fc.assert(
      fc.property(written, (text) => {
        const duration = durationOf(text);
        expect(durationOf(durationText(duration))).toEqual(duration);
      }),
    );
  });

  it('takes m for minutes, as LiteLLM does, never for months', () => {
    expect(durationOf('1m')).toEqual({ unit: 'second', count: 60 });
    expect(durationOf('1mo')).toEqual({ unit: 'month', count: 1 });
  });
});

describe('what is no duration is refused with the reason', () => {
  it.each([
    ['', 'it is empty, write a whole number and a unit'],
    ['   ', 'it is empty'],
    ['0d', '"0d" is too short, at least 1s is allowed'],
    ['0mo', 'too short'],
    ['-1d', '"-1d" is not a duration, write a whole number and a unit'],
    ['+1d', 'not a duration'],
    ['1.5d', '"1.5d" is not a duration'],
    ['1,5d', 'not a duration'],
    ['1e3s', 'not a duration'],
    ['1y3x', 'not a duration'],
    ['1d 2h', 'not a duration'],
    ['30 d', 'not a duration'],
    ['30', 'not a duration'],
    ['d', 'not a duration'],
    ['never', 'not a duration'],
    ['٣d', 'not a duration'],
    ['5x', '"5x" has an unknown unit, it must be s (seconds), m (minutes), h (hours)'],
    ['5min', 'unknown unit'],
    ['2days', 'unknown unit'],
    ['1constructor', 'unknown unit'],
    ['1M', '"1M" may mean minutes or months'],
    ['99999999999999d', '"99999999999999d" is too long, at most 10y are allowed'],
    ['11y', 'too long'],
    ['121mo', 'too long'],
    ['3654d', 'too long'],
    ['522w', 'too long'],
    ['87673h', 'too long'],
  ])('%j: %s', (text, complaint) => {
    expect(parseDuration(text)).toEqual({ complaint: expect.stringContaining(complaint) });
  });

  it('without showing a page of what was typed', () => {
    const parsed = parseDuration(`${'9'.repeat(5_000)}d`);
    expect('complaint' in parsed && parsed.complaint.length).toBeLessThan(200);
  });

  it('whatever was typed, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseDuration(text);
        expect('complaint' in parsed ? parsed.complaint.length : parsed.count).toBeGreaterThan(0);
      }),
    );
  });
});
