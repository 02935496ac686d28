// Ceilings in a JSON column: nano-USD as digits, because JSON's numbers end at 2^53.

import type { Budget } from '../../core/budgets/budget.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import type { Limit } from '../../core/limits/limit.ts';
import type { Prisma } from '../generated/client.ts';

interface StoredBudget extends Omit<Budget, 'maxNanoUsd' | 'softNanoUsd' | 'boost'> {
  readonly maxNanoUsd: string;
  readonly softNanoUsd: string | null;
  readonly boost: { readonly byNanoUsd: string; readonly untilMs: number } | null;
}

export function ceilingsToJson({ limits, budgets }: Ceilings): Prisma.InputJsonObject {
  const stored: readonly StoredBudget[] = budgets.map((budget) => ({
    ...budget,
    maxNanoUsd: String(budget.maxNanoUsd),
    softNanoUsd: budget.softNanoUsd === null ? null : String(budget.softNanoUsd),
    boost:
      budget.boost === null
        ? null
        : { byNanoUsd: String(budget.boost.byNanoUsd), untilMs: budget.boost.untilMs },
  }));
  return limits.length === 0 && budgets.length === 0
    ? {}
    : ({ limits, budgets: stored } as unknown as Prisma.InputJsonObject);
}

/** Only ceilingsToJson writes these columns, so their shape is known. */
export function ceilingsFromJson(json: unknown): Ceilings {
  const { limits, budgets } = json as {
    readonly limits?: readonly Limit[];
    readonly budgets?: readonly StoredBudget[];
  };
  if (limits === undefined || budgets === undefined) {
    return NO_CEILINGS;
  }
  return { limits, budgets: budgets.map(budgetFrom) };
}

function budgetFrom(stored: StoredBudget): Budget {
  const { maxNanoUsd, softNanoUsd, boost, ...rest } = stored;
  return {
    ...rest,
    maxNanoUsd: BigInt(maxNanoUsd),
    softNanoUsd: softNanoUsd === null ? null : BigInt(softNanoUsd),
    boost: boost === null ? null : { byNanoUsd: BigInt(boost.byNanoUsd), untilMs: boost.untilMs },
  };
}
