import type { UsageRecords } from '../../core/stores.ts';
import type { UsageRow } from '../../core/usage/usage.ts';
import type { PostgresScope } from './client.ts';
import { customerUsage } from './customer-usage.ts';
import { usageRange } from './usage-range.ts';
import { usedCalls } from './used-calls.ts';

export function usageIn(scope: PostgresScope): UsageRecords {
  return {
    range: async (query) => usageRange(scope, query),
    calls: async (search) => usedCalls(scope, search),
    ofCustomers: async (query) => customerUsage(scope, query),
    between: async (teamId, from, to) =>
      scope.$queryRaw<UsageRow[]>`
        SELECT job_type AS "jobType", model, sum(calls)::bigint AS calls, sum(failed_calls)::bigint AS "failedCalls",
          sum(jobs)::bigint AS jobs, sum(failed_jobs)::bigint AS "failedJobs",
          sum(input_tokens)::bigint AS "inputTokens", sum(output_tokens)::bigint AS "outputTokens",
          sum(cost_nano_usd)::bigint AS "costNanoUsd", sum(charge)::bigint AS charge
        FROM usage_by_team WHERE team_id = ${teamId} AND grain = 'day' AND starts >= ${from} AND starts < ${to}
        GROUP BY job_type, model ORDER BY job_type, model`,
    prunedBefore: async () => {
      const { _max } = await scope.usagePruning.aggregate({ _max: { before: true } });
      return _max.before ?? undefined;
    },
    async chargedSince(teamId, since) {
      const seen = await scope.usageEvent.aggregate({
        where: { teamId, startedAt: { gte: since } },
        _count: true,
        _sum: { charge: true },
        _min: { startedAt: true },
      });
      const charged = seen._sum.charge ?? 0n;
      return { charged, calls: BigInt(seen._count), first: seen._min.startedAt };
    },
  };
}
