// Records as a house has them after years: customers, teams, keys, people, money and roll-ups of usage. Written straight
// into an empty database, as no door could in the time of a bench.

import { Client } from 'pg';

const KEYS_PER_TEAM = 10;
const TEAMS_PER_ORGANIZATION = 50;
/** So many at once, that progress shows. */
const PARTS = 10;

export interface Sizes {
  readonly teams: number;
  readonly usageRows: number;
}

/** The team in the middle, which the questions are about. */
export function middleTeam({ teams }: Sizes): { teamId: string; organizationId: string } {
  const at = Math.floor(teams / 2);
  return {
    teamId: `team-${at}`,
    organizationId: `org-${Math.floor(at / TEAMS_PER_ORGANIZATION)}`,
  };
}

/** Fills the database. A day of one team and model is a row of usage. */
export async function makeManyCustomers(
  databaseUrl: string,
  sizes: Sizes,
  say: (line: string) => void,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Nobody else is there: a crash would only mean to begin again.
    await client.query('SET synchronous_commit = off; SET statement_timeout = 0');
    const per = Math.ceil(sizes.teams / PARTS);
    for (let part = 0; part < PARTS; part += 1) {
      const [first, last] = [part * per, Math.min(sizes.teams, (part + 1) * per) - 1];
      for (const statement of STATEMENTS) {
        await client.query(statement, [first, last]);
      }
      const days = Math.max(1, Math.round(sizes.usageRows / sizes.teams));
      await client.query(USAGE, [first, last, days]);
      say(`  ${(last + 1).toLocaleString('en')} teams of ${sizes.teams.toLocaleString('en')}`);
    }
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

const ALL = 'generate_series($1::int, $2::int) AS t';
const OF_TEAM = `'org-' || t / ${TEAMS_PER_ORGANIZATION}`;

const STATEMENTS: readonly string[] = [
  `INSERT INTO organizations (id, name) SELECT DISTINCT ${OF_TEAM}, 'Customer ' || t / ${TEAMS_PER_ORGANIZATION}
   FROM ${ALL} ON CONFLICT DO NOTHING`,
  `INSERT INTO teams (id, organization_id, alias, access_groups, created_at)
   SELECT 'team-' || t, ${OF_TEAM}, 'Team ' || md5(t::text), '{gpt-models}', now() - t * interval '1 minute' FROM ${ALL}`,
  `INSERT INTO users (organization_id, id, email) SELECT ${OF_TEAM}, 'user-' || t, 'user-' || t || '@example.com' FROM ${ALL}`,
  `INSERT INTO members (team_id, user_id, organization_id) SELECT 'team-' || t, 'user-' || t, ${OF_TEAM} FROM ${ALL}`,
  `INSERT INTO virtual_keys (id, hash, team_id, organization_id, user_id, name, last_four, created_at)
   SELECT 'key-' || t || '-' || k, encode(sha256(convert_to(t || '-' || k, 'UTF8')), 'hex'), 'team-' || t, ${OF_TEAM},
     'user-' || t, 'key ' || md5(t || '-' || k), 'abcd', now() - t * interval '1 minute' FROM ${ALL}, generate_series(1, ${KEYS_PER_TEAM}) AS k`,
  `INSERT INTO credit_accounts (id, team_id) SELECT 'team:team-' || t, 'team-' || t FROM ${ALL}`,
  `WITH postings AS (SELECT gen_random_uuid() AS posting, t FROM ${ALL}),
     granted AS (INSERT INTO credit_grants (id, team_id, posting_id, amount, remaining, effective_at)
       SELECT gen_random_uuid(), 'team-' || t, posting, 1000000000, 1000000000, now() FROM postings)
   INSERT INTO credit_entries (posting_id, account_id, kind, amount, actor, reason, reference)
   SELECT posting, account, 'grant', amount, 'system', 'bench', 'bench-' || t
   FROM postings, LATERAL (VALUES ('team:team-' || t, 1000000000), ('house:grants', -1000000000)) AS of (account, amount)`,
];

const USAGE = `
  INSERT INTO usage_by_team
  SELECT 'team-' || t, 'day', timestamptz '2026-11-01 00:00Z' - interval '1 day' * nth, 'gpt-4o', 'chat', '[]',
    50, 1, 50, 1, 60000, 15000, 250000000, 2500000
  FROM ${ALL}, generate_series(1, $3::int) AS nth`;
