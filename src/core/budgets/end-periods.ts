// The gate starts a budget over by itself, at the boundary. What is left to do is the history of the period that
// ended, and to tell those who asked for it.

import { meterOfBudget } from '../ceilings/ceilings.ts';
import { subjectFrom } from '../ceilings/subject.ts';
import { GateUnavailable } from '../faults.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time.ts';
import type { BudgetPeriod } from './budget-period.ts';
import { periodicBudgets, presentPeriod } from './keep-periods.ts';
import type { PeriodicBudget } from './keep-periods.ts';
import { missedPeriods } from './missed-periods.ts';

/** What one run writes; the next one goes on. */
const PAGE = 200;
/** Of a budget that nobody looked after for long: what lies behind these is one line. */
const MISSED_MAX = 1_000;
/** The last calls of a period are drained by then. */
const TELL_AFTER_MS = MINUTE_MS;
/** Refusals are counted for seven days; the first hour of them may be cut off. */
const REFUSALS_KNOWN_MS = 7 * DAY_MS - HOUR_MS;

/**
 * Writes the history of each period that is over, once, and notes the present one. Resets that were missed are
 * written as what was spent in them; those in which nothing was are one line. Answers how many budgets it was.
 */
export async function endBudgetPeriods(stores: Stores): Promise<number> {
  const at = new Date(stores.clock());
  let ended = 0;
  for (const period of await stores.records.budgetPeriods.due(at, PAGE)) {
    const refusedCalls = await refusedIn(stores, period);
    const done = await stores.records.change<true>(async (inside) => {
      // Whoever ends it writes what follows.
      if (!(await inside.budgetPeriods.end(period, at, refusedCalls))) {
        return refuse('reference_conflict', { reference: period.subject });
      }
      const last = await writeMissed(inside, period, at);
      await tell(inside, last, at);
      return true;
    });
    ended += isRefusal(done) ? 0 : 1;
  }
  return ended;
}

/** What lies between the period that ended and now, and the present one. Answers the last that is over. */
async function writeMissed(records: Records, ended: BudgetPeriod, at: Date): Promise<BudgetPeriod> {
  const { budgetPeriods } = records;
  const periodic = await budgetOf(records, ended);
  if (periodic === undefined) {
    return ended;
  }
  const now = presentPeriod(periodic, at.getTime());
  const from = ended.endsAt;
  const spent = await budgetPeriods.spentIn(ended, from, now.startsAt, MISSED_MAX);
  const missed = missedPeriods(
    periodic.rule,
    from.getTime(),
    now.startsAt.getTime(),
    spent.map((start) => start.getTime()),
  );
  let last = ended;
  for (const { startsAtMs, endsAtMs, periods } of missed) {
    last = { ...ended, startsAt: new Date(startsAtMs), endsAt: new Date(endsAtMs) };
    await budgetPeriods.addEnded({ ...last, periods }, at);
  }
  // A zone that changed meanwhile may have moved the boundary: a period begins where the one before it ended.
  const startsAt = new Date(Math.max(now.startsAt.getTime(), from.getTime()));
  await budgetPeriods.keep(ended.subject, [{ ...now, startsAt }], at, ended.meter);
  return last;
}

async function budgetOf(
  records: Records,
  { subject, meter }: BudgetPeriod,
): Promise<PeriodicBudget | undefined> {
  const whose = subjectFrom(subject);
  const budgets = whose === undefined ? [] : await periodicBudgets(records, whose);
  return budgets.find(({ budget }) => meterOfBudget(budget) === meter);
}

/**
 * Into the channel of the team or the organization, where it asked for it: what ends together becomes one message. Not of
 * end users, who may be more than anybody wants to hear of.
 */
async function tell(records: Records, period: BudgetPeriod, at: Date): Promise<void> {
  const { teamId, organizationId, subject, meter, startsAt } = period;
  if (subjectFrom(subject)?.kind === 'end_user') {
    return;
  }
  const [home, policy] =
    teamId === null
      ? await Promise.all([
          records.organizations.find(organizationId),
          records.alerts.organizationPolicy(organizationId),
        ])
      : await Promise.all([records.teams.find(teamId), records.alerts.policy(teamId)]);
  const channelId = home?.channelId ?? null;
  if (channelId === null || policy.budgetPeriods !== true) {
    return;
  }
  await records.posts.add({
    place: channelId,
    kind: 'budget.ended',
    facts: { subject, meter, startsAt: startsAt.toISOString() },
    mergeKey: `budgets of ${teamId ?? organizationId}`,
    ...(teamId === null ? { organizationId } : { teamId }),
    due: new Date(at.getTime() + TELL_AFTER_MS),
  });
}

/** Known by whole hours, for a week; what can't be asked is not known. */
async function refusedIn({ refused, clock }: Stores, period: BudgetPeriod): Promise<number | null> {
  const { startsAt, endsAt } = period;
  const isWhole = [startsAt, endsAt].every((each) => each.getTime() % HOUR_MS === 0);
  if (!isWhole || clock() - startsAt.getTime() > REFUSALS_KNOWN_MS) {
    return null;
  }
  try {
    return await refused.byBudget(period, startsAt, endsAt);
  } catch (error) {
    if (error instanceof GateUnavailable) {
      return null;
    }
    throw error;
  }
}
