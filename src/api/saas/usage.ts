import { z } from 'zod';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { DAY_MS, periodOf } from '../../core/time.ts';
import { sumOf } from '../../core/usage/usage.ts';
import type { UsageRow, UsageTotals } from '../../core/usage/usage.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { teamInPath } from '../target.ts';
import { whenDrained } from './drained.ts';
import { teamOf } from './fields.ts';
import { periodFrom } from './period.ts';
import { TEAM_USAGE } from './answers/usage.ts';
import type { MODEL_USAGE } from './answers/usage.ts';
import type { TEAM_WITH_USAGE } from './answers/teams.ts';
import type { Told } from '../told.ts';

export const teamUsageEndpoint = endpoint({
  summary: 'Usage of a team in a month or on a day',
  action: 'team.usage',
  target: teamInPath,
  foreign: 'Cannot access usage data for a different team',
  body: NOTHING,
  query: z.strictObject({ period: z.string().optional() }),
  answer: TEAM_USAGE,
  async handle({ stores, id, query }) {
    const period = query.period ?? periodOf(new Date(stores.clock()));
    const range = periodFrom(period);
    if (isRefusal(range)) {
      return range;
    }
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const pending = await whenDrained(stores, team);
    const rows = await stores.records.usage.between(id, range.from, range.to);
    const byType = Map.groupBy(rows, (row) => row.jobType);
    // A job beside its calls has no model.
    const calls = rows.filter((row) => row.model !== '');
    const byModel = Map.groupBy(calls, (row) => row.model);
    return {
      team_id: id,
      period,
      summary: spokenSummary(sumOf(rows)),
      by_job_type: spoken(byType, (sum) => Number(sum.jobs)),
      job_types: spoken(byType, (sum) => ({
        count: Number(sum.jobs),
        cost_usd: usdToNumber(sum.costNanoUsd),
      })),
      by_model: spoken(byModel, spokenModel),
      ...(pending > 0n ? { credits_not_yet_counted: creditsToNumber(pending) } : {}),
    };
  },
});

/** All that a team ever did, in two numbers. */
export async function usageSummary(
  stores: Stores,
  team: Team,
): Promise<Told<typeof TEAM_WITH_USAGE>['usage_summary']> {
  await whenDrained(stores, team);
  const tomorrow = new Date(stores.clock() + DAY_MS);
  const sum = sumOf(await stores.records.usage.between(team.id, new Date(0), tomorrow));
  return { total_jobs: Number(sum.jobs), total_cost_usd: usdToNumber(sum.costNanoUsd) };
}

/** A call outside of a job is a job of its own; calls inside of jobs are none. */
export function spokenSummary(sum: UsageTotals) {
  const average = sum.jobs === 0n ? 0n : sum.costNanoUsd / sum.jobs;
  return {
    total_jobs: Number(sum.jobs),
    successful_jobs: Number(sum.jobs - sum.failedJobs),
    failed_jobs: Number(sum.failedJobs),
    total_cost_usd: usdToNumber(sum.costNanoUsd),
    total_tokens: Number(sum.inputTokens + sum.outputTokens),
    credits_used: creditsToNumber(sum.charge),
    avg_cost_per_job: usdToNumber(average),
  };
}

function spokenModel(sum: UsageTotals): Told<typeof MODEL_USAGE> {
  return {
    calls: Number(sum.calls),
    failed_calls: Number(sum.failedCalls),
    input_tokens: Number(sum.inputTokens),
    output_tokens: Number(sum.outputTokens),
    cost_usd: usdToNumber(sum.costNanoUsd),
    credits_used: creditsToNumber(sum.charge),
  };
}

function spoken<Sum>(
  groups: Map<string, UsageRow[]>,
  speak: (sum: UsageTotals) => Sum,
): Record<string, Sum> {
  return Object.fromEntries([...groups].map(([name, rows]) => [name, speak(sumOf(rows))]));
}
