import { meterOfBudget } from '../ceilings/ceilings.ts';
import type { Ceilings } from '../ceilings/ceilings.ts';
import type { FoundSubject } from '../ceilings/subject-records.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Subject } from '../ceilings/subject.ts';
import type { Records } from '../stores.ts';
import { DEFAULT_TIME_ZONE } from '../time-zone.ts';
import type { Budget } from './budget.ts';
import { parseDuration } from './duration.ts';
import { isFixed, localDay, periodAt } from './period.ts';

/**
 * A budget that is new to its subject begins with what was spent before it in its period, as far as it is drained: a
 * month's budget that is set in the middle of the month is for the whole month, and what is told as spent is what refuses.
 * One that never starts over counts what was brought from elsewhere, too.
 */
export async function countSpentBefore(
  records: Records,
  subject: Subject,
  before: FoundSubject,
  after: Ceilings,
  nowMs: number,
): Promise<void> {
  const known = new Set(before.ceilings.budgets.map(meterOfBudget));
  const added = after.budgets.filter((budget) => !known.has(meterOfBudget(budget)));
  if (added.length === 0) {
    return;
  }
  const organization = await records.organizations.find(before.organizationId);
  const timeZone = organization?.timeZone ?? DEFAULT_TIME_ZONE;
  for (const budget of added) {
    const begin = beginOf(budget, timeZone, nowMs);
    if (begin === undefined) {
      continue;
    }
    const { model } = budget;
    const used = await records.usage.costSince(subject, { model, day: begin.day });
    const brought =
      begin.day === null && model === null
        ? ((await records.broughtSpends.find(subjectText(subject)))?.nanoUsd ?? 0n)
        : 0n;
    if (used + brought > 0n) {
      const period = { subject: subjectText(subject), meter: meterOfBudget(budget) };
      const startsAt = new Date(begin.startsAtMs);
      await records.budgetPeriods.atLeast({ ...period, startsAt }, used + brought);
    }
  }
}

/** Where the present period of a budget began. */
interface Begin {
  readonly startsAtMs: number;
  /** In the organization's time zone; null for one that never starts over. */
  readonly day: string | null;
}

/** Undefined where a new budget begins now. */
function beginOf(
  { duration, anchorMs }: Budget,
  timeZone: string,
  nowMs: number,
): Begin | undefined {
  if (duration === null) {
    return { startsAtMs: 0, day: null };
  }
  const parsed = parseDuration(duration);
  if ('complaint' in parsed || isFixed(parsed)) {
    return undefined;
  }
  const { startsAtMs } = periodAt(parsed, anchorMs, timeZone, nowMs);
  return { startsAtMs, day: localDay(startsAtMs, timeZone) };
}
