import { usdToText } from '../money.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { budgetWords, limitWords } from './ceiling-words.ts';
import { meterOfBudget, meterOfLimit } from './ceilings.ts';
import type { Ceilings } from './ceilings.ts';

/**
 * Refuses ceilings of teams that sum to more than the organization's of the same kind or duration and model.
 * Sizes as they are set count, in shadow too, so that leaving shadow never breaks the rule; boosts, which end by
 * themselves, do not, and neither does a team that has no such ceiling.
 */
export function complaintAboutAllocation(
  organizationId: string,
  organization: Ceilings,
  teams: readonly Ceilings[],
): Refusal | undefined {
  for (const limit of organization.limits) {
    const meter = meterOfLimit(limit);
    const fitting = teams.flatMap(({ limits }) =>
      limits.filter((each) => meterOfLimit(each) === meter),
    );
    // Each is at most 1e12, so the sum of any number of teams that there are is exact.
    const sum = fitting.reduce((so, { max }) => so + max, 0);
    if (sum > limit.max) {
      return refuse('over_allocated', {
        organization: organizationId,
        ceiling: limitWords(limit),
        sum: sum.toLocaleString('en'),
        max: limit.max.toLocaleString('en'),
      });
    }
  }
  for (const budget of organization.budgets) {
    const meter = meterOfBudget(budget);
    const fitting = teams.flatMap(({ budgets }) =>
      budgets.filter((each) => meterOfBudget(each) === meter),
    );
    const sum = fitting.reduce((so, { maxNanoUsd }) => so + maxNanoUsd, 0n);
    if (sum > budget.maxNanoUsd) {
      return refuse('over_allocated', {
        organization: organizationId,
        ceiling: budgetWords(budget),
        sum: `${usdToText(sum)} USD`,
        max: `${usdToText(budget.maxNanoUsd)} USD`,
      });
    }
  }
  return undefined;
}
