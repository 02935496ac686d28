// What a member may spend in a team, as LiteLLM shows it: a row with the budget that it points to.

import { mainBudget } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Member } from '../../core/members/member.ts';
import type { CeilingPlan } from '../../core/plans/plan.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import { usdToNumber } from '../../core/money.ts';
import type { Stores } from '../../core/stores.ts';
import { spentBy } from '../../core/usage/spent.ts';
import { boundsView } from './bounds.ts';
import { extrasOf } from './extras.ts';
import type { BOUNDS_TABLE, MEMBERSHIP } from './answers/rows.ts';
import type { Told } from '../told.ts';

export async function membershipViews(
  stores: Stores,
  members: readonly Member[],
): Promise<Told<typeof MEMBERSHIP>[]> {
  const names = members.map(nameOf);
  const [plans, spent] = await Promise.all([
    stores.records.plans.followed(names),
    spentBy(
      stores,
      members.map(({ teamId, userId, organizationId, ceilings }) => ({
        subject: { kind: 'member', teamId, userId },
        organizationId,
        budget: mainBudget(ceilings),
      })),
    ),
  ]);
  return members.map((member) => {
    const plan = plans.get(nameOf(member));
    const { limits, budgets } = member.ceilings;
    const { nanoUsd = 0n, period } = spent.get(nameOf(member)) ?? {};
    return {
      user_id: member.userId,
      team_id: member.teamId,
      budget_id: plan?.id ?? null,
      spend: usdToNumber(nanoUsd),
      budget_reset_at: period === undefined ? null : new Date(period.endsAtMs).toISOString(),
      litellm_budget_table:
        limits.length + budgets.length === 0 ? null : boundsTable(member.ceilings, plan),
    };
  });
}

/** Ceilings as the row of LiteLLM's budget table that it would point to. */
export function boundsTable(
  ceilings: Ceilings,
  plan: CeilingPlan | undefined,
): Told<typeof BOUNDS_TABLE> {
  const spelling = extrasOf(plan?.metadata ?? {})['budget_duration'];
  return { budget_id: plan?.id ?? null, ...boundsView(ceilings, spelling) };
}

function nameOf({ teamId, userId }: Member): string {
  return subjectText({ kind: 'member', teamId, userId });
}
