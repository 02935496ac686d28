import type { Actor } from '../audit/audit.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { fund } from './fund.ts';
import type { CreditsPosted, FundingWish } from './fund.ts';

export type TopUpWish = Omit<FundingWish, 'terms'>;
export type TopUpPosted = CreditsPosted;

/**
 * Adds credits to a team. The answer comes after the gate has them. A reference that was used before, for
 * whatever amount, posts nothing: two people may answer the same alert.
 */
export async function topUp(
  stores: Stores,
  actor: Actor,
  wish: TopUpWish,
): Promise<TopUpPosted | Refusal> {
  return fund(stores, actor, wish, { kind: 'top_up', isStrict: false });
}
