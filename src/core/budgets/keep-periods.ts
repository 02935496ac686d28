// Every budget has one period that is present. It is noted when the budget is set or changed, so that whoever
// ends periods reads one index, however many budgets there are.

import { meterOfBudget } from '../ceilings/ceilings.ts';
import { findSubject } from '../ceilings/subject-records.ts';
import type { FoundSubject } from '../ceilings/subject-records.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Subject } from '../ceilings/subject.ts';
import type { DomainEvent } from '../events.ts';
import { isRefusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { DEFAULT_TIME_ZONE } from '../time-zone.ts';
import type { BudgetPeriod } from './budget-period.ts';
import type { Budget } from './budget.ts';
import { parseDuration } from './duration.ts';
import type { PeriodRule } from './missed-periods.ts';
import { periodAt } from './period.ts';

/** Whose budgets an event may be about. */
export function subjectOfEvent(event: DomainEvent): Subject | undefined {
  switch (event.kind) {
    case 'organization.changed':
      return { kind: 'organization', organizationId: event.organizationId };
    case 'team.changed':
      return { kind: 'team', teamId: event.teamId };
    case 'key.changed':
      return { kind: 'key', keyId: event.keyId };
    case 'user.changed':
      return { kind: 'user', organizationId: event.organizationId, userId: event.userId };
    case 'member.changed':
      return { kind: 'member', teamId: event.teamId, userId: event.memberId };
    case 'end_user.changed':
      return {
        kind: 'end_user',
        organizationId: event.organizationId,
        endUserId: event.endUserId,
      };
    default:
      return undefined;
  }
}

/** Notes the present period of each budget of a subject. Twice is the same as once. */
export async function keepBudgetPeriods(
  { records, clock }: Pick<Stores, 'records' | 'clock'>,
  subject: Subject,
): Promise<void> {
  await records.change(async (inside) => {
    const at = new Date(clock());
    const present = (await periodicBudgets(inside, subject)).map((budget) =>
      presentPeriod(budget, at.getTime()),
    );
    await inside.budgetPeriods.keep(subjectText(subject), present, at);
    return undefined;
  });
}

/** A budget that starts over, with all that its periods are drawn from. */
export interface PeriodicBudget {
  readonly subject: Subject;
  readonly organizationId: string;
  readonly teamId: string | null;
  readonly budget: Budget;
  readonly rule: PeriodRule;
}

/** Those of a subject; none of one that is gone for good. */
export async function periodicBudgets(
  records: Records,
  subject: Subject,
): Promise<PeriodicBudget[]> {
  const found = await findSubject(records, subject);
  if (isRefusal(found) || isGone(found) || found.ceilings.budgets.length === 0) {
    return [];
  }
  const { organizationId, ceilings } = found;
  const organization = await records.organizations.find(organizationId);
  const timeZone = organization?.timeZone ?? DEFAULT_TIME_ZONE;
  const teamId = teamOf(subject, found);
  return ceilings.budgets.flatMap((budget) => {
    const duration = budget.duration === null ? undefined : parseDuration(budget.duration);
    return duration === undefined || 'complaint' in duration
      ? []
      : [
          {
            subject,
            organizationId,
            teamId,
            budget,
            rule: { duration, anchorMs: budget.anchorMs, timeZone },
          },
        ];
  });
}

function isGone({ status }: FoundSubject): boolean {
  return status === 'archived' || status === 'revoked';
}

function teamOf(subject: Subject, found: FoundSubject): string | null {
  return 'teamId' in subject ? subject.teamId : (found.teamId ?? null);
}

/** The period that holds at a moment. */
export function presentPeriod(periodic: PeriodicBudget, nowMs: number): BudgetPeriod {
  const { subject, organizationId, teamId, budget, rule } = periodic;
  const period = periodAt(rule.duration, rule.anchorMs, rule.timeZone, nowMs);
  return {
    subject: subjectText(subject),
    meter: meterOfBudget(budget),
    startsAt: new Date(period.startsAtMs),
    endsAt: new Date(period.endsAtMs),
    organizationId,
    teamId,
    duration: budget.duration ?? '',
    model: budget.model,
    maxNanoUsd: maxAt(budget, period.endsAtMs),
  };
}

function maxAt({ maxNanoUsd, boost }: Budget, endMs: number): bigint {
  return boost !== null && boost.untilMs >= endMs ? maxNanoUsd + boost.byNanoUsd : maxNanoUsd;
}
