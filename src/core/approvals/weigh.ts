// How much an action is, in the unit in which the policy speaks of it.

import type { Ceilings } from '../ceilings/ceilings.ts';
import { meterOfBudget, meterOfLimit } from '../ceilings/ceilings.ts';
import { edited } from '../ceilings/edit.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { isAboutCredits } from './action.ts';
import type { CeilingAction, ProposedAction } from './action.ts';

/** Microcredits; of a budget that is raised its new nano-USD; of a limit its new size; else 0. */
export function amountOf(
  action: ProposedAction,
  ceilings: Ceilings,
  nowMs: number,
): bigint | Refusal {
  if (isAboutCredits(action)) {
    return action.amount;
  }
  return action.kind === 'resume' ? 0n : raisedTo(action, ceilings, nowMs);
}

/**
 * The largest of the ceilings that go up; 0 where none does. One that is taken away, or that from now on only
 * counts, weighs what it was.
 */
function raisedTo(
  { kind, changes }: CeilingAction,
  before: Ceilings,
  nowMs: number,
): bigint | Refusal {
  const after = edited(before, changes, nowMs);
  if (isRefusal(after)) {
    return after;
  }
  const sizes = kind === 'budget' ? raisedBudgets(before, after) : raisedLimits(before, after);
  return sizes.reduce((most, each) => (each > most ? each : most), 0n);
}

function raisedBudgets(before: Ceilings, after: Ceilings): bigint[] {
  const size = ({ maxNanoUsd, boost }: Ceilings['budgets'][number]): bigint =>
    maxNanoUsd + (boost?.byNanoUsd ?? 0n);
  return raised(before.budgets, after.budgets, meterOfBudget, size);
}

function raisedLimits(before: Ceilings, after: Ceilings): bigint[] {
  const size = ({ max, boost }: Ceilings['limits'][number]): bigint =>
    BigInt(max) + BigInt(boost?.by ?? 0);
  return raised(before.limits, after.limits, meterOfLimit, size);
}

function raised<Ceiling extends { readonly shadow: boolean }>(
  before: readonly Ceiling[],
  after: readonly Ceiling[],
  meterOf: (ceiling: Ceiling) => string,
  sizeOf: (ceiling: Ceiling) => bigint,
): bigint[] {
  return before.flatMap((known) => {
    const now = after.find((each) => meterOf(each) === meterOf(known));
    const was = sizeOf(known);
    if (now === undefined || (now.shadow && !known.shadow)) {
      return known.shadow ? [] : [was];
    }
    return sizeOf(now) > was ? [sizeOf(now)] : [];
  });
}
