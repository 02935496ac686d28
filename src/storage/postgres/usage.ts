import type { UsageRecords } from '../../core/stores.ts';
import type { SeenUse } from '../../core/usage/burn.ts';
import type { UsageRow } from '../../core/usage/usage.ts';
import { Prisma } from '../generated/client.ts';
import { costSince } from './cost-since.ts';
import type { PostgresScope } from './client.ts';
import { endUserUsage } from './end-user-usage.ts';
import { usageRange } from './usage-range.ts';
import { usedCalls, usedCallsAfter } from './used-calls.ts';

const COUNTED = Prisma.raw(
  'calls, failed_calls, jobs, failed_jobs, input_tokens, output_tokens, cost_nano_usd',
);

export function usageIn(scope: PostgresScope): UsageRecords {
  return {
    range: async (query) => usageRange(scope, query),
    calls: async (search) => usedCalls(scope, search),
    callsAfter: async (page) => usedCallsAfter(scope, page),
    ofEndUsers: async (query) => endUserUsage(scope, query),
    between: async (teamId, from, to) =>
      scope.$queryRaw<UsageRow[]>`
        SELECT job_type AS "jobType", model, sum(calls)::bigint AS calls, sum(failed_calls)::bigint AS "failedCalls",
          sum(jobs)::bigint AS jobs, sum(failed_jobs)::bigint AS "failedJobs",
          sum(input_tokens)::bigint AS "inputTokens", sum(output_tokens)::bigint AS "outputTokens",
          sum(cost_nano_usd)::bigint AS "costNanoUsd", sum(charge)::bigint AS charge
        FROM (
          SELECT job_type, model, ${COUNTED}, charge FROM usage_by_team
          WHERE team_id = ${teamId} AND grain = 'day' AND starts >= ${from} AND starts < ${to}
          UNION ALL SELECT job_type, model, ${COUNTED}, 0 FROM brought_usage
          WHERE team_id = ${teamId} AND starts >= ${from} AND starts < ${to}
        ) AS used
        GROUP BY job_type, model ORDER BY job_type, model`,
    prunedBefore: async () => {
      const { _max } = await scope.usagePruning.aggregate({ _max: { before: true } });
      return _max.before ?? undefined;
    },
    costSince: async (subject, of) => costSince(scope, subject, of),
    chargedSince: async (teamId, since) => chargedSince(scope, teamId, since),
  };
}

/**
 * Whole hours come from the roll-up. Single events are read of one hour alone: of the one that a moment lies
 * in, and, where nothing is seen of that, of the first one with use, which tells when it began.
 */
async function chargedSince(scope: PostgresScope, teamId: string, since: Date): Promise<SeenUse> {
  const [seen] = await scope.$queryRaw<SeenUse[]>`
    WITH hours AS (
      SELECT coalesce(sum(charge), 0) AS charged, coalesce(sum(calls), 0) AS calls, min(starts) AS first
      FROM usage_by_team WHERE team_id = ${teamId} AND grain = 'hour' AND starts >= ${since}
    ), cut AS (
      SELECT coalesce(sum(e.charge), 0) AS charged, count(*) AS calls, min(e.started_at) AS first
      FROM usage_events e, hours WHERE e.team_id = ${teamId} AND e.started_at >= ${since}
        AND (hours.first IS NULL OR e.started_at < hours.first)
    )
    SELECT (hours.charged + cut.charged)::bigint AS charged, (hours.calls + cut.calls)::bigint AS calls,
      coalesce(cut.first, (
        SELECT min(started_at) FROM usage_events WHERE team_id = ${teamId}
          AND started_at >= hours.first AND started_at < hours.first + interval '1 hour'
      ), hours.first) AS first
    FROM hours, cut`;
  return seen ?? { charged: 0n, calls: 0n, first: null };
}
