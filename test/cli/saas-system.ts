// One SaaS LiteLLM, as its database has it and as its API tells it.

export const ACME_KEY = 'sk-saas-0123456789abcdef0123456789abcdef';
export const PAUSED_KEY = 'sk-saas-paused';

/** The columns that are read, of the types that its models give them, in place of what a test's database holds. */
export const SAAS_SQL = `
drop schema public cascade;
create schema public;
create table organizations (organization_id varchar(255) primary key, name varchar(500) not null,
  status varchar(50) default 'active', metadata json default '{}');
create table team_credits (team_id varchar(255) primary key, organization_id varchar(255),
  credits_allocated int default 0, credits_used int default 0,
  credits_remaining int generated always as (credits_allocated - credits_used) stored, credit_limit int,
  auto_refill boolean default false, refill_amount int, refill_period varchar(50), last_refill_at timestamp,
  virtual_key varchar(500), budget_mode varchar(50) default 'job_based', credits_per_dollar numeric(10,2) default 10.0,
  tokens_per_credit int default 10000, cost_markup_percentage numeric(5,2) default 0,
  status varchar(20) default 'active');
create table model_aliases (id uuid primary key default gen_random_uuid(), model_alias varchar(200) unique,
  display_name varchar(200), provider varchar(100), actual_model varchar(200), description text,
  pricing_input numeric(10,6), pricing_output numeric(10,6), status varchar(50) default 'active');
create table model_access_groups (id uuid primary key default gen_random_uuid(), group_name varchar(200) unique,
  display_name varchar(200), description text, status varchar(50) default 'active');
create table model_alias_access_groups (id uuid primary key default gen_random_uuid(), model_alias_id uuid,
  access_group_id uuid);
create table team_access_groups (id uuid primary key default gen_random_uuid(), team_id varchar(255),
  access_group_id uuid);
create table jobs (job_id uuid primary key default gen_random_uuid(), team_id varchar(255) not null, user_id varchar(255),
  job_type varchar(100) not null default 'chat', created_at timestamp not null default now());
create table llm_calls (call_id uuid primary key default gen_random_uuid(), job_id uuid not null references jobs,
  model_used varchar(100), cost_usd numeric(10,6) default 0, provider_cost_usd numeric(10,8), client_cost_usd numeric(10,8),
  created_at timestamp not null default now());
insert into jobs (job_id, team_id, user_id) values ('00000000-0000-4000-8000-000000000001', 'acme-prod', 'visitor-7'),
  ('00000000-0000-4000-8000-000000000002', 'acme-prod', null), ('00000000-0000-4000-8000-000000000003', 'gone-debt', null),
  ('00000000-0000-4000-8000-000000000004', 'lost', null);
insert into llm_calls (job_id, cost_usd, provider_cost_usd, client_cost_usd) values
  ('00000000-0000-4000-8000-000000000001', 0.1, 0.1, 0.1155), ('00000000-0000-4000-8000-000000000001', 0.2, 0.2, 0.231),
  ('00000000-0000-4000-8000-000000000002', 0.25, null, null), ('00000000-0000-4000-8000-000000000003', 0, 0, null),
  ('00000000-0000-4000-8000-000000000004', 3, 3, 3);
insert into organizations values ('acme', 'ACME', 'active', '{"tier":"gold"}'), ('gone', 'Gone', 'suspended', '{}');
insert into model_aliases (model_alias, display_name, provider, actual_model, pricing_input, pricing_output, status)
  values ('chat-fast', 'Fast chat', 'openai', 'gpt-4o-mini', 0.15, 0.6, 'active'),
    ('old-chat', 'Old chat', 'openai', 'gpt-4', 30, 60, 'deprecated');
insert into model_access_groups (group_name, display_name, description) values ('basic-chat', 'Basic', 'For all');
insert into model_alias_access_groups (model_alias_id, access_group_id)
  select a.id, g.id from model_aliases a, model_access_groups g where a.model_alias = 'chat-fast';
insert into team_credits (team_id, organization_id, credits_allocated, credits_used, virtual_key, budget_mode,
  credits_per_dollar, tokens_per_credit, cost_markup_percentage, status, auto_refill, refill_amount, refill_period)
  values ('acme-prod', 'acme', 1000, 250, '${ACME_KEY}', 'consumption_usd', 20, 5000, 15.5, 'active', true, 100, 'monthly'),
    ('acme-twin', 'acme', 10, 0, '${ACME_KEY}', 'job_based', 10, 10000, 0, 'active', false, null, null),
    ('gone-debt', 'gone', 10, 25, '${PAUSED_KEY}', 'job_based', 10, 10000, 0, 'paused', false, null, null),
    ('lost', null, 5, 0, null, 'job_based', 10, 10000, 0, 'active', false, null, null);
insert into team_access_groups (team_id, access_group_id)
  select team_id, g.id from team_credits, model_access_groups g where team_id = 'acme-prod';
`;

