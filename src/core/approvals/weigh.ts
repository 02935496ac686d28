// How much an action is, in the unit in which the policy speaks of it.

import type { Ceilings } from '../ceilings/ceilings.ts';
import { meterOfBudget, meterOfLimit } from '../ceilings/ceilings.ts';
import { edited } from '../ceilings/edit.ts';
import { policyAfter } from '../credits/policy.ts';
import type { CreditPolicy } from '../credits/policy.ts';
import type { AutoRefillWish } from '../credits/set-auto-refill.ts';
import { MAX_MICROCREDITS } from '../money.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Team } from '../teams/team.ts';
import { isAboutCredits } from './action.ts';
import type { CeilingAction, ProposedAction } from './action.ts';

/** What an action is weighed against: the state that it would change. */
export interface Weighing {
  readonly ceilings: Ceilings;
  /** Undefined where it is about no team. */
  readonly team: (CreditPolicy & Pick<Team, 'autoRefill'>) | undefined;
}

/**
 * Microcredits; of a budget that is raised its new nano-USD; of a limit its new size; of an overdraft that grows its
 * depth; of a refill that grows what it may add in a month. 0 for all else.
 */
export function amountOf(
  action: ProposedAction,
  { ceilings, team }: Weighing,
  nowMs: number,
): bigint | Refusal {
  if (isAboutCredits(action)) {
    return action.amount;
  }
  switch (action.kind) {
    case 'overdraft':
      return team === undefined ? 0n : deepened(team, policyAfter(team, action.wish), nowMs);
    case 'refill': {
      const before = monthlyOf(team?.autoRefill ?? null);
      const after = monthlyOf(action.wish);
      return after > before ? after : 0n;
    }
    case 'resume':
      return 0n;
    default:
      return raisedTo(action, ceilings, nowMs);
  }
}

/** More than any rule can allow. */
const UNBOUNDED = MAX_MICROCREDITS;

/** How deep it may go afterwards, if that is deeper or for longer than before; else 0. */
function deepened(before: CreditPolicy, after: CreditPolicy, nowMs: number): bigint {
  const endOf = ({ graceUntil }: CreditPolicy): number => graceUntil?.getTime() ?? 0;
  const isLonger = after.graceUntil !== null && endOf(after) > endOf(before);
  const depth = depthOf(after, nowMs);
  return depth > depthOf(before, nowMs) || isLonger ? depth : 0n;
}

function depthOf({ limitPolicy, overdraft, graceUntil }: CreditPolicy, nowMs: number): bigint {
  switch (limitPolicy) {
    case 'unlimited':
      return UNBOUNDED;
    case 'soft':
      return overdraft;
    case 'hard':
      return graceUntil !== null && graceUntil.getTime() > nowMs ? overdraft : 0n;
  }
}

/** As often as the longest month has the period. */
const TIMES_A_MONTH = { daily: 31n, weekly: 5n, monthly: 1n } as const;

/** The most that it may add in a month. */
function monthlyOf(refill: AutoRefillWish | null): bigint {
  if (refill === null) {
    return 0n;
  }
  const { amount, every, below, monthlyMax } = refill;
  return (
    monthlyMax ?? (below === null && every !== null ? amount * TIMES_A_MONTH[every] : UNBOUNDED)
  );
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
