// One LiteLLM proxy, as its database has it and as its API tells it.

import { createHash } from 'node:crypto';

export const SECRET = 'sk-lm_0123456789ABCDEF';
export const SHARED_SECRET = 'sk-lm_second-key-of-t2';
const DIGEST = digestOf(SECRET);
const SECOND = digestOf(SHARED_SECRET);
const OTHER = digestOf('sk-of-nobody');

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The columns that are read, of the types that its Prisma schema gives them. */
export const LITELLM_SQL = `
create table "LiteLLM_BudgetTable" (budget_id text primary key, max_budget float8, soft_budget float8,
  max_parallel_requests int, tpm_limit bigint, rpm_limit bigint, budget_duration text);
create table "LiteLLM_OrganizationTable" (organization_id text primary key, organization_alias text not null,
  budget_id text not null, metadata jsonb not null default '{}', models text[], spend float8 not null default 0);
create table "LiteLLM_ModelTable" (id serial primary key, aliases jsonb);
create table "LiteLLM_TeamTable" (team_id text primary key, team_alias text, organization_id text,
  members_with_roles jsonb not null default '{}', metadata jsonb not null default '{}', max_budget float8,
  models text[], max_parallel_requests int, tpm_limit bigint, rpm_limit bigint, budget_duration text,
  blocked boolean not null default false, model_id int, spend float8 not null default 0,
  model_max_budget jsonb not null default '{}');
create table "LiteLLM_UserTable" (user_id text primary key, user_alias text, user_email text, user_role text,
  max_budget float8, models text[], metadata jsonb not null default '{}', max_parallel_requests int,
  tpm_limit bigint, rpm_limit bigint, budget_duration text, spend float8 not null default 0);
create table "LiteLLM_OrganizationMembership" (user_id text, organization_id text, user_role text,
  budget_id text);
create table "LiteLLM_TeamMembership" (user_id text, team_id text, spend float8, budget_id text);
create table "LiteLLM_VerificationToken" (token text primary key, key_name text, key_alias text,
  spend float8, expires timestamp(3), models text[], aliases jsonb default '{}', user_id text, team_id text,
  max_parallel_requests int, metadata jsonb default '{}', blocked boolean, tpm_limit bigint,
  rpm_limit bigint, max_budget float8, budget_duration text, budget_id text,
  model_max_budget jsonb not null default '{}');
insert into "LiteLLM_BudgetTable" values ('b-org', 500, null, null, null, 6000, '30d'),
  ('b-member', 5, null, null, null, null, '1d'), ('b-key', 2, null, null, null, 10, null);
insert into "LiteLLM_OrganizationTable" values
  ('globex', 'Globex', 'b-org', '{"tier":"gold"}', '{gpt-4o,gpt-4o-mini}', 42.5);
insert into "LiteLLM_ModelTable" (id, aliases) values (1, '{"fast":"gpt-4o-mini"}');
insert into "LiteLLM_UserTable" values
  ('default_user_id', null, null, 'proxy_admin', null, '{}', '{}', null, null, null, null, 0),
  ('hank', 'Hank', 'hank@example.com', 'internal_user', 50, '{}', '{}', null, null, null, '30d', 3.5);
insert into "LiteLLM_OrganizationMembership" values ('hank', 'globex', 'org_admin', null);
insert into "LiteLLM_TeamTable" values ('t-1', 'Research', 'globex', '[{"role":"admin","user_id":"hank"}]',
  '{"model_rpm_limit":{"gpt-4o":7}}', 100, '{gpt-4o,gpt-4o-mini}', null, 100000, null, '30d', false, 1, 20.25,
  '{"gpt-4o":{"budget_limit":9,"time_period":"1d"}}'),
  ('t-2', null, null, '[]', '{}', null, '{no-such-model}', null, null, null, null, true, null, 4, '{}'),
  ('t-3', 'Blocked', null, '[]', '{"owner":"ops"}', null, '{gpt-4o}', null, null, null, null, true, null, 4, '{}');
insert into "LiteLLM_TeamMembership" values ('hank', 't-1', 3.5, 'b-member');
insert into "LiteLLM_VerificationToken" values ('${DIGEST}', 'sk-...CDEF', 'ci', 1.25, null, '{}', '{}', 'hank', 't-1',
  2, '{}', null, null, 30, 10, '30d', 'b-key', '{}'),
  ('${OTHER}', 'sk-...body', null, 0, null, '{}', '{}', null, null, null, '{}', null, null, null, null, null, null, '{}'),
  ('${SECOND}', 'sk-...f-t2', null, 0, '2099-01-01 00:00:00', '{gpt-4o}', '{}', 'default_user_id', 't-3', null,
  '{"use":"nightly"}', true, null, null, null, null, null, '{}');
`;

