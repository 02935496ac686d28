// Budgets and limits as LiteLLM writes them (flat fields, one set for each row) from and to ceilings.

import { z } from 'zod';
import { mainBudget } from '../../core/ceilings/ceilings.ts';
import { durationText, parseDuration } from '../../core/budgets/duration.ts';
import type { Budget } from '../../core/budgets/budget.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import type { CeilingChange } from '../../core/ceilings/change.ts';
import type { LimitKind } from '../../core/limits/limit.ts';
import { parseUsdAmount, usdToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Json } from './extras.ts';
import type { BOUNDS_TOLD } from './answers/rows.ts';
import type { Told } from '../told.ts';

const USD = z.union([z.number(), z.literal('')]);
const PER_MODEL = z.record(z.string(), z.int());

/** One budget of one model: newer and older names of the same. */
const MODEL_BUDGET = z.strictObject({
  budget_limit: z.number().nullish(),
  max_budget: z.number().nullish(),
  time_period: z.string().nullish(),
  budget_duration: z.string().nullish(),
});

/** The fields of a team, key, organization, person or budget that bound it. */
export const BOUNDS = {
  max_budget: USD.nullish(),
  soft_budget: USD.nullish(),
  budget_duration: z.string().nullish(),
  tpm_limit: z.int().nullish(),
  rpm_limit: z.int().nullish(),
  max_parallel_requests: z.int().nullish(),
  model_tpm_limit: PER_MODEL.nullish(),
  model_rpm_limit: PER_MODEL.nullish(),
  model_max_budget: z.record(z.string(), MODEL_BUDGET).nullish(),
};
export type Bounds = z.output<z.ZodObject<typeof BOUNDS>>;

/** What is to change for these fields; what is absent stays, null takes away. */
export function changesFrom(before: Ceilings, given: Bounds): CeilingChange[] | Refusal {
  const budget = budgetChanges(before, given);
  if (isRefusal(budget)) {
    return budget;
  }
  const models = modelBudgetChanges(before, given.model_max_budget);
  if (isRefusal(models)) {
    return models;
  }
  return [
    ...budget,
    ...models,
    ...limitChanges('usage_tokens', given.tpm_limit),
    ...limitChanges('requests', given.rpm_limit),
    ...limitChanges('parallel', given.max_parallel_requests),
    ...modelLimitChanges(before, 'usage_tokens', given.model_tpm_limit),
    ...modelLimitChanges(before, 'requests', given.model_rpm_limit),
  ];
}

function budgetChanges(before: Ceilings, given: Bounds): CeilingChange[] | Refusal {
  const { max_budget: max, soft_budget: soft, budget_duration: period } = given;
  if (max === undefined && soft === undefined && period === undefined) {
    return [];
  }
  const known = mainBudget(before);
  const maxNanoUsd =
    max === undefined
      ? known?.shadow === false
        ? known.maxNanoUsd
        : null
      : usdOf('max_budget', max);
  const softNanoUsd = soft === undefined ? softOf(known) : usdOf('soft_budget', soft);
  const duration = period === undefined ? (known?.duration ?? null) : durationOf(period);
  for (const value of [maxNanoUsd, softNanoUsd, duration]) {
    if (isRefusal(value)) {
      return value;
    }
  }
  const removal =
    known === undefined
      ? []
      : [{ remove: 'budget', duration: known.duration, model: null } as const];
  const size = (maxNanoUsd ?? softNanoUsd) as bigint | null;
  if (size === null) {
    return removal;
  }
  const set: CeilingChange = {
    set: 'budget',
    duration: duration as string | null,
    model: null,
    maxNanoUsd: size,
    softNanoUsd: maxNanoUsd === null ? null : (softNanoUsd as bigint | null),
    // Reaching a soft budget alone is told, and refuses nothing.
    shadow: maxNanoUsd === null,
  };
  // The counter of a budget goes on as long as its duration stays.
  return known?.duration === duration ? [set] : [...removal, set];
}

function softOf(known: Budget | undefined): bigint | null {
  return known === undefined ? null : known.shadow ? known.maxNanoUsd : known.softNanoUsd;
}

function usdOf(field: string, value: number | '' | null): bigint | null | Refusal {
  if (value === null || value === '') {
    return null;
  }
  const amount = parseUsdAmount(value);
  return typeof amount === 'bigint'
    ? amount
    : refuse('value_invalid', { field, complaint: amount.reason });
}

/** LiteLLM's words for no duration. */
const NEVER: readonly string[] = ['', 'none', 'null'];

