// `quartermaster import litellm`, out of a database such as LiteLLM's proxy keeps.

import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import type { TestDatabase } from '../support/postgres-for-tests.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const SECRET = 'sk-lm_0123456789ABCDEF';
const DIGEST = createHash('sha256').update(SECRET).digest('hex');
const OTHER = createHash('sha256').update('sk-of-nobody').digest('hex');

/** The columns that are read, of the types that its Prisma schema gives them. */
const LITELLM = `
create table "LiteLLM_BudgetTable" (budget_id text primary key, max_budget float8, soft_budget float8,
  max_parallel_requests int, tpm_limit bigint, rpm_limit bigint, budget_duration text);
create table "LiteLLM_OrganizationTable" (organization_id text primary key, organization_alias text not null,
  budget_id text not null, metadata jsonb not null default '{}', models text[]);
create table "LiteLLM_ModelTable" (id serial primary key, aliases jsonb);
create table "LiteLLM_TeamTable" (team_id text primary key, team_alias text, organization_id text,
  members_with_roles jsonb not null default '{}', metadata jsonb not null default '{}', max_budget float8,
  models text[], max_parallel_requests int, tpm_limit bigint, rpm_limit bigint, budget_duration text,
  blocked boolean not null default false, model_id int);
create table "LiteLLM_UserTable" (user_id text primary key, user_alias text, user_email text, user_role text,
  max_budget float8, models text[], metadata jsonb not null default '{}', max_parallel_requests int,
  tpm_limit bigint, rpm_limit bigint, budget_duration text);
create table "LiteLLM_OrganizationMembership" (user_id text, organization_id text, user_role text,
  budget_id text);
create table "LiteLLM_TeamMembership" (user_id text, team_id text, spend float8, budget_id text);
create table "LiteLLM_VerificationToken" (token text primary key, key_name text, key_alias text,
  spend float8, expires timestamp(3), models text[], aliases jsonb default '{}', user_id text, team_id text,
  max_parallel_requests int, metadata jsonb default '{}', blocked boolean, tpm_limit bigint,
  rpm_limit bigint, max_budget float8, budget_duration text, budget_id text);
insert into "LiteLLM_BudgetTable" values ('b-org', 500, null, null, null, 6000, '30d'),
  ('b-member', 5, null, null, null, null, '1d'), ('b-key', 2, null, null, null, 10, null);
insert into "LiteLLM_OrganizationTable" values ('globex', 'Globex', 'b-org', '{"tier":"gold"}', '{gpt-4o,gpt-4o-mini}');
insert into "LiteLLM_ModelTable" (id, aliases) values (1, '{"fast":"gpt-4o-mini"}');
insert into "LiteLLM_UserTable" values ('hank', 'Hank', 'hank@example.com', 'internal_user', 50, '{}', '{}', null,
  null, null, '30d');
insert into "LiteLLM_OrganizationMembership" values ('hank', 'globex', 'org_admin', null);
insert into "LiteLLM_TeamTable" values ('t-1', 'Research', 'globex', '[{"role":"admin","user_id":"hank"}]',
  '{}', 100, '{gpt-4o,gpt-4o-mini}', null, 100000, null, '30d', false, 1);
insert into "LiteLLM_TeamMembership" values ('hank', 't-1', 3.5, 'b-member');
insert into "LiteLLM_VerificationToken" values ('${DIGEST}', 'sk-...CDEF', 'ci', 1.25, null, '{}', '{}', 'hank', 't-1',
  2, '{}', null, null, 30, 10, null, 'b-key'),
  ('${OTHER}', 'sk-...body', null, 0, null, '{}', '{}', null, null, null, '{}', null, null, null, null, null, null);
`;

let door: Door;
let other: TestDatabase;
beforeAll(async () => {
  [door, other] = await Promise.all([openDoor(), createTestDatabase()]);
  const client = new Client({ connectionString: other.url });
  await client.connect();
  await client.query(LITELLM);
  await client.end();
});
afterAll(async () => {
  await door.close();
  await other.drop();
});

async function run(...words: string[]) {
  const child = spawn(process.execPath, [MAIN, 'import', 'litellm', '--json', ...words], {
    env: {
      PATH: process.env['PATH'],
      QUARTERMASTER_URL: door.url,
      QUARTERMASTER_ADMIN_KEY: ADMIN_KEY,
      QUARTERMASTER_IMPORT_DATABASE_URL: other.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (out === '') {
    throw new Error(complaint);
  }
  return JSON.parse(out) as {
    readonly outcomes: readonly {
      kind: string;
      name: string;
      outcome: string;
      complaint: string;
    }[];
    readonly notes: readonly string[];
  };
}

const STEPS = ['organization globex', 'budget b-key', 'person hank', 'team Research'];
const LAST_STEPS = ['member budget hank in t-1', 'key ci'];

test('says what would be made and changes nothing, then makes it, and a second time finds it there', async () => {
  const dry = await run();
  const outcomes = ({ outcomes: all }: typeof dry) =>
    all.map(({ kind, name, outcome, complaint }) => `${kind} ${name}: ${outcome}${complaint}`);
  const all = [...STEPS, ...LAST_STEPS];
  expect(outcomes(dry)).toEqual(all.map((step) => `${step}: would be made`));
  expect(dry.notes.join()).toContain('sk-...body has no team');
  expect(await door.stores.records.organizations.list()).toEqual([]);

  expect(outcomes(await run('--apply'))).toEqual(all.map((step) => `${step}: made`));
  const before = await everything();
  expect(outcomes(await run('--apply'))).toEqual(all.map((step) => `${step}: is there`));
  expect(await everything()).toEqual(before);
});

test('clients keep their keys, with the bounds that they had', async () => {
  const info = await door.ask('GET', `/key/info?key=${SECRET}`);
  expect(info.json.info).toMatchObject({
    key_alias: 'ci',
    user_id: 'hank',
    team_id: 't-1',
    organization_id: 'globex',
    budget_id: 'b-key',
    max_budget: 10,
    rpm_limit: 30,
    max_parallel_requests: 2,
  });
  const own = await door.ask('GET', '/key/info', undefined, { authorization: `Bearer ${SECRET}` });
  expect(own.status).toBe(200);
  const team = await door.ask('GET', '/team/info?team_id=t-1');
  expect(team.json.team_info).toMatchObject({
    team_alias: 'Research',
    organization_id: 'globex',
    models: ['gpt-4o', 'gpt-4o-mini'],
    max_budget: 100,
    tpm_limit: 100_000,
    litellm_model_table: { model_aliases: { fast: 'gpt-4o-mini' } },
  });
});

async function everything() {
  const { organizations, teams, keys, users, members } = door.stores.records;
  const audit = await door.postgres.auditEntry.count();
  return [
    audit,
    await organizations.list(),
    await teams.find('t-1'),
    await keys.ofTeam('t-1'),
    await users.list('globex'),
    await members.ofTeam('t-1'),
  ];
}
