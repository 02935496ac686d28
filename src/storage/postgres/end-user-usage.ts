import type { EndUserUsageQuery, EndUserUsageRow } from '../../core/usage/end-user-usage.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

const COLUMNS = Prisma.raw(
  'organization_id, end_user_id, starts, model, calls, failed_calls, jobs, failed_jobs, input_tokens, output_tokens, cost_nano_usd',
);

/** In the order of days, organizations, end users and models. */
export async function endUserUsage(
  scope: PostgresScope,
  { organizationId, endUserIds, days, each }: EndUserUsageQuery,
): Promise<EndUserUsageRow[]> {
  const isWhole = each === 'end_user';
  // Months hold all that was used, in the fewest rows.
  const grain = isWhole && days === undefined ? 'month' : 'day';
  const wanted = [
    ...(organizationId === undefined ? [] : [Prisma.sql`organization_id = ${organizationId}`]),
    ...(endUserIds === undefined
      ? []
      : [Prisma.sql`end_user_id = ANY (${[...endUserIds]}::text[])`]),
    ...(days === undefined ? [] : [Prisma.sql`starts >= ${days.from} AND starts < ${days.to}`]),
  ];
  const where = Prisma.join([Prisma.sql`true`, ...wanted], ' AND ');
  const own = Prisma.sql`SELECT ${COLUMNS}, charge FROM usage_by_end_user WHERE grain = ${grain} AND ${where}`;
  // Of all days together, brought_spends tells what was spent elsewhere.
  const brought = Prisma.sql`SELECT ${COLUMNS}, 0 AS charge FROM brought_usage_of_end_users WHERE ${where}`;
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
    FROM (${Prisma.join(days === undefined ? [own] : [own, brought], ' UNION ALL ')}) AS used
    GROUP BY 3, 1, 2, 4 ORDER BY 3, 1, 2, 4`;
}
