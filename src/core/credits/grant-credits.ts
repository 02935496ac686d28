import type { Actor } from '../audit/audit.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { fund } from './fund.ts';
import type { CreditsPosted, FundingWish } from './fund.ts';

/** Gives credits that may expire, and may go before or after others. In force with the answer. */
export async function grantCredits(
  stores: Stores,
  actor: Actor,
  wish: FundingWish,
): Promise<CreditsPosted | Refusal> {
  return fund(stores, actor, wish, { kind: 'grant', isStrict: true });
}

/** Adds what a payment brought, recurring or not. In force with the answer. */
export async function addPayment(
  stores: Stores,
  actor: Actor,
  wish: FundingWish & { readonly recurring: boolean },
): Promise<CreditsPosted | Refusal> {
  const { recurring, ...funding } = wish;
  const kind = recurring ? 'subscription' : 'top_up';
  return fund(stores, actor, funding, { kind, isStrict: true });
}
