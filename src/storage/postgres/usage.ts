import type { UsageRecords } from '../../core/stores.ts';
import type { UsageRow } from '../../core/usage/usage.ts';
import { Prisma } from '../generated/client.ts';
import type { SpendToWrite } from '../gate/spend-text.ts';
import type { PostgresScope } from './client.ts';

export function usageIn(scope: PostgresScope): UsageRecords {
  return {
    async between(teamId, from, to) {
      const rows = await scope.usageDay.groupBy({
        by: ['jobType', 'model'],
        where: { teamId, day: { gte: from, lt: to } },
        _sum: {
          calls: true,
          failedCalls: true,
          inputTokens: true,
          outputTokens: true,
          costNanoUsd: true,
          charge: true,
        },
        orderBy: [{ jobType: 'asc' }, { model: 'asc' }],
      });
      return rows.map(({ jobType, model, _sum: sum }): UsageRow => ({
        jobType,
        model,
        calls: sum.calls ?? 0n,
        failedCalls: sum.failedCalls ?? 0n,
        inputTokens: sum.inputTokens ?? 0n,
        outputTokens: sum.outputTokens ?? 0n,
        costNanoUsd: sum.costNanoUsd ?? 0n,
        charge: sum.charge ?? 0n,
      }));
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

/** A usage event on its way into the records, with the posting that will charge it. */
export interface UsageToWrite {
  readonly team: string;
  /** Null where nothing was charged. */
  readonly posting: string | null;
  /** Absent where no budget counts it. */
  readonly spends?: readonly SpendToWrite[];
}

/** How exactly a key's last use is known; each call would otherwise write its key's row. */
const LAST_USED_EVERY_S = 60;

/**
 * Writes usage events and adds them to the days they started on (UTC). Those that were written before are
 * skipped. Answers what the new ones were charged, by team. One statement and one value: a batch costs
 * the database little more than its rows.
 */
export async function writeUsage(
  scope: PostgresScope,
  events: readonly UsageToWrite[],
): Promise<{ teamId: string; charged: bigint }[]> {
  return scope.$queryRaw<{ teamId: string; charged: bigint }[]>(Prisma.sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(events)}::json) AS event (id text, team text,
        organization text, key text, model text, deployment text, job text, outcome text, input bigint,
        output bigint, cost bigint, charge bigint, excess bigint, estimated boolean, started numeric,
        ended numeric, posting uuid, "user" text, part text, spends json)
    ), fresh AS (
      INSERT INTO usage_events (id, team_id, organization_id, key_id, model, deployment, job_type, outcome,
        input_tokens, output_tokens, cost_nano_usd, charge, excess, estimated, started_at, ended_at, posting_id,
        user_id, job_id)
      SELECT id, team, organization, key, model, deployment, job, outcome, input, output, cost, charge, excess,
        estimated, to_timestamp(started / 1000.0), to_timestamp(ended / 1000.0), posting,
        "user", part
      FROM given
      ON CONFLICT (id) DO NOTHING
      RETURNING *
    ), budgets AS (
      INSERT INTO budget_spends (subject, meter, starts_at, spent_nano_usd)
      SELECT spend.subject, spend.meter, to_timestamp(spend.starts / 1000.0) AS starts_at, sum(spend.nano)
      FROM given JOIN fresh USING (id), json_to_recordset(given.spends) AS spend (subject text, meter text,
        starts numeric, nano bigint)
      WHERE given.spends IS NOT NULL
      GROUP BY spend.subject, spend.meter, starts_at ORDER BY spend.subject, spend.meter, starts_at
      ON CONFLICT (subject, meter, starts_at) DO UPDATE SET
        spent_nano_usd = budget_spends.spent_nano_usd + excluded.spent_nano_usd
    ), used_keys AS (
      UPDATE virtual_keys SET last_used_at = latest.at
      FROM (SELECT key_id, max(started_at) AS at FROM fresh GROUP BY key_id) AS latest
      WHERE id = latest.key_id
        AND (last_used_at IS NULL OR last_used_at < latest.at - make_interval(secs => ${LAST_USED_EVERY_S}))
    ), days AS (
      INSERT INTO usage_days (team_id, day, job_type, model, calls, failed_calls, input_tokens, output_tokens,
        cost_nano_usd, charge)
      SELECT team_id, (started_at AT TIME ZONE 'UTC')::date AS day, job_type, model, count(*),
        count(*) FILTER (WHERE outcome <> 'completed'), sum(input_tokens), sum(output_tokens),
        sum(cost_nano_usd), sum(charge)
      FROM fresh GROUP BY team_id, day, job_type, model ORDER BY team_id, day, job_type, model
      ON CONFLICT (team_id, day, job_type, model) DO UPDATE SET
        calls = usage_days.calls + excluded.calls,
        failed_calls = usage_days.failed_calls + excluded.failed_calls,
        input_tokens = usage_days.input_tokens + excluded.input_tokens,
        output_tokens = usage_days.output_tokens + excluded.output_tokens,
        cost_nano_usd = usage_days.cost_nano_usd + excluded.cost_nano_usd,
        charge = usage_days.charge + excluded.charge
    )
    SELECT team_id AS "teamId", sum(charge)::bigint AS charged FROM fresh GROUP BY team_id`);
}
