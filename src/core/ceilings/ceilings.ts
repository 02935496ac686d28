import type { Budget } from '../budgets/budget.ts';
import type { Limit } from '../limits/limit.ts';

/** Everything that bounds one subject. At most one limit of a kind and model, one budget of a period and model. */
export interface Ceilings {
  readonly limits: readonly Limit[];
  readonly budgets: readonly Budget[];
}

export const NO_CEILINGS: Ceilings = { limits: [], budgets: [] };

/** Each is looked at on each call of the subject; more than these are a mistake, not a policy. */
export const CEILINGS_PER_SUBJECT_MAX = 32;

/** What the gate calls the counter of a limit: kind, and the model where it is for one alone. */
export function meterOfLimit({ kind, model }: Pick<Limit, 'kind' | 'model'>): string {
  return withModel(kind, model);
}

/**
 * What the gate calls the counter of a budget: its duration, and the model where it is for one alone. A
 * new size keeps the counter; another duration is another budget, which begins with what its period spent before.
 */
export function meterOfBudget({ duration, model }: Pick<Budget, 'duration' | 'model'>): string {
  return withModel(`budget-${duration ?? 'ever'}`, model);
}

function withModel(meter: string, model: string | null): string {
  return model === null ? meter : `${meter}@${encodeURIComponent(model)}`;
}

/** The budget whose period spend is told of: the first that refuses for all models, else one in shadow. */
export function mainBudget({ budgets }: Ceilings): Budget | undefined {
  const whole = budgets.filter(({ model }) => model === null);
  return whole.find(({ shadow }) => !shadow) ?? whole[0];
}
