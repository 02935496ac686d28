import { describe, expect, test } from 'vitest';
import { policyChange } from '../../src/bot/alert-words.ts';
import { creditStage } from '../../src/core/alerts/low-credit.ts';
import { complaintAboutPolicy, defaultPolicy } from '../../src/core/alerts/policy.ts';
import { quietUntil } from '../../src/core/alerts/quiet.ts';
import { unusualTimes } from '../../src/core/alerts/unusual.ts';

describe('low credit', () => {
  test.each([
    [100n, undefined],
    [51n, undefined],
    [50n, 50],
    [20n, 20],
    [1n, 5],
    [0n, 0],
    [-5n, 0],
  ])('%s of 100 stands at %s of the thresholds 50, 20 and 5', (balance, stage) => {
    expect(creditStage({ balance, allotment: 100n }, [50, 20, 5])).toBe(stage);
  });
  test('a team that was never funded has none', () => {
    expect(creditStage({ balance: 0n, allotment: 0n }, [20])).toBeUndefined();
  });
});

describe('quiet hours', () => {
  const night = { fromMinute: 22 * 60, toMinute: 7 * 60, timeZone: 'Europe/Berlin' };
  test.each([
    ['2026-11-20T20:59:00Z', undefined],
    ['2026-11-20T21:00:00Z', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T05:59:00Z', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T06:00:00Z', undefined],
    // The clocks go forward in this night.
    ['2026-03-28T23:30:00Z', '2026-03-29T05:00:00.000Z'],
    // And back in this one.
    ['2026-10-24T23:30:00Z', '2026-10-25T06:00:00.000Z'],
  ])('at %s they last until %s', (now, until) => {
    expect(quietUntil(night, Date.parse(now))?.toISOString()).toBe(until);
  });
});

describe('unusual usage', () => {
  const hours = Array.from({ length: 48 }, (_, hour) => BigInt(100 + hour));
  const use = { teamId: 't', latest: 1_000n, calls: 100n, hours, days: 4 };
  test('is several times the busiest usual hour', () => {
    expect(unusualTimes(use)).toBe(6);
  });
  test.each([
    ['little past', { hours: hours.slice(0, 20) }],
    ['few days', { days: 2 }],
    ['few calls', { calls: 3n }],
    ['a busy hour as there were others', { latest: 300n }],
  ])('is none with %s', (_what, other) => {
    expect(unusualTimes({ ...use, ...other })).toBeUndefined();
  });
});

describe('what people write about alerts', () => {
  const present = defaultPolicy({ lowCreditPercent: 20, budgetPercents: [80] });
  test('is understood as a whole', () => {
    const words = {
      thresholds: '5, 50 20%',
      owner: '<@U0MANAGER|maya>',
      critical: '<#C0OPS|ops>',
      quiet: '22-7:30',
      off: 'error-spike',
    };
    expect(policyChange(words, present, 'Europe/Berlin')).toEqual({
      creditPercents: [50, 20, 5],
      owner: 'U0MANAGER',
      routes: { critical: 'C0OPS' },
      quiet: { fromMinute: 22 * 60, toMinute: 7 * 60 + 30, timeZone: 'Europe/Berlin' },
      off: ['error_spike'],
    });
  });
  test.each([
    [{ thresholds: 'half' }, 'thresholds'],
    [{ owner: 'maya' }, 'owner'],
    [{ critical: 'ops' }, 'critical'],
    [{ quiet: 'at night' }, 'quiet'],
  ])('%j is refused by its field', (words, field) => {
    expect(policyChange(words, present, 'UTC')).toMatchObject({ facts: { field } });
  });
  test.each([
    [{ creditPercents: [] }, 'thresholds'],
    [{ creditPercents: [120] }, 'thresholds'],
    [{ creditPercents: [1, 2, 3, 4, 5, 6] }, 'thresholds'],
    [{ off: ['nonsense' as never] }, 'off'],
    [{ quiet: { fromMinute: 0, toMinute: 0, timeZone: 'UTC' } }, 'quiet'],
    [{ quiet: { fromMinute: 0, toMinute: 1500, timeZone: 'UTC' } }, 'quiet'],
    [{ quiet: { fromMinute: 0, toMinute: 60, timeZone: 'Mars/Base' } }, 'zone'],
  ])('a policy with %j is refused by its field', (change, field) => {
    expect(complaintAboutPolicy({ ...present, ...change })?.field).toBe(field);
  });
});
