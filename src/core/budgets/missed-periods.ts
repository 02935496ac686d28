import type { BudgetDuration } from './duration.ts';
import { boundariesFrom, fixedLengthMs, isFixed, MAX_BOUNDARIES, periodAt } from './period.ts';

/** What periods are drawn from. */
export interface PeriodRule {
  readonly duration: BudgetDuration;
  readonly anchorMs: number;
  readonly timeZone: string;
}

/** One period in which something was spent, or some in a row in which nothing was. */
export interface Stretch {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly periods: number;
}

/**
 * What lies between two boundaries that nobody wrote down in time: each period in which something was spent
 * by itself, and what lies between those as one, whose end is the right boundary.
 */
export function missedPeriods(
  rule: PeriodRule,
  fromMs: number,
  toMs: number,
  spentStartsMs: readonly number[],
): Stretch[] {
  const stretches: Stretch[] = [];
  let atMs = fromMs;
  const addIdle = (endsAtMs: number): void => {
    if (endsAtMs > atMs) {
      const periods = periodsBetween(rule, atMs, endsAtMs);
      stretches.push({ startsAtMs: atMs, endsAtMs, periods });
    }
  };
  for (const spentMs of spentStartsMs) {
    const spent = periodAt(rule.duration, rule.anchorMs, rule.timeZone, spentMs);
    const endsAtMs = Math.min(spent.endsAtMs, toMs);
    if (endsAtMs > atMs) {
      addIdle(spent.startsAtMs);
      const startsAtMs = Math.max(spent.startsAtMs, atMs);
      stretches.push({ startsAtMs, endsAtMs, periods: 1 });
      atMs = endsAtMs;
    }
  }
  addIdle(toMs);
  return stretches;
}

/** At least one: a change of the time zone may cut one short. */
function periodsBetween(rule: PeriodRule, fromMs: number, toMs: number): number {
  const { duration, anchorMs, timeZone } = rule;
  if (isFixed(duration)) {
    return Math.max(1, Math.round((toMs - fromMs) / fixedLengthMs(duration)));
  }
  let count = 0;
  for (let atMs = fromMs; atMs < toMs;) {
    const [, ...next] = boundariesFrom(duration, anchorMs, timeZone, atMs, MAX_BOUNDARIES);
    const within = next.filter((boundaryMs) => boundaryMs <= toMs);
    count += within.length;
    if (within.length < next.length) {
      break;
    }
    atMs = within.at(-1) ?? toMs;
  }
  return Math.max(1, count);
}
