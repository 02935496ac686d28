import { Prisma } from '../generated/client.ts';
import type { SpendToWrite } from '../gate/spend-text.ts';
import type { PostgresScope } from './client.ts';

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

const TOTALS = [
  'calls',
  'failed_calls',
  'jobs',
  'failed_jobs',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
  'charge',
] as const;
const totals = Prisma.raw(TOTALS.join(', '));
const summed = Prisma.raw(TOTALS.map((name) => `sum(${name}) AS ${name}`).join(', '));
const addedTo = (table: string): Prisma.Sql =>
  Prisma.raw(TOTALS.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', '));

/**
 * Writes usage events and adds them to the hours, days and months they started in. Those that were written before
 * are skipped. Answers what the new ones were charged, by team. One statement and one value: a batch costs
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
    ), keys AS MATERIALIZED (
      SELECT id, tags, (SELECT coalesce(json_agg(tag ORDER BY tag), '[]')::text FROM unnest(tags) AS tag) AS tags_text
      FROM virtual_keys WHERE id IN (SELECT key FROM given)
    ), fresh AS (
      INSERT INTO usage_events (id, team_id, organization_id, key_id, model, deployment, job_type, outcome,
        input_tokens, output_tokens, cost_nano_usd, charge, excess, estimated, started_at, ended_at, posting_id,
        user_id, job_id, tags)
      SELECT given.id, team, organization, key, model, deployment, job, outcome, input, output, cost, charge, excess,
        estimated, to_timestamp(started / 1000.0), to_timestamp(ended / 1000.0), posting,
        "user", part, coalesce(keys.tags, '{}')
      FROM given LEFT JOIN keys ON keys.id = given.key
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
    ), ${rollUps}
    SELECT team_id AS "teamId", sum(charge)::bigint AS charged FROM fresh GROUP BY team_id`);
}

/**
 * Adds what is fresh to its hour, and the hours to their days and months. The rest that a lapsed call was charged
 * later (`:late`) is part of a call that was counted.
 */
const rollUps = Prisma.sql`
  placed AS (
    SELECT fresh.*, started_at AT TIME ZONE time_zone AS local, coalesce(tags_text, '[]') AS tags_text,
      CASE WHEN model <> '' AND fresh.id NOT LIKE '%:late' THEN 1 ELSE 0 END AS call,
      CASE WHEN job_id IS NULL AND fresh.id NOT LIKE '%:late' THEN 1 ELSE 0 END AS job,
      CASE WHEN outcome = 'completed' THEN 0 ELSE 1 END AS failed
    FROM fresh JOIN organizations ON organizations.id = organization_id LEFT JOIN keys ON keys.id = key_id
  ), hours AS MATERIALIZED (
    SELECT key_id, started_at - (local - date_trunc('hour', local)) AS hour, date_trunc('day', local) AS day,
      model, job_type, tags_text AS tags, min(team_id) AS team_id, min(user_id) AS user_id, sum(call) AS calls,
      sum(call * failed) AS failed_calls, sum(job) AS jobs, sum(job * failed) AS failed_jobs,
      sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost_nano_usd) AS cost_nano_usd,
      sum(charge) AS charge
    FROM placed GROUP BY key_id, hour, day, model, job_type, tags_text
  ), key_totals AS MATERIALIZED (
    SELECT grain, starts, key_id, model, job_type, tags, min(team_id) AS team_id, min(user_id) AS user_id, ${summed}
    FROM hours CROSS JOIN LATERAL (VALUES ('hour', hour), ('day', day AT TIME ZONE 'UTC'),
      ('month', date_trunc('month', day) AT TIME ZONE 'UTC')) AS each (grain, starts)
    GROUP BY grain, starts, key_id, model, job_type, tags
  ), by_key AS (
    INSERT INTO usage_by_key (key_id, grain, starts, model, job_type, tags, team_id, user_id, ${totals})
    SELECT key_id, grain, starts, model, job_type, tags, team_id, user_id, ${totals} FROM key_totals
    ON CONFLICT (key_id, grain, starts, model, job_type, tags) DO UPDATE SET ${addedTo('usage_by_key')}
  ), by_team AS (
    INSERT INTO usage_by_team (team_id, grain, starts, model, job_type, tags, ${totals})
    SELECT team_id, grain, starts, model, job_type, tags, ${summed} FROM key_totals
    GROUP BY team_id, grain, starts, model, job_type, tags
    ON CONFLICT (team_id, grain, starts, model, job_type, tags) DO UPDATE SET ${addedTo('usage_by_team')}
  )`;
