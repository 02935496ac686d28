import type { CustomerUsageQuery, CustomerUsageRow } from '../../core/usage/customer-usage.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** In the order of days, organizations, end users and models. */
export async function customerUsage(
  scope: PostgresScope,
  { organizationId, customerIds, days, each }: CustomerUsageQuery,
): Promise<CustomerUsageRow[]> {
  const isWhole = each === 'customer';
  // Months hold all that was used, in the fewest rows.
  const grain = isWhole && days === undefined ? 'month' : 'day';
  const wanted = [
    Prisma.sql`grain = ${grain}`,
    ...(organizationId === undefined ? [] : [Prisma.sql`organization_id = ${organizationId}`]),
    ...(customerIds === undefined
      ? []
      : [Prisma.sql`customer_id = ANY (${[...customerIds]}::text[])`]),
    ...(days === undefined ? [] : [Prisma.sql`starts >= ${days.from} AND starts < ${days.to}`]),
  ];
  const date = isWhole
    ? Prisma.sql`''`
    : Prisma.sql`to_char(starts AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;
  const model = isWhole ? Prisma.sql`''` : Prisma.sql`model`;
  return scope.$queryRaw<CustomerUsageRow[]>`
    SELECT organization_id AS "organizationId", customer_id AS "customerId", ${date} AS date, ${model} AS model,
      sum(calls)::bigint AS calls, sum(failed_calls)::bigint AS "failedCalls",
      sum(jobs)::bigint AS jobs, sum(failed_jobs)::bigint AS "failedJobs",
      sum(input_tokens)::bigint AS "inputTokens", sum(output_tokens)::bigint AS "outputTokens",
      sum(cost_nano_usd)::bigint AS "costNanoUsd", sum(charge)::bigint AS charge
    FROM usage_by_customer WHERE ${Prisma.join(wanted, ' AND ')}
    GROUP BY 3, 1, 2, 4 ORDER BY 3, 1, 2, 4`;
}
