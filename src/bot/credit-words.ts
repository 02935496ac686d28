// The words of `/team credits`, read into what core wants.

import { REFILL_PERIODS } from '../core/credits/auto-refill.ts';
import { GRANT_CATEGORIES } from '../core/credits/grant.ts';
import type { GrantTerms } from '../core/credits/grant.ts';
import type { CreditPolicy } from '../core/credits/policy.ts';
import type { AutoRefillWish } from '../core/credits/set-auto-refill.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { isUnreadable, readKind } from './commands/kinds.ts';
import { endFrom } from './ends.ts';

export interface CreditWords {
  readonly what?: string;
  readonly amount?: string;
  readonly reason?: string;
  readonly to?: string;
  readonly expires?: string;
  readonly priority?: string;
  readonly category?: string;
  readonly overdraft?: bigint;
  readonly grace?: string;
  readonly suspend?: string;
  readonly every?: string;
  readonly below?: bigint;
  readonly max?: bigint;
  readonly sure?: string;
}

const invalid = (field: string, complaint: string): Refusal =>
  refuse('value_invalid', { field, complaint });

/** Microcredits of a word such as `500` or `5k`. */
export function creditsFrom(word: string | undefined, field: string): bigint | Refusal {
  if (word === undefined) {
    return invalid(field, 'say how many credits, like 500');
  }
  const amount = readKind('credits', word);
  return isUnreadable(amount) ? invalid(field, amount.complaint) : amount;
}

function oneOf<Word extends string>(
  field: string,
  word: string | undefined,
  known: readonly Word[],
): Word | undefined | Refusal {
  const found = known.find((each) => each === word);
  return word === undefined || found !== undefined
    ? found
    : invalid(field, `“${word}” is not known, there are ${known.join(', ')}`);
}

/** What a grant is like; what was not said stays away. */
export async function grantTermsFrom(
  stores: Stores,
  organizationId: string,
  { expires, priority, category: word }: CreditWords,
): Promise<Partial<GrantTerms> | Refusal> {
  const category = oneOf('category', word, GRANT_CATEGORIES);
  const end =
    expires === undefined ? undefined : await endFrom(stores, organizationId, expires, 'expires');
  if (isRefusal(category) || isRefusal(end)) {
    return isRefusal(category) ? category : (end as Refusal);
  }
  if (priority !== undefined && !/^\d{1,3}$/.test(priority)) {
    return invalid('priority', 'it must be a whole number from 0 to 100, lower goes first');
  }
  return {
    ...(category === undefined ? {} : { category }),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
    ...(end === undefined ? {} : { expiresAt: end.at }),
  };
}

/** What is to change of a policy. */
export async function policyFrom(
  stores: Stores,
  organizationId: string,
  { what, overdraft, grace, suspend: word }: CreditWords,
): Promise<Partial<CreditPolicy> | Refusal> {
  const limitPolicy = oneOf('policy', what?.toLowerCase(), ['hard', 'soft', 'unlimited'] as const);
  const suspend = oneOf('suspend', word, ['on', 'off'] as const);
  const end =
    grace === undefined ? undefined : await endFrom(stores, organizationId, grace, 'grace');
  if (isRefusal(limitPolicy) || isRefusal(suspend) || isRefusal(end)) {
    return [limitPolicy, suspend, end].find(isRefusal) as Refusal;
  }
  const wish = {
    ...(limitPolicy === undefined ? {} : { limitPolicy }),
    ...(overdraft === undefined ? {} : { overdraft }),
    ...(end === undefined ? {} : { graceUntil: end.at }),
    ...(suspend === undefined ? {} : { autoSuspend: suspend === 'on' }),
  };
  return Object.keys(wish).length > 0
    ? wish
    : invalid(
        'policy',
        'say what is to change: hard, soft or unlimited, overdraft=, grace=, suspend=',
      );
}

/** When a team is to be refilled; null for `off`. */
export function refillFrom(words: CreditWords): AutoRefillWish | null | Refusal {
  if (words.what?.toLowerCase() === 'off') {
    return null;
  }
  const amount = creditsFrom(words.what, 'credits');
  const every = oneOf('every', words.every, REFILL_PERIODS);
  if (isRefusal(amount) || isRefusal(every)) {
    return isRefusal(amount) ? amount : (every as Refusal);
  }
  const { below = null, max = null } = words;
  return { amount, every: every ?? null, below, monthlyMax: max };
}
