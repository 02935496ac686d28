import { describe, expect, test } from 'vitest';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import { CEILINGS_PER_SUBJECT_MAX, NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { BudgetChange, CeilingChange, LimitChange } from '../../src/core/ceilings/change.ts';
import { edited, replaced } from '../../src/core/ceilings/edit.ts';
import { BUDGET_MAX_NANO_USD } from '../../src/core/budgets/budget.ts';
import { LIMIT_MAX } from '../../src/core/limits/limit.ts';
import { isRefusal, publicSentence } from '../../src/core/refusals.ts';
import { DAY_MS } from '../../src/core/time.ts';

const NOW = Date.parse('2026-07-15T12:00:00Z');
const USD = 1_000_000_000n;

const limit = (max: number, more: Partial<LimitChange> = {}): LimitChange => ({
  set: 'limit',
  kind: 'requests',
  model: null,
  max,
  ...more,
});
const budget = (maxUsd: bigint, more: Partial<BudgetChange> = {}): BudgetChange => ({
  set: 'budget',
  duration: '30d',
  model: null,
  maxNanoUsd: maxUsd * USD,
  ...more,
});

function ceilingsAfter(before: Ceilings, ...changes: CeilingChange[]): Ceilings {
  const after = edited(before, changes, NOW);
  if (isRefusal(after)) {
    throw new Error(publicSentence(after));
  }
  return after;
}

describe('what is set', () => {
  test('stays as it is where a change does not name it', () => {
    const boost = { by: 50, untilMs: NOW + DAY_MS };
    const before = ceilingsAfter(NO_CEILINGS, limit(100, { shadow: true, boost }));
    const after = ceilingsAfter(before, limit(200));
    expect(after.limits).toEqual([
      { kind: 'requests', model: null, max: 200, shadow: true, boost },
    ]);
    expect(ceilingsAfter(after, { ...limit(200), boost: null }).limits[0]?.boost).toBeNull();
  });

  test('is another ceiling for another model, kind or duration', () => {
    const after = ceilingsAfter(
      NO_CEILINGS,
      limit(1),
      limit(2, { model: 'gpt-4o' }),
      limit(3, { kind: 'parallel' }),
      budget(1n),
      budget(2n, { duration: '7d' }),
      budget(3n, { duration: null }),
    );
    expect([after.limits.length, after.budgets.length]).toEqual([3, 3]);
  });

  test('keeps the moment from which a budget is counted, however its duration is spelled', () => {
    const before = ceilingsAfter(NO_CEILINGS, budget(5n));
    const after = edited(before, [budget(7n, { duration: 'monthly' })], NOW + DAY_MS);
    expect(after).toMatchObject({
      budgets: [{ duration: '1mo', maxNanoUsd: 7n * USD, anchorMs: NOW }],
    });
    const set = replaced(before, [budget(9n), budget(1n, { duration: '1h' })], NOW + DAY_MS);
    expect(set).toMatchObject({ budgets: [{ anchorMs: NOW }, { anchorMs: NOW + DAY_MS }] });
  });

  test('forgets a boost that has ended', () => {
    const before = ceilingsAfter(NO_CEILINGS, limit(1, { boost: { by: 1, untilMs: NOW + 1 } }));
    expect(edited(before, [limit(2)], NOW + 1)).toMatchObject({ limits: [{ boost: null }] });
  });

  test('is removed by its kind or duration and its model alone', () => {
    const before = ceilingsAfter(NO_CEILINGS, limit(1), limit(2, { model: 'gpt-4o' }), budget(1n));
    const gone = { remove: 'limit', kind: 'requests', model: null } as const;
    expect(ceilingsAfter(before, gone).limits).toMatchObject([{ model: 'gpt-4o' }]);
    const spent = { remove: 'budget', duration: '1mo', model: null } as const;
    expect(ceilingsAfter(before, spent).budgets).toEqual([]);
  });
});

const later = (days: number) => NOW + days * DAY_MS;
const boosted = (by: number, untilMs: number) => limit(1, { boost: { by, untilMs } });
const raised = (by: bigint, untilMs: number) => budget(1n, { boost: { byNanoUsd: by, untilMs } });

describe('nothing is changed, and it is said why, by', () => {
  test.each<[string, CeilingChange, string]>([
    ['a negative limit', limit(-1), 'requests a minute is not acceptable: it must be 0 or more'],
    ['a limit that is no number', limit(Number.NaN), 'it must be a whole number'],
    ['a limit beyond all numbers', limit(Number('1e400')), 'it must be a whole number'],
    ['half a request', limit(0.5), 'it must be a whole number'],
    ['a limit too large', limit(LIMIT_MAX + 1), 'at most 1,000,000,000,000'],
    ['a negative budget', budget(-1n), 'budget for 1mo is not acceptable: it must be 0 or more'],
    ['a budget too large', budget(BUDGET_MAX_NANO_USD / USD + 1n), 'at most 1,000,000.00 USD'],
    ['a duration of nothing', budget(1n, { duration: '0d' }), '"0d" is too short'],
    ['a negative duration', budget(1n, { duration: '-1d' }), '"-1d" is not a duration'],
    ['a duration that is none', budget(1n, { duration: '1y3x' }), '"1y3x" is not a duration'],
    ['no duration', budget(1n, { duration: '' }), 'it is empty'],
    [
      'a soft budget above its max',
      budget(1n, { softNanoUsd: 2n * USD }),
      'not below the 1.00 USD',
    ],
    ['a soft budget at its max', budget(1n, { softNanoUsd: USD }), 'not below the 1.00 USD'],
    ['a soft budget of 0', budget(1n, { softNanoUsd: 0n }), 'it must be more than 0'],
    [
      'a boost in the past',
      boosted(1, NOW),
      'boost of requests a minute is not acceptable: it must end in',
    ],
    ['a boost for too long', boosted(1, later(366) + 1), 'within 366 days'],
    ['a boost without an end', boosted(1, Number.NaN), 'it must end in the future'],
    ['a boost of nothing', boosted(0, later(1)), 'a whole number above 0'],
    ['a negative boost', boosted(-1, later(1)), 'a whole number above 0'],
    ['a budget boosted in the past', raised(1n, NOW), 'it must end in the future'],
    ['a budget boosted by nothing', raised(0n, later(1)), 'it must be more than 0'],
    [
      'a boost of what is not set',
      { set: 'limit', kind: 'parallel', model: null, boost: { by: 1, untilMs: later(1) } },
      'calls at once is not acceptable: it is not set yet',
    ],
    [
      'a boost of a budget that is not set',
      { set: 'budget', duration: null, model: null, boost: null },
      'budget in all is not acceptable: it is not set yet',
    ],
    ['several models', limit(1, { model: 'gpt-*' }), 'the whole name of one model'],
    ['a model that is none', limit(1, { model: 'a b' }), 'no name of a model'],
  ])('%s', (_name, change, said) => {
    const answer = edited(NO_CEILINGS, [limit(5), change], NOW);
    expect(isRefusal(answer) ? publicSentence(answer) : answer).toContain(said);
  });

  test('a soft budget that the new max falls to', () => {
    const before = ceilingsAfter(NO_CEILINGS, budget(10n, { softNanoUsd: 8n * USD }));
    expect(edited(before, [budget(8n)], NOW)).toMatchObject({ refused: 'value_invalid' });
  });

  test('one more ceiling than a subject may have', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => limit(1, { model: `model-${at}` }));
    expect(edited(NO_CEILINGS, many(CEILINGS_PER_SUBJECT_MAX), NOW)).not.toHaveProperty('refused');
    const answer = edited(NO_CEILINGS, many(CEILINGS_PER_SUBJECT_MAX + 1), NOW);
    expect(isRefusal(answer) && publicSentence(answer)).toContain('at most 32 are allowed');
  });

  test('a set that says the same thing twice', () => {
    const answer = replaced(NO_CEILINGS, [budget(1n), budget(2n, { duration: '1mo' })], NOW);
    expect(isRefusal(answer) && publicSentence(answer)).toContain('two of them are for the same');
  });
});
