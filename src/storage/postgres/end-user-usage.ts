import type { EndUserUsageQuery, EndUserUsageRow } from '../../core/usage/end-user-usage.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** In the order of days, organizations, end users and models. */
export async function endUserUsage(
  scope: PostgresScope,
  { organizationId, endUserIds, days, each }: EndUserUsageQuery,
): Promise<EndUserUsageRow[]> {
  const isWhole = each === 'end_user';
  // Months hold all that was used, in the fewest rows.
  const grain = isWhole && days === undefined ? 'month' : 'day';
  const wanted = [
    Prisma.sql`grain = ${grain}`,
    ...(organizationId === undefined ? [] : [Prisma.sql`organization_id = ${organizationId}`]),
    ...(endUserIds === undefined
      ? []
      : [Prisma.sql`end_user_id = ANY (${[...endUserIds]}::text[])`]),
    ...(days === undefined ? [] : [Prisma.sql`starts >= ${days.from} AND starts < ${days.to}`]),
  ];
  const date = isWhole
    ? Prisma.sql`''`
    : Prisma.sql`to_char(starts AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;
  const model = isWhole ? Prisma.sql`''` : Prisma.sql`model`;
  return scope.$queryRaw<EndUserUsageRow[]>`
    SELECT organization_id AS "organizationId", end_user_id AS "endUserId", ${date} AS date, ${model} AS model,
      sum(calls)::bigint AS calls, sum(failed_calls)::bigint AS "failedCalls",
      sum(jobs)::bigint AS jobs, sum(failed_jobs)::bigint AS "failedJobs",
      sum(input_tokens)::bigint AS "inputTokens", sum(output_tokens)::bigint AS "outputTokens",
      sum(cost_nano_usd)::bigint AS "costNanoUsd", sum(charge)::bigint AS charge
    FROM usage_by_end_user WHERE ${Prisma.join(wanted, ' AND ')}
    GROUP BY 3, 1, 2, 4 ORDER BY 3, 1, 2, 4`;
}
