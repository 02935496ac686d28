// Roll-ups as a year of calls would have left them, without the calls.

import type { PrismaClient } from '../src/storage/generated/client.ts';

const TEAMS = 5;
const KEYS = 5;
/** Of one key on one day: enough that nearly every hour has some. */
const CALLS_PER_DAY = 55;
const DAYS = 365;
/** Hours take most of the room, and their number does not change what a question reads. */
const DAYS_WITH_HOURS = 30;

/** What one organization does in the year. */
export const CALLS_PER_ORGANIZATION = TEAMS * KEYS * CALLS_PER_DAY * DAYS;

/** A few at a time, so that no statement takes longer than one may. */
const ORGANIZATIONS_AT_ONCE = 1;

/** Adds organizations `from` to `to`: each with teams, keys of ten people, two models, and tags on some keys. */
export async function makeUpUsage(postgres: PrismaClient, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += ORGANIZATIONS_AT_ONCE) {
    await makeSome(postgres, at, Math.min(to, at + ORGANIZATIONS_AT_ONCE) - 1);
  }
  await postgres.$executeRaw`ANALYZE usage_by_key, usage_by_team, usage_by_organization, teams`;
}

async function makeSome(postgres: PrismaClient, first: number, last: number): Promise<void> {
  await postgres.$executeRaw`
    INSERT INTO organizations (id, name) SELECT 'org-' || o, 'bench' FROM generate_series(${first}::int, ${last}::int) AS o`;
  await postgres.$executeRaw`
    INSERT INTO teams (id, organization_id, alias) SELECT 'org-' || o || '-team-' || t, 'org-' || o, 'bench'
    FROM generate_series(${first}::int, ${last}::int) AS o, generate_series(1, ${TEAMS}::int) AS t`;
  await postgres.$executeRaw`
    INSERT INTO virtual_keys (id, hash, team_id, organization_id, name, last_four)
    SELECT team.id || '-key-' || k, team.id || '-key-' || k, team.id, team.organization_id, 'bench', 'abcd'
    FROM teams AS team, generate_series(1, ${KEYS}::int) AS k
    WHERE team.organization_id IN (SELECT 'org-' || o FROM generate_series(${first}::int, ${last}::int) AS o)`;
  await postgres.$executeRaw`
    INSERT INTO usage_by_key
    WITH days AS (
      SELECT 'day' AS grain, day AS starts, ${CALLS_PER_DAY}::int AS calls
      FROM generate_series(0, ${DAYS - 1}::int) AS nth, LATERAL (SELECT timestamptz '2026-01-01 00:00Z' + interval '1 day' * nth) AS d (day)
      UNION ALL SELECT 'month', month, ${CALLS_PER_DAY * 30}::int
      FROM generate_series(0, 11) AS nth, LATERAL (SELECT timestamptz '2026-01-01 00:00Z' + interval '1 month' * nth) AS m (month)
      UNION ALL SELECT 'hour', timestamptz '2026-12-31 23:00Z' - interval '1 hour' * nth, 2
      FROM generate_series(0, ${DAYS_WITH_HOURS * 24 - 1}::int) AS nth
    )
    SELECT 'org-' || o || '-team-' || t || '-key-' || k, grain, starts, model, 'chat',
      CASE WHEN k % 2 = 0 THEN '[]' ELSE '["beta","web"]' END, 'org-' || o || '-team-' || t, 'user-' || (t + k),
      calls / 2, 0, calls / 2, 0, calls * 600::bigint, calls * 150::bigint, calls * 2500000::bigint, calls * 25000::bigint
    FROM generate_series(${first}::int, ${last}::int) AS o, generate_series(1, ${TEAMS}::int) AS t,
      generate_series(1, ${KEYS}::int) AS k, (VALUES ('gpt-4o'), ('gpt-4o-mini')) AS of (model), days`;
  await postgres.$executeRaw`
    INSERT INTO usage_by_team
    SELECT team_id, grain, starts, model, job_type, tags, sum(calls), sum(failed_calls), sum(jobs), sum(failed_jobs),
      sum(input_tokens), sum(output_tokens), sum(cost_nano_usd), sum(charge)
    FROM usage_by_key
    WHERE team_id IN (SELECT 'org-' || o || '-team-' || t
      FROM generate_series(${first}::int, ${last}::int) AS o, generate_series(1, ${TEAMS}::int) AS t)
    GROUP BY team_id, grain, starts, model, job_type, tags`;
  await postgres.$executeRaw`
    INSERT INTO usage_by_organization
    SELECT organization_id, grain, starts, u.model, job_type, tags, sum(calls), sum(failed_calls), sum(jobs), sum(failed_jobs),
      sum(input_tokens), sum(output_tokens), sum(cost_nano_usd), sum(charge)
    FROM usage_by_team AS u JOIN teams ON teams.id = team_id
    WHERE organization_id IN (SELECT 'org-' || o FROM generate_series(${first}::int, ${last}::int) AS o)
    GROUP BY organization_id, grain, starts, u.model, job_type, tags`;
}
