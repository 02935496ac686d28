// What somebody had spent in another system, as that one told it. It shows with what was spent here and counts in the
// main budget of the period under way; no credits are charged for it, and it is no usage.

import type { Actor } from '../audit/audit.ts';
import { BUDGET_MAX_NANO_USD } from '../budgets/budget.ts';
import { mainBudget, meterOfBudget } from '../ceilings/ceilings.ts';
import { findSubject } from '../ceilings/subject-records.ts';
import { subjectText } from '../ceilings/subject.ts';
import type { Subject } from '../ceilings/subject.ts';
import { tellGateToRecount } from '../change.ts';
import { usdToText } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { periodOf } from './spent.ts';

export interface BroughtSpend {
  readonly nanoUsd: bigint;
  /** When this amount was told. */
  readonly broughtAt: Date;
}

export interface BroughtSpendRecords {
  find(name: string): Promise<BroughtSpend | undefined>;
  /** In place of what was told before. */
  save(name: string, spend: BroughtSpend): Promise<void>;
  /** What was brought for each of these, in nano-USD; those without are left out. */
  amounts(names: readonly string[]): Promise<ReadonlyMap<string, bigint>>;
}

/** What stands on record for somebody who is there; undefined where nothing was brought. */
export async function findBroughtSpend(
  { records }: Stores,
  whom: Subject,
): Promise<BroughtSpend | undefined | Refusal> {
  const found = await findSubject(records, whom);
  return isRefusal(found) ? found : records.broughtSpends.find(subjectText(whom));
}

/**
 * Writes what another system counts for somebody, in place of what it told before. By as much as that is more, the main
 * budget of this period begins later: so the same amount told again changes nothing, and a higher one counts its
 * difference. Other budgets know nothing of it.
 */
export async function bringSpend(
  stores: Stores,
  actor: Actor,
  whom: Subject,
  nanoUsd: bigint,
): Promise<BroughtSpend | Refusal> {
  if (nanoUsd < 0n || nanoUsd > BUDGET_MAX_NANO_USD) {
    const complaint = `it must be from 0 to ${usdToText(BUDGET_MAX_NANO_USD)} USD`;
    return refuse('value_invalid', { field: 'spent_usd', complaint });
  }
  const name = subjectText(whom);
  const done = await stores.records.change<Brought>(async (records) => {
    const found = await findSubject(records, whom);
    if (isRefusal(found)) {
      return found;
    }
    const { organizationId } = found;
    // Others that tell of the same person wait here.
    await records.organizations.locked(organizationId);
    const before = await records.broughtSpends.find(name);
    if (before?.nanoUsd === nanoUsd) {
      return { organizationId, spend: before, isRaised: false };
    }
    const spend = { nanoUsd, broughtAt: new Date(stores.clock()) };
    await records.broughtSpends.save(name, spend);
    const more = nanoUsd - (before?.nanoUsd ?? 0n);
    const isRaised = more > 0n && (await raiseBudget(records, whom, more, stores.clock()));
    if (isRaised) {
      await records.outbox.add({ kind: 'spend.brought', subject: name, organizationId });
    }
    await records.audit.write({
      actor,
      action: `${whom.kind}.spend_brought`,
      target: name,
      before: { spentUsd: usdToText(before?.nanoUsd ?? 0n) },
      after: { spentUsd: usdToText(nanoUsd) },
    });
    return { organizationId, spend, isRaised };
  });
  if (isRefusal(done)) {
    return done;
  }
  if (done.isRaised) {
    await tellGateToRecount(stores, whom, done.organizationId);
  }
  return done.spend;
}

interface Brought {
  readonly organizationId: string;
  readonly spend: BroughtSpend;
  /** Whether the gate is to count its budgets anew. */
  readonly isRaised: boolean;
}

/** The budget that spend is told of begins later by so much. */
async function raiseBudget(
  records: Records,
  subject: Subject,
  more: bigint,
  nowMs: number,
): Promise<boolean> {
  const found = await findSubject(records, subject);
  const budget = isRefusal(found) ? undefined : mainBudget(found.ceilings);
  if (isRefusal(found) || budget === undefined) {
    return false;
  }
  const { timeZone } = (await records.organizations.find(found.organizationId)) ?? {};
  const startsAtMs = periodOf({ budget }, timeZone, nowMs)?.startsAtMs ?? FOR_EVER_MS;
  const period = { subject: subjectText(subject), meter: meterOfBudget(budget) };
  await records.budgetPeriods.raise({ ...period, startsAt: new Date(startsAtMs) }, more);
  return true;
}

/** Where a budget that never starts over begins. */
const FOR_EVER_MS = 0;
