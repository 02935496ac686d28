// The words of `/team credits`, read into what core wants.

import type { GrantTerms } from '../core/credits/grant.ts';
import type { CreditPolicy } from '../core/credits/policy.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { endFrom } from './ends.ts';
import type { Mrkdwn } from './escape.ts';

export interface GrantWords {
  readonly expires: string;
  readonly priority: number | 'off';
  readonly category: string;
}

export interface PolicyWords {
  readonly policy: string;
  readonly overdraft: bigint;
  readonly grace: string;
  readonly suspend: boolean;
}

interface GrantTermsRead {
  readonly terms: Partial<GrantTerms>;
  /** The end as it is repeated; undefined if none was said. */
  readonly said: Mrkdwn | undefined;
}

/** What a grant is like; what was not said stays away. */
export async function grantTermsFrom(
  stores: Stores,
  organizationId: string,
  { expires, priority, category }: Partial<GrantWords>,
): Promise<GrantTermsRead | Refusal> {
  const end =
    expires === undefined ? undefined : await endFrom(stores, organizationId, expires, 'expires');
  if (isRefusal(end)) {
    return end;
  }
  const terms: Partial<GrantTerms> = {
    // Read against the categories that there are.
    ...(category === undefined ? {} : { category: category as GrantTerms['category'] }),
    ...(typeof priority === 'number' ? { priority } : {}),
    ...(end === undefined ? {} : { expiresAt: end.at }),
  };
  return { terms, said: end === undefined || end.at === null ? undefined : end.said };
}

/** What is to change of a policy. */
export async function policyFrom(
  stores: Stores,
  organizationId: string,
  { policy, overdraft, grace, suspend }: Partial<PolicyWords>,
): Promise<Partial<CreditPolicy> | Refusal> {
  const end =
    grace === undefined ? undefined : await endFrom(stores, organizationId, grace, 'grace');
  if (isRefusal(end)) {
    return end;
  }
  const wish: Partial<CreditPolicy> = {
    // Read against the policies that there are.
    ...(policy === undefined ? {} : { limitPolicy: policy as CreditPolicy['limitPolicy'] }),
    ...(overdraft === undefined ? {} : { overdraft }),
    ...(end === undefined ? {} : { graceUntil: end.at }),
    ...(suspend === undefined ? {} : { autoSuspend: suspend }),
  };
  const complaint = 'say what is to change: hard, soft or unlimited, overdraft=, grace=, suspend=';
  return Object.keys(wish).length > 0
    ? wish
    : refuse('value_invalid', { field: 'policy', complaint });
}
