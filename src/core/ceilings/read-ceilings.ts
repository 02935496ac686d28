import type { Budget } from '../budgets/budget.ts';
import { GateUnavailable } from '../faults.ts';
import type { MeterReading } from '../gateway/gate.ts';
import type { Limit } from '../limits/limit.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { meterOfBudget, meterOfLimit } from './ceilings.ts';
import { findSubject } from './subject-records.ts';
import type { Subject } from './subject.ts';

/** What a ceiling is set to, and what is in use of it right now; undefined while the gate can't be asked. */
export interface LimitReading {
  readonly limit: Limit;
  readonly now: MeterReading | undefined;
}
export interface BudgetReading {
  readonly budget: Budget;
  /** In nano-USD. */
  readonly now: MeterReading | undefined;
}

export interface CeilingsReading {
  readonly subject: Subject;
  readonly organizationId: string;
  readonly limits: readonly LimitReading[];
  readonly budgets: readonly BudgetReading[];
  readonly isGateAway: boolean;
  readonly nowMs: number;
}

/** What bounds a subject, with what is in use of each. */
export async function readCeilings(
  stores: Stores,
  subject: Subject,
): Promise<CeilingsReading | Refusal> {
  const found = await findSubject(stores.records, subject);
  if (isRefusal(found)) {
    return found;
  }
  const { organizationId, ceilings } = found;
  const meters = await stores.gate.meters(subject, organizationId).catch(awayOnly);
  const nowOf = (meter: string) => meters?.find((each) => each.meter === meter);
  return {
    subject,
    organizationId,
    limits: ceilings.limits.map((limit) => ({ limit, now: nowOf(meterOfLimit(limit)) })),
    budgets: ceilings.budgets.map((budget) => ({ budget, now: nowOf(meterOfBudget(budget)) })),
    isGateAway: meters === undefined,
    nowMs: stores.clock(),
  };
}

function awayOnly(error: unknown): undefined {
  if (!(error instanceof GateUnavailable)) {
    throw error;
  }
  return undefined;
}
