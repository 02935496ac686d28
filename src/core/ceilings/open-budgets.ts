// Budgets that go on with what was spent of them in another system.

import { BUDGET_MAX_NANO_USD } from '../budgets/budget.ts';
import { durationText, parseDuration } from '../budgets/duration.ts';
import { periodAt } from '../budgets/period.ts';
import { usdToText } from '../money.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';
import { meterOfBudget } from './ceilings.ts';
import type { Ceilings } from './ceilings.ts';
import type { BudgetChange, LimitChange } from './change.ts';
import { subjectText } from './subject.ts';
import type { Subject } from './subject.ts';

/** What a new budget begins with, in nano-USD, by its meter. */
export interface Opening {
  readonly meter: string;
  readonly spentNanoUsd: bigint;
}

/** What the changes say was spent before; or that it can't be. */
export function openingsIn(set: readonly (LimitChange | BudgetChange)[]): Opening[] | Refusal {
  const openings: Opening[] = [];
  for (const change of set) {
    const spentNanoUsd = change.set === 'budget' ? (change.spentNanoUsd ?? 0n) : 0n;
    if (spentNanoUsd < 0n || spentNanoUsd > BUDGET_MAX_NANO_USD) {
      const complaint = `it must be from 0 to ${usdToText(BUDGET_MAX_NANO_USD)} USD`;
      return refuse('value_invalid', { field: 'what was spent', complaint });
    }
    if (change.set === 'budget' && spentNanoUsd > 0n) {
      const parsed = change.duration === null ? undefined : parseDuration(change.duration);
      // One that can't be read is refused by the rules of budgets.
      if (parsed === undefined || !('complaint' in parsed)) {
        const duration = parsed === undefined ? null : durationText(parsed);
        openings.push({ meter: meterOfBudget({ ...change, duration }), spentNanoUsd });
      }
    }
  }
  return openings;
}

interface Budgets {
  readonly openings: readonly Opening[];
  readonly before: Ceilings;
  readonly after: Ceilings;
  readonly organizationId: string;
  readonly nowMs: number;
}

/**
 * Writes what was spent of budgets that are new, so that the gate counts on from there when it is told of them. Answers
 * those that it was written for: a budget that counts already knows better.
 */
export async function openBudgets(
  records: Records,
  subject: Subject,
  { openings, before, after, organizationId, nowMs }: Budgets,
): Promise<readonly Opening[]> {
  const isNew = ({ meter }: Opening): boolean =>
    before.budgets.every((budget) => meterOfBudget(budget) !== meter);
  const wished = openings.filter(isNew);
  if (wished.length === 0) {
    return [];
  }
  const { timeZone = 'UTC' } = (await records.organizations.find(organizationId)) ?? {};
  const opened: Opening[] = [];
  for (const opening of wished) {
    const { meter, spentNanoUsd } = opening;
    const budget = after.budgets.find((each) => meterOfBudget(each) === meter);
    const duration = typeof budget?.duration === 'string' ? parseDuration(budget.duration) : null;
    const startsAtMs =
      budget === undefined || duration === null || 'complaint' in duration
        ? FOR_EVER_MS
        : periodAt(duration, budget.anchorMs, timeZone, nowMs).startsAtMs;
    const period = { subject: subjectText(subject), meter, startsAt: new Date(startsAtMs) };
    if (await records.budgetPeriods.open(period, spentNanoUsd)) {
      opened.push(opening);
    }
  }
  return opened;
}

/** Where a budget that never starts over begins. */
const FOR_EVER_MS = 0;

/** As the audit trail tells it. */
export function withOpenings<Spoken extends { readonly after: object }>(
  spoken: Spoken,
  opened: readonly Opening[],
): Spoken {
  const spentBefore = Object.fromEntries(
    opened.map(({ meter, spentNanoUsd }) => [meter, usdToText(spentNanoUsd)]),
  );
  return { ...spoken, after: { ...spoken.after, spentBefore } };
}
