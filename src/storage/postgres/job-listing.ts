import type { JobStatus } from '../../core/jobs/job.ts';
import type { JobCallTotals, JobCount, JobFilter, JobPage } from '../../core/jobs/job-records.ts';
import type * as rows from '../generated/client.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { literal } from './literal.ts';

/** The newest first; jobs of one moment by their ids, so that pages neither overlap nor leave out. */
export async function jobRows(
  scope: PostgresScope,
  filter: JobFilter,
  { limit, offset = 0, after }: JobPage,
): Promise<rows.Job[]> {
  const isAfter =
    after === undefined
      ? {}
      : {
          OR: [
            { createdAt: { lt: after.createdAt } },
            { createdAt: after.createdAt, id: { lt: after.id } },
          ],
        };
  return scope.job.findMany({
    where: { AND: [whereOf(filter), isAfter] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip: offset,
    take: limit,
  });
}

export async function jobCounts(scope: PostgresScope, filter: JobFilter): Promise<JobCount[]> {
  const found = await scope.job.groupBy({
    by: ['teamId', 'status'],
    where: whereOf(filter),
    _count: true,
  });
  return found.map(({ teamId, status, _count }) => ({
    teamId,
    status: status as JobStatus,
    count: _count,
  }));
}

function whereOf({ organizationId, teamId, status, jobType, contains, from, to }: JobFilter) {
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(teamId === undefined ? {} : { teamId }),
    ...(status === undefined ? {} : { status }),
    ...(jobType === undefined ? {} : { jobType }),
    ...(contains === undefined ? {} : { id: { contains: literal(contains) } }),
    createdAt: {
      ...(from === undefined ? {} : { gte: from }),
      ...(to === undefined ? {} : { lt: to }),
    },
  };
}

/** Sums over the calls of each of these jobs. */
export async function totalsOfAll(
  scope: PostgresScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JobCallTotals>> {
  if (ids.length === 0) {
    return new Map();
  }
  const sums = await scope.$queryRaw<
    {
      job_id: string;
      calls: bigint;
      completed: bigint;
      purposes: bigint;
      tokens: bigint;
      cost: bigint;
      charge: bigint;
      latency: number;
    }[]
  >`
    SELECT usage_events.job_id, count(*) AS calls, count(*) FILTER (WHERE outcome = 'completed') AS completed,
      count(DISTINCT coalesce(purpose, 'default')) AS purposes,
      coalesce(sum(input_tokens + output_tokens), 0)::bigint AS tokens,
      coalesce(sum(cost_nano_usd), 0)::bigint AS cost, coalesce(sum(charge), 0)::bigint AS charge,
      coalesce(avg(extract(epoch FROM ended_at - started_at) * 1000), 0)::float8 AS latency
    FROM usage_events
      LEFT JOIN job_call_purposes AS said ON said.job_id = usage_events.job_id AND said.call_id = usage_events.id
    WHERE usage_events.job_id IN (${Prisma.join([...ids])}) GROUP BY usage_events.job_id`;
  return new Map(
    sums.map((sum) => [
      sum.job_id,
      {
        calls: Number(sum.calls),
        completedCalls: Number(sum.completed),
        repeatedCalls: Number(sum.calls - sum.purposes),
        usageTokens: sum.tokens,
        costNanoUsd: sum.cost,
        charge: sum.charge,
        averageLatencyMs: Math.round(sum.latency),
      },
    ]),
  );
}
