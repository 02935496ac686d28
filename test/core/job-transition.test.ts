import { describe, expect, test } from 'vitest';
import type { JobStatus } from '../../src/core/jobs/job.ts';
import { chargeAtEnd, nextStatus } from '../../src/core/jobs/transition.ts';
import type { JobEvent } from '../../src/core/jobs/transition.ts';

/** What each event makes of each status; a dash where it is refused. */
const TABLE = `
              start        complete   fail    cancel     expire
  pending     in_progress  completed  failed  cancelled  expired
  in_progress in_progress  completed  failed  cancelled  expired
  completed   -            completed  -       -          -
  failed      -            -          failed  -          -
  cancelled   -            -          -       cancelled  -
  expired     -            -          -       -          expired
`;

const [events = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const CASES = rows.flatMap(([status = '', ...nexts]) =>
  nexts.map((next, at) => [status, events[at] ?? '', next] as const),
);

test.each(CASES)('a job that is %s: %s makes it %s', (status, event, next) => {
  expect(nextStatus(status as JobStatus, event as JobEvent) ?? '-').toBe(next);
});

describe('what a job is charged that holds one credit', () => {
  const HELD = 1_000_000n;
  const charged = (status: JobStatus, chargeFailed: boolean, completedCalls: number): bigint =>
    chargeAtEnd(HELD, status, { chargeFailed }, completedCalls);

  test('is all of it when it completed, whatever the policy and even without a call', () => {
    expect(charged('completed', false, 0)).toBe(HELD);
    expect(charged('completed', true, 3)).toBe(HELD);
  });
  test('is nothing for any other end, unless the policy charges failures', () => {
    for (const status of ['failed', 'cancelled', 'expired'] as const) {
      expect(charged(status, false, 3)).toBe(0n);
      expect(charged(status, true, 3)).toBe(HELD);
    }
  });
  test('is nothing for one that was given up before a call completed', () => {
    expect(charged('cancelled', true, 0)).toBe(0n);
    expect(charged('expired', true, 0)).toBe(0n);
    expect(charged('failed', true, 0)).toBe(HELD);
  });
});
