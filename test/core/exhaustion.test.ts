import { array, assert, bigInt, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exhaustionOf } from '../../src/core/usage/exhaustion.ts';
import type { Pace } from '../../src/core/usage/exhaustion.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function pace(windowMs: number, charged: bigint, seenMs = windowMs, calls = 100n): Pace {
  return { windowMs, seen: { charged, calls, first: new Date(NOW - seenMs) } };
}

/** Whatever can be seen of a team's use, in any number of windows. */
const anyPaces = array(
  record({
    windowMs: constantFrom(HOUR_MS, DAY_MS, 7 * DAY_MS),
    charged: bigInt({ min: 0n, max: 10n ** 18n }),
    calls: bigInt({ min: 0n, max: 1_000_000n }),
    seenPart: integer({ min: 0, max: 100 }),
  }).map(({ windowMs, charged, calls, seenPart }) =>
    pace(windowMs, charged, (windowMs * seenPart) / 100, calls),
  ),
  { maxLength: 3 },
);
const anyBalance = bigInt({ min: 0n, max: 10n ** 18n });

describe('the moment at which credits run out', () => {
  test('lies between what the fastest and the slowest pace say', () => {
    expect(exhaustionOf(240n, [pace(HOUR_MS, 20n), pace(DAY_MS, 240n)], NOW)).toEqual({
      earliest: new Date('2026-11-22T00:00:00Z'),
      latest: new Date('2026-11-22T12:00:00Z'),
      paces: 2,
    });
  });

  test('is not told from a handful of calls, nor from a part of a window that says nothing of it', () => {
    expect(exhaustionOf(240n, [pace(HOUR_MS, 20n, HOUR_MS, 9n)], NOW)).toBeUndefined();
    expect(exhaustionOf(240n, [pace(DAY_MS, 20n, 179 * MINUTE_MS)], NOW)).toBeUndefined();
    expect(exhaustionOf(240n, [pace(DAY_MS, 20n, 180 * MINUTE_MS)], NOW)).toBeDefined();
    expect(exhaustionOf(240n, [], NOW)).toBeUndefined();
  });

  test('is never in the past, and never told the wrong way round', () => {
    assert(
      property(anyBalance, anyPaces, (balance, paces) => {
        const { earliest, latest } = exhaustionOf(balance, paces, NOW) ?? {
          earliest: new Date(NOW),
          latest: new Date(NOW),
        };
        expect(earliest.getTime()).toBeGreaterThanOrEqual(NOW);
        expect(latest.getTime()).toBeGreaterThanOrEqual(earliest.getTime());
      }),
    );
  });

  test('is later with more credits, and sooner with more use', () => {
    const more = bigInt({ min: 0n, max: 10n ** 15n });
    assert(
      property(anyBalance, anyPaces, more, (balance, paces, extra) => {
        const faster = paces.map(({ windowMs, seen }) => ({
          windowMs,
          seen: { ...seen, charged: seen.charged === 0n ? 0n : seen.charged + extra },
        }));
        const end = (of: bigint, by: readonly Pace[]): number =>
          exhaustionOf(of, by, NOW)?.earliest.getTime() ?? Number.POSITIVE_INFINITY;
        expect(end(balance + extra, paces)).toBeGreaterThanOrEqual(end(balance, paces));
        expect(end(balance, faster)).toBeLessThanOrEqual(end(balance, paces));
      }),
    );
  });

  test('is now where nothing is left', () => {
    assert(
      property(anyPaces, (paces) => {
        const { earliest, latest } = exhaustionOf(0n, paces, NOW) ?? {
          earliest: new Date(NOW),
          latest: new Date(NOW),
        };
        expect([earliest.getTime(), latest.getTime()]).toEqual([NOW, NOW]);
      }),
    );
  });
});
