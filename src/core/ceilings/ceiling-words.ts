// How one ceiling is called in sentences, the same at every door.

import type { Budget } from '../budgets/budget.ts';
import type { Limit, LimitKind } from '../limits/limit.ts';

const LIMIT_WORDS: Readonly<Record<LimitKind, string>> = {
  requests: 'requests a minute',
  usage_tokens: 'tokens a minute',
  parallel: 'calls at once',
};

/** `requests a minute`, `calls at once of gpt-4o`. */
export function limitWords({ kind, model }: Pick<Limit, 'kind' | 'model'>): string {
  return LIMIT_WORDS[kind] + ofModel(model);
}

/** `budget for 1mo`, `budget in all of gpt-4o`. */
export function budgetWords({ duration, model }: Pick<Budget, 'duration' | 'model'>): string {
  return `budget ${duration === null ? 'in all' : `for ${duration}`}${ofModel(model)}`;
}

function ofModel(model: string | null): string {
  return model === null ? '' : ` of ${model}`;
}
