// From what bounds a subject to what is to bound it: pure, so that the rules can be read in one place.

import { BUDGET_MAX_NANO_USD, complaintAboutBudget } from '../budgets/budget.ts';
import type { Budget } from '../budgets/budget.ts';
import { durationText, parseDuration } from '../budgets/duration.ts';
import { complaintAboutLimit, LIMIT_MAX } from '../limits/limit.ts';
import type { Limit } from '../limits/limit.ts';
import { complaintAboutModels } from '../models/model-rules.ts';
import { usdToText } from '../money.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { DAY_MS } from '../time.ts';
import { budgetWords, limitWords } from './ceiling-words.ts';
import { CEILINGS_PER_SUBJECT_MAX, meterOfBudget, meterOfLimit } from './ceilings.ts';
import type { Ceilings } from './ceilings.ts';
import type { BudgetChange, CeilingChange, LimitChange } from './change.ts';

/** A raise for longer is a new size; a year and a day let "until next year" be one. */
export const BOOST_MAX_DAYS = 366;

/** The ceilings after these changes, one after the other; or the first rule that one would break. */
export function edited(
  before: Ceilings,
  changes: readonly CeilingChange[],
  nowMs: number,
): Ceilings | Refusal {
  let ceilings = before;
  for (const change of changes) {
    const next = changed(ceilings, change, nowMs);
    if (isRefusal(next)) {
      return next;
    }
    ceilings = next;
  }
  const count = ceilings.limits.length + ceilings.budgets.length;
  return count > CEILINGS_PER_SUBJECT_MAX
    ? refuse('value_invalid', {
        field: 'limits and budgets',
        complaint: `they would be ${count} together, at most ${CEILINGS_PER_SUBJECT_MAX} are allowed`,
      })
    : ceilings;
}

/**
 * The ceilings that a whole new set amounts to. What stays by its meter keeps its counter, and a budget the
 * moment from which its periods are counted.
 */
export function replaced(
  before: Ceilings,
  set: readonly (LimitChange | BudgetChange)[],
  nowMs: number,
): Ceilings | Refusal {
  const after = edited({ limits: [], budgets: [] }, set, nowMs);
  if (isRefusal(after)) {
    return after;
  }
  // One of them overwrote another: the set does not say what it means.
  if (after.limits.length + after.budgets.length < set.length) {
    const complaint = 'two of them are for the same, with the same duration and model';
    return refuse('value_invalid', { field: 'limits and budgets', complaint });
  }
  const budgets = after.budgets.map((budget) => {
    const known = before.budgets.find((each) => meterOfBudget(each) === meterOfBudget(budget));
    return known === undefined ? budget : { ...budget, anchorMs: known.anchorMs };
  });
  return { ...after, budgets };
}

function changed(before: Ceilings, change: CeilingChange, nowMs: number): Ceilings | Refusal {
  if ('remove' in change) {
    return removed(before, change);
  }
  const aboutModel = change.model === null ? undefined : complaintAboutModel(change.model);
  if (aboutModel !== undefined) {
    return aboutModel;
  }
  return change.set === 'limit'
    ? withLimit(before, change, nowMs)
    : withBudget(before, change, nowMs);
}

function complaintAboutModel(model: string): Refusal | undefined {
  const complaint = 'only the whole name of one model is allowed, without *';
  return model.endsWith('*')
    ? refuse('value_invalid', { field: 'model', complaint })
    : complaintAboutModels([model], 'model');
}

function removed(
  { limits, budgets }: Ceilings,
  change: Extract<CeilingChange, { remove: unknown }>,
): Ceilings | Refusal {
  if (change.remove === 'limit') {
    const meter = meterOfLimit(change);
    return { limits: limits.filter((limit) => meterOfLimit(limit) !== meter), budgets };
  }
  const duration = canonical(change.duration);
  if (isRefusal(duration)) {
    return duration;
  }
  const meter = meterOfBudget({ duration, model: change.model });
  return { limits, budgets: budgets.filter((budget) => meterOfBudget(budget) !== meter) };
}

function withLimit(before: Ceilings, change: LimitChange, nowMs: number): Ceilings | Refusal {
  const words = limitWords(change);
  const known = before.limits.find((limit) => meterOfLimit(limit) === meterOfLimit(change));
  const max = change.max ?? known?.max;
  if (max === undefined) {
    return refuse('value_invalid', { field: words, complaint: NOT_SET });
  }
  const complaint = complaintAboutLimit(max);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: words, complaint });
  }
  const boost = change.boost === undefined ? lasting(known?.boost, nowMs) : change.boost;
  const aboutBoost =
    change.boost === undefined || boost === null ? undefined : complaintAboutLimitBoost(boost.by);
  const aboutUntil = complaintAboutUntil(boost, nowMs);
  if (aboutBoost !== undefined || aboutUntil !== undefined) {
    const field = `boost of ${words}`;
    return refuse('value_invalid', { field, complaint: aboutBoost ?? aboutUntil ?? '' });
  }
  const { kind, model } = change;
  const limit: Limit = { kind, model, max, shadow: change.shadow ?? known?.shadow ?? false, boost };
  const limits =
    known === undefined
      ? [...before.limits, limit]
      : before.limits.map((each) => (each === known ? limit : each));
  return { ...before, limits };
}

