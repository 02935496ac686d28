// How limits and budgets are put into words, the same in every message.

import type { Budget } from '../../core/budgets/budget.ts';
import type { Limit, LimitKind } from '../../core/limits/limit.ts';
import { divideRoundingUp, NANO_USD_PER_USD, usdToText } from '../../core/money.ts';
import { code, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** All ceilings that a subject may have must fit one message. */
const MODEL_SHOWN_MAX = 60;

const LIMIT_NAMES: Readonly<Record<LimitKind, string>> = {
  requests: 'Requests a minute',
  usage_tokens: 'Tokens a minute',
  parallel: 'Calls at once',
};
const LIMIT_ARGUMENT_NAMES: Readonly<Record<LimitKind, string>> = {
  requests: 'requests',
  usage_tokens: 'tokens',
  parallel: 'parallel',
};
const BUDGET_NAMES: Readonly<Record<string, string>> = {
  '1h': 'Hourly budget',
  '1d': 'Daily budget',
  '7d': 'Weekly budget',
  '1mo': 'Monthly budget',
  '1y': 'Yearly budget',
};

/** `Requests a minute`, `Calls at once for gpt-4o`. */
export function limitName({ kind, model }: Pick<Limit, 'kind' | 'model'>): Mrkdwn {
  return mrkdwn`${LIMIT_NAMES[kind]}${forModel(model)}`;
}

/** `Monthly budget`, `Budget per 12h`, `Budget in all for gpt-4o`. */
export function budgetName({ duration, model }: Pick<Budget, 'duration' | 'model'>): Mrkdwn {
  return mrkdwn`${budgetOf(duration)}${forModel(model)}`;
}

/** The same within a sentence: `monthly budget`. */
export function budgetNameInText(duration: string | null): string {
  const name = budgetOf(duration);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function budgetOf(duration: string | null): string {
  return duration === null ? 'Budget in all' : (BUDGET_NAMES[duration] ?? `Budget per ${duration}`);
}

function forModel(model: string | null): Mrkdwn {
  return model === null ? mrkdwn`` : mrkdwn` for ${code(shortened(model, MODEL_SHOWN_MAX))}`;
}

/** As it is named in a command: `tokens`. */
export function limitArgument(kind: LimitKind): string {
  return LIMIT_ARGUMENT_NAMES[kind];
}

/** `$1,234.50` */
export function dollars(nanoUsd: bigint): string {
  return `$${usdToText(nanoUsd)}`;
}

/** Rounded up to cents from a dollar on, below it to four decimals: `$12.51`, `$0.2507`. */
export function roughDollars(nanoUsd: bigint): string {
  const step = nanoUsd >= NANO_USD_PER_USD ? NANO_USD_PER_CENT : NANO_USD_PER_CENT / 100n;
  return dollars(divideRoundingUp(nanoUsd, step) * step);
}

const NANO_USD_PER_CENT = NANO_USD_PER_USD / 100n;

/** `20,000` */
export function count(number: number): string {
  return number.toLocaleString('en');
}
