import type {
  BroughtDays,
  BroughtUsageFor,
  BroughtUsageRecords,
  BroughtUsageRow,
  BroughtUsageSum,
} from '../../core/usage/brought-usage.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** Far below the parameters that one statement may have. */
const ROWS_AT_ONCE = 2_000;

export function broughtUsageIn(scope: PostgresScope): BroughtUsageRecords {
  return {
    async replace(whom, days, rows) {
      await scope.$executeRaw`DELETE FROM ${tableOf(whom)} WHERE ${among(whom, days)}`;
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        await insert(scope, whom, rows.slice(at, at + ROWS_AT_ONCE));
      }
    },
    async sum(whom, days) {
      const [sum] = await scope.$queryRaw<BroughtUsageSum[]>`
        SELECT count(*)::int AS rows, coalesce(sum(calls), 0)::bigint AS calls,
          coalesce(sum(failed_calls), 0)::bigint AS "failedCalls", coalesce(sum(jobs), 0)::bigint AS jobs,
          coalesce(sum(failed_jobs), 0)::bigint AS "failedJobs",
          coalesce(sum(input_tokens), 0)::bigint AS "inputTokens",
          coalesce(sum(output_tokens), 0)::bigint AS "outputTokens",
          coalesce(sum(cost_nano_usd), 0)::bigint AS "costNanoUsd"
        FROM ${tableOf(whom)} WHERE ${among(whom, days)}`;
      // A sum is one row, also of nothing.
      return sum as BroughtUsageSum;
    },
  };
}

function tableOf({ kind }: BroughtUsageFor): Prisma.Sql {
  return Prisma.raw(kind === 'end_user' ? 'brought_usage_of_end_users' : 'brought_usage');
}

function among(whom: BroughtUsageFor, { from, to }: BroughtDays): Prisma.Sql {
  return Prisma.sql`${whose(whom)} AND starts >= ${from} AND starts < ${to}`;
}

function whose(whom: BroughtUsageFor): Prisma.Sql {
  switch (whom.kind) {
    case 'team':
      return Prisma.sql`team_id = ${whom.teamId}`;
    case 'key':
      return Prisma.sql`team_id = ${whom.teamId} AND key_id = ${whom.keyId}`;
    case 'end_user':
      return Prisma.sql`organization_id = ${whom.organizationId} AND end_user_id = ${whom.endUserId}`;
  }
}

async function insert(
  scope: PostgresScope,
  whom: BroughtUsageFor,
  rows: readonly BroughtUsageRow[],
): Promise<void> {
  const totals = ({ costNanoUsd, ...row }: BroughtUsageRow) => ({
    starts: row.starts,
    model: row.model,
    calls: row.calls,
    failedCalls: row.failedCalls,
    jobs: row.jobs,
    failedJobs: row.failedJobs,
    inputTokens: row.inputTokens,
    outputTokens: row.outputTokens,
    costNanoUsd,
  });
  if (whom.kind === 'end_user') {
    const { organizationId, endUserId } = whom;
    const data = rows.map((row) => ({ organizationId, endUserId, ...totals(row) }));
    await scope.broughtUsageOfEndUser.createMany({ data });
    return;
  }
  const { teamId } = whom;
  const data = rows.map((row) => {
    const { keyId, userId, jobType } = row;
    return { teamId, keyId, userId, jobType, ...totals(row) };
  });
  await scope.broughtUsage.createMany({ data });
}