function durationOf(period: string | null): string | null | Refusal {
  if (period === null || NEVER.includes(period.toLowerCase())) {
    return null;
  }
  const parsed = parseDuration(period);
  return 'complaint' in parsed
    ? refuse('value_invalid', { field: 'budget_duration', complaint: parsed.complaint })
    : durationText(parsed);
}

function limitChanges(kind: LimitKind, max: number | null | undefined): CeilingChange[] {
  if (max === undefined) {
    return [];
  }
  return max === null
    ? [{ remove: 'limit', kind, model: null }]
    : [{ set: 'limit', kind, model: null, max }];
}

function modelLimitChanges(
  before: Ceilings,
  kind: LimitKind,
  given: Readonly<Record<string, number>> | null | undefined,
): CeilingChange[] {
  if (given === undefined) {
    return [];
  }
  const wanted = given ?? {};
  return [
    ...before.limits
      .filter((limit) => limit.kind === kind && limit.model !== null)
      .filter(({ model }) => !Object.hasOwn(wanted, model ?? ''))
      .map(({ model }) => ({ remove: 'limit', kind, model }) as const),
    ...Object.entries(wanted).map(([model, max]) => ({ set: 'limit', kind, model, max }) as const),
  ];
}

function modelBudgetChanges(
  before: Ceilings,
  given: Bounds['model_max_budget'],
): CeilingChange[] | Refusal {
  if (given === undefined) {
    return [];
  }
  const changes: CeilingChange[] = before.budgets
    .filter(({ model }) => model !== null)
    .map(({ duration, model }) => ({ remove: 'budget', duration, model }));
  for (const [model, each] of Object.entries(given ?? {})) {
    const max = each.budget_limit ?? each.max_budget ?? null;
    const maxNanoUsd = usdOf(`model_max_budget.${model}`, max);
    const duration = durationOf(each.time_period ?? each.budget_duration ?? null);
    if (isRefusal(maxNanoUsd)) {
      return maxNanoUsd;
    }
    if (isRefusal(duration)) {
      return duration;
    }
    if (maxNanoUsd !== null) {
      changes.push({ set: 'budget', duration, model, maxNanoUsd });
    }
  }
  return changes;
}

/** The fields of a row, from its ceilings; a duration in the spelling in which it came. */
export function boundsView(ceilings: Ceilings, spelled: unknown): Told<typeof BOUNDS_TOLD> {
  const main = mainBudget(ceilings);
  const limitOf = (kind: LimitKind) =>
    ceilings.limits.find((limit) => limit.kind === kind && limit.model === null)?.max ?? null;
  const soft = softOf(main);
  return {
    max_budget: main === undefined || main.shadow ? null : usdToNumber(main.maxNanoUsd),
    soft_budget: soft === null ? null : usdToNumber(soft),
    budget_duration: spelledDuration(main, spelled),
    tpm_limit: limitOf('usage_tokens'),
    rpm_limit: limitOf('requests'),
    max_parallel_requests: limitOf('parallel'),
    model_max_budget: Object.fromEntries(
      ceilings.budgets.flatMap(({ model, maxNanoUsd, duration }) =>
        model === null
          ? []
          : [[model, { budget_limit: usdToNumber(maxNanoUsd), time_period: theirs(duration) }]],
      ),
    ),
  };
}

/** `30d` where it came so, although it is `1mo` here; without a budget, what waits for one. */
function spelledDuration(main: Budget | undefined, spelled: unknown): string | null {
  const canonical = typeof spelled === 'string' ? durationOf(spelled) : null;
  if (typeof spelled === 'string' && canonical !== null) {
    const isSame = main === undefined || canonical === main.duration;
    return isSame ? spelled : theirs(main.duration);
  }
  return theirs(main?.duration ?? null);
}

/** A month is `30d` in LiteLLM's documents, and begins on the 1st there, too. */
function theirs(duration: string | null): string | null {
  return duration === '1mo' ? '30d' : duration;
}

/** The limits by model, which LiteLLM shows inside of metadata. */
export function modelLimitsView({ limits }: Ceilings): Json {
  const of = (kind: LimitKind): Json =>
    Object.fromEntries(
      limits.flatMap(({ kind: each, model, max }) =>
        each === kind && model !== null ? [[model, max]] : [],
      ),
    );
  const shown = { model_tpm_limit: of('usage_tokens'), model_rpm_limit: of('requests') };
  return Object.fromEntries(
    Object.entries(shown).filter(([, limit]) => Object.keys(limit).length > 0),
  );
}