const NO_BOUNDS = {
  max_budget: null,
  budget_duration: null,
  tpm_limit: null,
  rpm_limit: null,
  max_parallel_requests: null,
};
const ORGANIZATION_BUDGET = {
  ...NO_BOUNDS,
  budget_id: 'b-org',
  max_budget: 500,
  rpm_limit: 6000,
  budget_duration: '30d',
  soft_budget: null,
};
const MEMBER_BUDGET = {
  ...NO_BOUNDS,
  budget_id: 'b-member',
  max_budget: 5,
  budget_duration: '1d',
  soft_budget: null,
};
const KEY_BUDGET = {
  ...NO_BOUNDS,
  budget_id: 'b-key',
  max_budget: 2,
  rpm_limit: 10,
  soft_budget: null,
};
const OF_SPEND = { created_at: '2026-10-01T00:00:00Z', updated_at: '2026-11-01T00:00:00Z' };
const KEY = {
  ...NO_BOUNDS,
  ...OF_SPEND,
  spend: 0,
  aliases: {},
  config: {},
  permissions: {},
  model_spend: {},
  model_max_budget: {},
  soft_budget_cooldown: false,
  expires: null,
  blocked: null,
  budget_id: null,
  user_id: null,
  team_id: null,
  key_alias: null,
  metadata: {},
  models: [],
};
const TEAM = {
  ...NO_BOUNDS,
  ...OF_SPEND,
  organization_id: null,
  admins: [],
  members: [],
  members_with_roles: [],
  model_spend: {},
  model_max_budget: {},
  budget_reset_at: null,
  model_id: null,
  litellm_model_table: null,
  team_memberships: [],
  keys: [],
  metadata: {},
};

/** What its API answers, by path and query. */
export const LITELLM_ANSWERS: Readonly<Record<string, unknown>> = {
  // Budgets that belong to one row alone are told with that row.
  '/budget/list': [KEY_BUDGET],
  '/organization/list': [
    {
      organization_id: 'globex',
      organization_alias: 'Globex',
      budget_id: 'b-org',
      spend: 42.5,
      metadata: { tier: 'gold' },
      models: ['gpt-4o', 'gpt-4o-mini'],
      created_by: 'default_user_id',
      ...OF_SPEND,
      litellm_budget_table: ORGANIZATION_BUDGET,
      teams: [],
      members: [{ user_id: 'hank', organization_id: 'globex', user_role: 'org_admin', spend: 0 }],
    },
  ],
  '/user/list?page_size=100&page=1': {
    users: [
      {
        ...NO_BOUNDS,
        user_id: 'default_user_id',
        user_email: null,
        user_role: 'proxy_admin',
        spend: 0,
        models: [],
        metadata: {},
        key_count: 0,
      },
    ],
    total: 2,
    page: 1,
    page_size: 100,
    total_pages: 2,
  },
  '/user/list?page_size=100&page=2': {
    users: [
      {
        ...NO_BOUNDS,
        user_id: 'hank',
        user_alias: 'Hank',
        user_email: 'hank@example.com',
        user_role: 'internal_user',
        spend: 3.5,
        max_budget: 50,
        budget_duration: '30d',
        models: [],
        metadata: {},
        key_count: 1,
      },
    ],
    total: 2,
    page: 2,
    page_size: 100,
    total_pages: 2,
  },
  '/team/list': [
    {
      ...TEAM,
      team_id: 't-1',
      team_alias: 'Research',
      organization_id: 'globex',
      members_with_roles: [{ role: 'admin', user_id: 'hank' }],
      metadata: { model_rpm_limit: { 'gpt-4o': 7 } },
      max_budget: 100,
      budget_duration: '30d',
      tpm_limit: 100_000,
      models: ['gpt-4o', 'gpt-4o-mini'],
      blocked: false,
      spend: 20.25,
      model_max_budget: { 'gpt-4o': { budget_limit: 9, time_period: '1d' } },
      litellm_model_table: { model_aliases: '{"fast":"gpt-4o-mini"}', created_by: 'admin' },
      team_memberships: [
        {
          user_id: 'hank',
          team_id: 't-1',
          budget_id: 'b-member',
          spend: 3.5,
          litellm_budget_table: MEMBER_BUDGET,
        },
      ],
    },
    {
      ...TEAM,
      team_id: 't-2',
      team_alias: null,
      models: ['no-such-model'],
      blocked: true,
      spend: 4,
    },
    {
      ...TEAM,
      team_id: 't-3',
      team_alias: 'Blocked',
      models: ['gpt-4o'],
      blocked: true,
      spend: 4,
      metadata: { owner: 'ops' },
    },
  ],
  '/key/list?size=100&return_full_object=true&include_team_keys=true&page=1': {
    keys: [
      {
        ...KEY,
        token: DIGEST,
        key_name: 'sk-...CDEF',
        key_alias: 'ci',
        spend: 1.25,
        user_id: 'hank',
        team_id: 't-1',
        max_parallel_requests: 2,
        rpm_limit: 30,
        max_budget: 10,
        budget_duration: '30d',
        budget_id: 'b-key',
      },
      { ...KEY, token: OTHER, key_name: 'sk-...body' },
      {
        ...KEY,
        token: SECOND,
        key_name: 'sk-...f-t2',
        expires: '2099-01-01T00:00:00.000Z',
        models: ['gpt-4o'],
        user_id: 'default_user_id',
        team_id: 't-3',
        metadata: { use: 'nightly' },
        blocked: true,
      },
    ],
    total_count: 3,
    current_page: 1,
    total_pages: 1,
  },
};
