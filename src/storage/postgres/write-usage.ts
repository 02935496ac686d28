import { Prisma } from '../generated/client.ts';
import type { SpendToWrite } from '../gate/spend-text.ts';
import type { UsageRecord } from '../gate/usage-text.ts';
import type { PostgresScope } from './client.ts';

/** A usage event on its way into the records. */
export interface UsageToWrite extends UsageRecord {
  /** The posting that will charge it; null where nothing was charged. */
  readonly posting: string | null;
  /** What those before it were charged by the same posting, in microcredits, in digits. */
  readonly ahead: string;
  readonly spends: readonly SpendToWrite[];
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
 * Writes usage events and adds them to the hours, days and months they started in. One statement, and an array for
 * each column: a batch costs the database little more than its rows. Throws where one of them was written before.
 */
export async function writeUsage(
  scope: PostgresScope,
  events: readonly UsageToWrite[],
): Promise<void> {
  const column = <Value>(of: (event: UsageToWrite) => Value): Value[] => events.map(of);
  await scope.$executeRaw(Prisma.sql`
    WITH given AS MATERIALIZED (
      SELECT *, to_timestamp(started / 1000.0) AS started_at
      FROM unnest(${column((e) => e.id)}::text[], ${column((e) => e.team)}::text[],
        ${column((e) => e.organization)}::text[], ${column((e) => e.key)}::text[],
        ${column((e) => e.model)}::text[], ${column((e) => e.deployment)}::text[],
        ${column((e) => e.job)}::text[], ${column((e) => e.outcome)}::text[],
        ${column((e) => e.input)}::bigint[], ${column((e) => e.output)}::bigint[],
        ${column((e) => e.cost)}::bigint[], ${column((e) => e.charge)}::bigint[],
        ${column((e) => e.excess)}::bigint[], ${column((e) => e.estimated)}::boolean[],
        ${column((e) => e.started)}::float8[], ${column((e) => e.ended)}::float8[],
        ${column((e) => e.posting)}::uuid[], ${column((e) => e.ahead)}::bigint[],
        ${column((e) => e.user)}::text[], ${column((e) => e.part)}::text[],
        ${column((e) => e.endUser)}::text[])
      AS event (id, team_id, organization_id, key_id, model, deployment, job_type, outcome, input_tokens,
        output_tokens, cost_nano_usd, charge, excess, estimated, started, ended, posting_id, charged_ahead, user_id,
        job_id, end_user_id)
    ), keys AS MATERIALIZED (
      SELECT id, tags, (SELECT coalesce(json_agg(tag ORDER BY tag), '[]')::text FROM unnest(tags) AS tag) AS tags_text
      FROM virtual_keys WHERE id IN (SELECT DISTINCT key_id FROM given)
    ), written AS (
      INSERT INTO usage_events (id, team_id, organization_id, key_id, model, deployment, job_type, outcome,
        input_tokens, output_tokens, cost_nano_usd, charge, excess, estimated, started_at, ended_at, posting_id,
        charged_ahead, user_id, job_id, end_user_id, tags)
      SELECT given.id, team_id, organization_id, key_id, model, deployment, job_type, outcome, input_tokens,
        output_tokens, cost_nano_usd, charge, excess, estimated, started_at, to_timestamp(ended / 1000.0), posting_id,
        charged_ahead, user_id, job_id, end_user_id, coalesce(keys.tags, '{}')
      FROM given LEFT JOIN keys ON keys.id = key_id
    ), used_keys AS (
      UPDATE virtual_keys SET last_used_at = latest.at
      FROM (SELECT key_id, max(started_at) AS at FROM given GROUP BY key_id) AS latest
      WHERE id = latest.key_id
        AND (last_used_at IS NULL OR last_used_at < latest.at - make_interval(secs => ${LAST_USED_EVERY_S}))
    ), ${ROLL_UPS}, ${END_USERS}
    SELECT 1`);
  await writeSpends(scope, events);
}

/**
 * Adds what is given to its hour, and the hours to their days and months. What is called within a job counts under the
 * job's type, as the job does. The rest that a lapsed call was charged later (`:late`) is part of a call that was counted.
 */
const ROLL_UPS = Prisma.sql`
  placed AS (
    SELECT given.*, started_at AT TIME ZONE time_zone AS local, coalesce(tags_text, '[]') AS tags,
      CASE WHEN job_id IS NULL THEN job_type
        ELSE coalesce((SELECT jobs.job_type FROM jobs WHERE jobs.id = job_id), job_type) END AS counted_type,
      CASE WHEN model <> '' AND given.id NOT LIKE '%:late' THEN 1 ELSE 0 END AS call,
      CASE WHEN job_id IS NULL AND given.id NOT LIKE '%:late' THEN 1 ELSE 0 END AS job,
      CASE WHEN outcome = 'completed' THEN 0 ELSE 1 END AS failed
    FROM given JOIN organizations ON organizations.id = organization_id LEFT JOIN keys ON keys.id = key_id
  ), hours AS MATERIALIZED (
    SELECT key_id, started_at - (local - date_trunc('hour', local)) AS hour, date_trunc('day', local) AS day,
      model, counted_type AS job_type, tags, min(team_id) AS team_id, min(user_id) AS user_id, sum(call) AS calls,
      sum(call * failed) AS failed_calls, sum(job) AS jobs, sum(job * failed) AS failed_jobs,
      sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost_nano_usd) AS cost_nano_usd,
      sum(charge) AS charge
    FROM placed GROUP BY key_id, hour, day, model, counted_type, tags
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
  ), by_organization AS (
    INSERT INTO usage_by_organization (organization_id, grain, starts, model, job_type, tags, ${totals})
    SELECT organization_id, grain, starts, key_totals.model, job_type, tags, ${summed}
    FROM key_totals JOIN teams ON teams.id = team_id
    GROUP BY organization_id, grain, starts, key_totals.model, job_type, tags
    ON CONFLICT (organization_id, grain, starts, model, job_type, tags) DO UPDATE SET
      ${addedTo('usage_by_organization')}
  )`;

/** What was used for each end user; who is new among them is put on record. */
const END_USERS = Prisma.sql`
  end_user_days AS MATERIALIZED (
    SELECT organization_id, end_user_id, date_trunc('day', local) AS day, model, sum(call) AS calls,
      sum(call * failed) AS failed_calls, sum(job) AS jobs, sum(job * failed) AS failed_jobs,
      sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost_nano_usd) AS cost_nano_usd,
      sum(charge) AS charge
    FROM placed WHERE end_user_id IS NOT NULL GROUP BY organization_id, end_user_id, day, model
  ), known_end_users AS (
    INSERT INTO end_users (organization_id, id)
    SELECT organization_id, end_user_id FROM end_user_days AS named
    -- Whom there is already would have to be waited for where somebody changes them just now.
    WHERE NOT EXISTS (SELECT 1 FROM end_users
      WHERE end_users.organization_id = named.organization_id AND end_users.id = named.end_user_id)
    GROUP BY organization_id, end_user_id ORDER BY organization_id COLLATE "C", end_user_id COLLATE "C"
    ON CONFLICT (organization_id, id) DO NOTHING
  ), returned_end_users AS (
    UPDATE end_users SET status = 'active', version = version + 1, created_at = now()
    FROM (SELECT DISTINCT organization_id, end_user_id FROM end_user_days) AS named
    WHERE end_users.organization_id = named.organization_id AND end_users.id = named.end_user_id
      AND status = 'removed'
  ), by_end_user AS (
    INSERT INTO usage_by_end_user (organization_id, end_user_id, grain, starts, model, ${totals})
    SELECT organization_id, end_user_id, grain, starts, model, ${summed}
    FROM end_user_days CROSS JOIN LATERAL (VALUES ('day', day AT TIME ZONE 'UTC'),
      ('month', date_trunc('month', day) AT TIME ZONE 'UTC')) AS each (grain, starts)
    GROUP BY organization_id, end_user_id, grain, starts, model
    ON CONFLICT (organization_id, end_user_id, grain, starts, model) DO UPDATE SET ${addedTo('usage_by_end_user')}
  )`;

async function writeSpends(scope: PostgresScope, events: readonly UsageToWrite[]): Promise<void> {
  const spends = events.flatMap((event) => event.spends);
  if (spends.length === 0) {
    return;
  }
  const column = <Value>(of: (spend: SpendToWrite) => Value): Value[] => spends.map(of);
  await scope.$executeRaw(Prisma.sql`
    INSERT INTO budget_spends (subject, meter, starts_at, spent_nano_usd)
    SELECT subject, meter, to_timestamp(starts / 1000.0) AS starts_at, sum(nano)
    FROM unnest(${column((s) => s.subject)}::text[], ${column((s) => s.meter)}::text[],
      ${column((s) => s.starts)}::float8[], ${column((s) => s.nano)}::bigint[]) AS spend (subject, meter, starts, nano)
    GROUP BY subject, meter, starts_at ORDER BY subject, meter, starts_at
    ON CONFLICT (subject, meter, starts_at) DO UPDATE SET
      spent_nano_usd = budget_spends.spent_nano_usd + excluded.spent_nano_usd`);
}
