import { describe, expect, test } from 'vitest';
import { ceilingsCard } from '../../src/bot/blocks/ceilings.ts';
import { differences } from '../../src/bot/blocks/change-words.ts';
import { doneLines } from '../../src/bot/blocks/ceilings-done.ts';
import { budgetChanges, isMisfit, limitChanges } from '../../src/bot/ceiling-wishes.ts';
import { readKind } from '../../src/bot/commands/kinds.ts';
import type { Budget } from '../../src/core/budgets/budget.ts';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { Limit } from '../../src/core/limits/limit.ts';
import { checkMessageBlocks } from '../../src/embedded/slack/blocks/check.ts';

const NOW = Date.parse('2026-07-15T12:00:00Z');
const UNTIL = NOW + 3_600_000;

const limit = (kind: Limit['kind'], max: number, model: string | null = null): Limit => ({
  kind,
  max,
  model,
  shadow: false,
  boost: null,
});
const budget = (duration: string | null, usd: bigint): Budget => ({
  duration,
  model: null,
  maxNanoUsd: usd * 1_000_000_000n,
  softNanoUsd: null,
  anchorMs: NOW,
  shadow: false,
  boost: null,
});

describe('numbers as people write them', () => {
  test.each([
    ['count', '100', 100],
    ['count', '20k', 20_000],
    ['count', '1,234,567', 1_234_567],
    ['count', '1.1k', 1_100],
    ['count', '1.5M', 1_500_000],
    ['count', 'OFF', 'off'],
    ['usd', '$20', 20_000_000_000n],
    ['usd', '1.5k', 1_500_000_000_000n],
    ['usd', '0.000000001', 1n],
    ['usd', '20 usd', 20_000_000_000n],
    ['raise', '+50%', { percent: 50 }],
    ['raise', '+2k', { by: 2_000 }],
    ['usd_raise', '+$1.50', { by: 1_500_000_000n }],
    ['duration', '30d', '1mo'],
    ['duration', '24H', '1d'],
    ['duration', 'never', 'ever'],
    ['yes_no', 'Yes', true],
    ['limit', 'tokens', 'usage_tokens'],
  ] as const)('%s: %s', (kind, typed, value) => {
    expect(readKind(kind, typed)).toEqual(value);
  });

  test.each([
    ['count', '1.0001k'],
    ['count', '1,5'],
    ['count', ''],
    ['count', '9'.repeat(400)],
    ['usd', '1e400'],
    ['usd', '$-5'],
    ['usd', '5 €'],
    ['raise', '0%'],
    ['raise', '1001%'],
    ['duration', '1M'],
    ['yes_no', '1'],
    ['limit', 'x'],
  ] as const)('%s is not: %s', (kind, typed) => {
    expect(readKind(kind, typed)).toHaveProperty('complaint');
  });
});

describe('which ceiling is meant', () => {
  const present = {
    ceilings: {
      limits: [limit('requests', 101), limit('parallel', 5)],
      budgets: [budget('1mo', 10n)],
    },
    untilMs: UNTIL,
  };

  test('a percentage raises every limit that is there, rounded up', () => {
    expect(limitChanges({ boost: { percent: 50 }, until: '1h' }, present)).toEqual([
      { set: 'limit', kind: 'requests', model: null, boost: { by: 51, untilMs: UNTIL } },
      { set: 'limit', kind: 'parallel', model: null, boost: { by: 3, untilMs: UNTIL } },
    ]);
  });

  test('a number raises the one that is named, by its new size or by “of”', () => {
    const boost = { by: 5, untilMs: UNTIL };
    const words = { boost: { by: 5 }, until: '1h' };
    expect(limitChanges({ ...words, parallel: 9 }, present)).toEqual([
      { set: 'limit', kind: 'parallel', model: null, max: 9, boost },
    ]);
    expect(limitChanges({ ...words, of: 'requests' }, present)).toMatchObject([{ boost }]);
    expect(limitChanges(words, present)).toMatchObject({ argument: 'boost' });
  });

  test('the only budget there is, or the one that is named', () => {
    expect(budgetChanges({ soft: 1n }, present)).toMatchObject([{ duration: '1mo' }]);
    expect(budgetChanges({ max: 1n, every: 'ever' }, present)).toMatchObject([{ duration: null }]);
    expect(isMisfit(budgetChanges({ max: 1n, model: 'gpt-4o' }, present))).toBe(true);
  });
});

test('as many ceilings as there may be, with the longest names, fit one message', () => {
  const limits = Array.from({ length: 32 }, (_, at) =>
    limit('usage_tokens', 1_000_000_000_000, `${'m'.repeat(190)}-${at}`),
  ).map((each) => ({ ...each, shadow: true, boost: { by: 1, untilMs: UNTIL } }));
  const subject = { kind: 'member', teamId: 't'.repeat(64), userId: 'u'.repeat(254) } as const;
  const card = ceilingsCard('limits', {
    place: {
      subject,
      command: '/team',
      words: `${subject.teamId} member=${subject.userId}`,
      title: `${subject.userId} in team ${subject.teamId}`,
    },
    reading: {
      subject,
      organizationId: 'acme',
      limits: limits.map((each) => ({ limit: each, now: undefined })),
      budgets: [],
      isGateAway: true,
      nowMs: NOW,
    },
    done: doneLines({ before: NO_CEILINGS, after: { limits, budgets: [] }, changed: true }),
  });
  expect(checkMessageBlocks(card.blocks)).toMatchObject({ ok: true });
});

test('news of a ceiling speak of it as answers do, with moments in the zone of the reader', () => {
  const requests = { kind: 'requests', max: 2, model: null };
  const boost = { by: 50, until: '2026-11-28T00:00:00.000Z' };
  const news = differences({
    before: { limits: [requests], budgets: [] },
    after: {
      limits: [{ ...requests, shadow: true, boost }],
      budgets: [
        { duration: '1d', model: 'gpt-4o', maxUsd: '5.00' },
        { duration: null, model: null, maxUsd: '9' },
      ],
    },
  });
  expect(news.mrkdwn).toBe(
    'requests a minute `2` → `2`, only counted, `+50` until ' +
      '<!date^1795824000^{date_short_pretty} at {time}|2026-11-28 00:00 UTC>; ' +
      'daily budget for gpt-4o `$5.00`; budget in all `$9`',
  );
});