function withBudget(before: Ceilings, change: BudgetChange, nowMs: number): Ceilings | Refusal {
  const duration = canonical(change.duration);
  if (isRefusal(duration)) {
    return duration;
  }
  const { model } = change;
  const meter = meterOfBudget({ duration, model });
  const known = before.budgets.find((budget) => meterOfBudget(budget) === meter);
  const words = budgetWords({ duration, model });
  const maxNanoUsd = change.maxNanoUsd ?? known?.maxNanoUsd;
  if (maxNanoUsd === undefined) {
    return refuse('value_invalid', { field: words, complaint: NOT_SET });
  }
  const budget: Budget = {
    duration,
    model,
    maxNanoUsd,
    softNanoUsd:
      (change.softNanoUsd === undefined ? known?.softNanoUsd : change.softNanoUsd) ?? null,
    anchorMs: known?.anchorMs ?? nowMs,
    shadow: change.shadow ?? known?.shadow ?? false,
    boost: change.boost === undefined ? lasting(known?.boost, nowMs) : change.boost,
  };
  const refusal =
    complaintAboutSizes(budget, words) ?? complaintAboutBudgetBoost(budget, words, nowMs);
  if (refusal !== undefined) {
    return refusal;
  }
  const budgets =
    known === undefined
      ? [...before.budgets, budget]
      : before.budgets.map((each) => (each === known ? budget : each));
  return { ...before, budgets };
}

const NOT_SET = 'it is not set yet, so its size must be given';

function canonical(duration: string | null): string | null | Refusal {
  if (duration === null) {
    return null;
  }
  const parsed = parseDuration(duration);
  return 'complaint' in parsed
    ? refuse('value_invalid', { field: 'duration', complaint: parsed.complaint })
    : durationText(parsed);
}

function complaintAboutSizes(budget: Budget, words: string): Refusal | undefined {
  const { maxNanoUsd, softNanoUsd } = budget;
  const complaint = complaintAboutBudget(maxNanoUsd);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: words, complaint });
  }
  if (softNanoUsd === null) {
    return undefined;
  }
  const field = `soft ${words}`;
  if (softNanoUsd <= 0n) {
    return refuse('value_invalid', { field, complaint: 'it must be more than 0' });
  }
  return softNanoUsd < maxNanoUsd
    ? undefined
    : refuse('value_invalid', {
        field,
        complaint: `it is ${usdToText(softNanoUsd)} USD, which is not below the ${usdToText(maxNanoUsd)} USD at which calls are refused`,
      });
}

function complaintAboutBudgetBoost(
  { boost }: Budget,
  words: string,
  nowMs: number,
): Refusal | undefined {
  const complaint =
    boost === null
      ? undefined
      : (complaintAboutRaise(boost.byNanoUsd) ?? complaintAboutUntil(boost, nowMs));
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: `boost of the ${words}`, complaint });
}

function complaintAboutRaise(byNanoUsd: bigint): string | undefined {
  if (byNanoUsd <= 0n) {
    return 'it must be more than 0';
  }
  return byNanoUsd > BUDGET_MAX_NANO_USD
    ? `it must be at most ${usdToText(BUDGET_MAX_NANO_USD)} USD`
    : undefined;
}

function complaintAboutLimitBoost(by: number): string | undefined {
  if (!Number.isSafeInteger(by) || by <= 0) {
    return 'it must be a whole number above 0';
  }
  return by > LIMIT_MAX ? `it must be at most ${LIMIT_MAX.toLocaleString('en')}` : undefined;
}

function complaintAboutUntil(
  boost: { readonly untilMs: number } | null,
  nowMs: number,
): string | undefined {
  if (boost === null) {
    return undefined;
  }
  if (!Number.isSafeInteger(boost.untilMs) || boost.untilMs <= nowMs) {
    return 'it must end in the future';
  }
  return boost.untilMs > nowMs + BOOST_MAX_DAYS * DAY_MS
    ? `it must end within ${BOOST_MAX_DAYS} days; set a new size for longer`
    : undefined;
}

/** A boost that ended is forgotten with the next change. */
function lasting<Boost extends { readonly untilMs: number }>(
  boost: Boost | null | undefined,
  nowMs: number,
): Boost | null {
  return boost !== null && boost !== undefined && boost.untilMs > nowMs ? boost : null;
}