const MOMENTS = { created_at: '2026-10-01T00:00:00', updated_at: '2026-10-02T00:00:00' };
const PLAIN = {
  credit_limit: null,
  auto_refill: false,
  refill_amount: null,
  refill_period: null,
  last_refill_at: null,
  budget_mode: 'job_based',
  credits_per_dollar: 10,
  tokens_per_credit: 10_000,
  cost_markup_percentage: 0,
  status: 'active',
};

function team(
  id: string,
  organization: string | null,
  key: string | null,
  credits: { readonly credits_allocated: number; readonly credits_used: number },
  groups: readonly string[] = [],
) {
  const all = { ...PLAIN, ...credits, team_id: id, organization_id: organization, ...MOMENTS };
  return {
    team_id: id,
    organization_id: organization,
    credits: { ...all, credits_remaining: all.credits_allocated - all.credits_used },
    access_groups: groups,
    allowed_model_aliases: groups.length === 0 ? [] : ['chat-fast'],
    virtual_key: key,
    credits_allocated: all.credits_allocated,
    credits_remaining: all.credits_allocated - all.credits_used,
  };
}

const PROD = {
  credits_allocated: 1000,
  credits_used: 250,
  budget_mode: 'consumption_usd',
  credits_per_dollar: 20,
  tokens_per_credit: 5000,
  cost_markup_percentage: 15.5,
  auto_refill: true,
  refill_amount: 100,
  refill_period: 'monthly',
};
const DEBT = { credits_allocated: 10, credits_used: 25, status: 'paused' };
const TEAMS = [
  team('acme-prod', 'acme', ACME_KEY, PROD, ['basic-chat']),
  team('acme-twin', 'acme', ACME_KEY, { credits_allocated: 10, credits_used: 0 }),
  team('gone-debt', 'gone', PAUSED_KEY, DEBT),
  team('lost', null, null, { credits_allocated: 5, credits_used: 0 }),
];

function job(user: string | null, calls: number, usd: number) {
  return {
    job_id: '00000000-0000-4000-8000-000000000000',
    user_id: user,
    job_type: 'chat',
    status: 'COMPLETED',
    total_calls: calls,
    total_cost_usd: usd,
  };
}

const ACME = {
  organization_id: 'acme',
  name: 'ACME',
  status: 'active',
  metadata: { tier: 'gold' },
  default_team: null,
  ...MOMENTS,
};
const MODEL = {
  litellm_model_id: null,
  description: null,
  teams_using: null,
  provider: 'openai',
  ...MOMENTS,
};

/** What its API answers, by path; its list of organizations leaves out those that are not active. */
export const SAAS_ANSWERS: Readonly<Record<string, unknown>> = {
  '/api/models': [
    {
      ...MODEL,
      model_alias: 'chat-fast',
      display_name: 'Fast chat',
      actual_model: 'gpt-4o-mini',
      access_groups: ['basic-chat'],
      pricing_input: 0.15,
      pricing_output: 0.6,
      status: 'active',
    },
    {
      ...MODEL,
      model_alias: 'old-chat',
      display_name: 'Old chat',
      actual_model: 'gpt-4',
      access_groups: [],
      pricing_input: 30,
      pricing_output: 60,
      status: 'deprecated',
    },
  ],
  '/api/model-access-groups': [
    {
      group_name: 'basic-chat',
      display_name: 'Basic',
      description: 'For all',
      status: 'active',
      model_aliases: [
        {
          model_alias: 'chat-fast',
          display_name: 'Fast chat',
          provider: 'openai',
          actual_model: 'gpt-4o-mini',
        },
      ],
      teams_using: null,
      ...MOMENTS,
    },
  ],
  '/api/organizations': [ACME],
  '/api/organizations/gone': {
    ...ACME,
    organization_id: 'gone',
    name: 'Gone',
    status: 'suspended',
    metadata: {},
  },
  ...Object.fromEntries(
    Object.entries({
      'acme-prod': [job('visitor-7', 2, 0.3), job(null, 1, 0.25)],
      'acme-twin': [],
      'gone-debt': [job(null, 1, 0)],
      lost: [job(null, 1, 3)],
    }).map(([id, jobs]) => [
      `/api/jobs/teams/${id}?page_size=100&page=1`,
      { jobs, total: jobs.length, page: 1, page_size: 100, total_pages: 1 },
    ]),
  ),
  '/api/teams': TEAMS.map(({ credits, ...rest }) => ({ ...rest, ...credits })),
  ...Object.fromEntries(TEAMS.map((each) => [`/api/teams/${each.team_id}`, each])),
};
