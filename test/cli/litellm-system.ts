// One LiteLLM proxy, as its database has it and as its API tells it.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const SECRET = 'sk-lm_0123456789ABCDEF';
export const PERSONAL_SECRET = 'sk-of-nobody';
export const SHARED_SECRET = 'sk-lm_second-key-of-t2';
const DIGEST = digestOf(SECRET);
const SECOND = digestOf(SHARED_SECRET);
const OTHER = digestOf(PERSONAL_SECRET);
const GONE = digestOf('sk-gone');
const OF_ORGANIZATION = digestOf('sk-of-the-organization');

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

const BY = 'created_by, updated_by';

/** Rows such as its own routes write, in tables such as its own migrations make. */
export const LITELLM_SQL = `${readFileSync(path.join(import.meta.dirname, 'litellm-schema.sql'), 'utf8')}
insert into "LiteLLM_BudgetTable" (budget_id, max_budget, rpm_limit, budget_duration, ${BY}) values
  ('b-org', 500, 6000, '30d', 'default_user_id', 'default_user_id'),
  ('b-member', 5, null, '1d', 'default_user_id', 'default_user_id'),
  ('b-default', 4, 9, '7d', 'default_user_id', 'default_user_id'),
  ('b-there', 70, null, '30d', 'default_user_id', 'default_user_id'),
  ('b-customer', 3, null, '1d', 'default_user_id', 'default_user_id'),
  ('b-key', 2, 10, null, 'default_user_id', 'default_user_id');
insert into "LiteLLM_OrganizationTable"
  (organization_id, organization_alias, budget_id, metadata, models, spend, ${BY})
  values ('globex', 'Globex', 'b-org', '{"tier":"gold"}', '{gpt-4o,gpt-4o-mini}', 42.5, 'default_user_id', 'default_user_id');
insert into "LiteLLM_ModelTable" (aliases, ${BY})
  values ('{"fast":"gpt-4o-mini"}', 'default_user_id', 'default_user_id');
insert into "LiteLLM_UserTable" (user_id, user_role) values ('default_user_id', 'proxy_admin');
insert into "LiteLLM_UserTable"
  (user_id, user_alias, user_email, user_role, max_budget, models, budget_duration, spend, teams)
  values ('hank', 'Hank', 'hank@example.com', 'internal_user', 50, '{}', '30d', 3.5, '{t-1}');
insert into "LiteLLM_UserTable" (user_id, user_email, max_budget, budget_duration, budget_reset_at, spend, teams)
  values ('ivy', 'ivy@example.com', 0, '30d', '2026-01-01 00:00:00', 7, '{t-1}');
insert into "LiteLLM_OrganizationMembership" (user_id, organization_id, user_role, budget_id)
  values ('hank', 'globex', 'org_admin', 'b-there'), ('ivy', 'globex', 'internal_user', null);
insert into "LiteLLM_TeamTable"
  (team_id, team_alias, organization_id, members_with_roles, metadata, max_budget, models, tpm_limit, budget_duration,
  model_id, spend, model_max_budget, budget_limits) values ('t-1', 'Research', 'globex',
  '[{"role":"admin","user_id":"hank","user_email":null},{"role":"user","user_id":"ivy","user_email":null},
    {"role":"admin","user_id":"default_user_id","user_email":null}]',
  '{"model_rpm_limit":{"gpt-4o":7},"team_member_budget_id":"b-default"}',
  100, '{gpt-4o,gpt-4o-mini}', 100000, '30d', 1, 20.25, '{"gpt-4o":{"budget_limit":9,"time_period":"1d"}}',
  '[{"budget_duration":"1d","max_budget":30,"reset_at":null}]');
insert into "LiteLLM_TeamTable" (team_id, models, blocked, spend) values ('t-2', '{no-such-model}', true, 4);
insert into "LiteLLM_TeamTable" (team_id, team_alias, members_with_roles, metadata, models, blocked, spend)
  values ('t-3', 'Blocked', '[]', '{"owner":"ops"}', '{gpt-4o}', true, 4);
insert into "LiteLLM_TeamMembership" (user_id, team_id, spend, total_spend, budget_id) values
  ('hank', 't-1', 3.5, 7, 'b-member'), ('ivy', 't-1', 0, 0, 'b-default'),
  ('default_user_id', 't-1', 0, 0, 'b-default'), ('long-gone', 't-1', 1, 1, null);
insert into "LiteLLM_TagTable" (tag_name, description, budget_id, created_by) values
  ('nightly', 'What runs at night', 'b-customer', 'default_user_id'), ('daily', null, null, 'default_user_id');
insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, spend, models, user_id, team_id,
  max_parallel_requests, metadata, rpm_limit, max_budget, budget_duration, budget_id) values
  ('${DIGEST}', 'sk-...CDEF', 'ci', 1.25, '{}', 'hank', 't-1', 2, '{"tags":["nightly"]}', 30, 10, '30d', 'b-key');
insert into "LiteLLM_VerificationToken" (token, key_name, spend, user_id) values ('${OTHER}', 'sk-...body', 0.3, 'hank');
insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, organization_id, max_budget, budget_duration, budget_reset_at, spend)
  values ('${OF_ORGANIZATION}', 'sk-...-org', 'of the organization', 'globex', 8, '1h', '2026-01-01 00:00:00', 6);
insert into "LiteLLM_VerificationToken" (token, key_name, expires, models, user_id, team_id, metadata, blocked) values
  ('${SECOND}', 'sk-...f-t2', '2099-01-01 00:00:00', '{gpt-4o}', 'default_user_id', 't-3', '{"use":"nightly"}', true);
insert into "LiteLLM_VerificationToken" (token, key_name, user_id, team_id) values
  ('${digestOf('sk-ui')}', 'sk-...k-ui', 'default_user_id', 'litellm-dashboard'),
  ('${digestOf('sk-lost')}', 'sk-...lost', null, 't-9');
insert into "LiteLLM_DailyTeamSpend" (id, team_id, date, api_key, model, model_group, endpoint, prompt_tokens,
  completion_tokens, spend, api_requests, successful_requests, failed_requests) values
  ('d-1', 't-1', '2026-10-30', '${DIGEST}', 'openai/gpt-4o', 'gpt-4o', '/chat/completions', 10, 20, 0.5, 2, 1, 1),
  ('d-2', 't-1', '2026-10-30', '${DIGEST}', 'openai/gpt-4o', 'gpt-4o', '/responses', 1, 2, 0.25, 1, 1, 0),
  ('d-3', 't-1', '2026-11-02', '${GONE}', 'gpt-4o-mini', '', '/chat/completions', 5, 5, 0.125, 1, 1, 0),
  ('d-4', '', '2026-11-01', '${OTHER}', 'openai/gpt-4o', 'gpt-4o', '/chat/completions', 7, 8, 0.3, 1, 1, 0);
insert into "LiteLLM_DailyEndUserSpend" (id, end_user_id, date, api_key, model, model_group, prompt_tokens,
  completion_tokens, spend, api_requests, successful_requests) values
  ('e-1', 'visitor-7', '2026-10-30', '${DIGEST}', 'openai/gpt-4o', 'gpt-4o', 10, 20, 0.5, 1, 1);
insert into "LiteLLM_EndUserTable" (user_id, alias, spend, blocked, budget_id) values
  ('visitor-7', 'Visitor', 2.25, false, 'b-customer'), ('trouble', null, 1, true, null),
  ('plain', 'Plain', 0, false, null);
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
const DEFAULT_BUDGET = {
  ...MEMBER_BUDGET,
  budget_id: 'b-default',
  max_budget: 4,
  rpm_limit: 9,
  budget_duration: '7d',
};
const BUDGET_THERE = {
  ...MEMBER_BUDGET,
  budget_id: 'b-there',
  max_budget: 70,
  budget_duration: '30d',
};
const CUSTOMER_BUDGET = { ...MEMBER_BUDGET, budget_id: 'b-customer', max_budget: 3 };
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
  org_id: null,
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

/** What was used on a day: model, key, input, output, USD, requests, those that failed. */
type Used = readonly [string, string, number, number, number, number, number];

function activity(days: Readonly<Record<string, readonly Used[]>>, page = 1, pages = 1) {
  const results = Object.entries(days).map(([date, used]) => ({
    date,
    metrics: {},
    breakdown: {
      models: {},
      model_groups: Object.fromEntries(
        [...Map.groupBy(used, ([model]) => model)].map(([model, rows]) => [
          model,
          {
            metrics: {},
            metadata: {},
            api_key_breakdown: Object.fromEntries(
              rows.map(([, key, input, output, spend, calls, failed]) => [
                key,
                {
                  metrics: {
                    spend,
                    prompt_tokens: input,
                    completion_tokens: output,
                    total_tokens: input + output,
                    api_requests: calls,
                    failed_requests: failed,
                    successful_requests: calls - failed,
                  },
                  metadata: { key_alias: null },
                },
              ]),
            ),
          },
        ]),
      ),
    },
  }));
  return { results, metadata: { page, total_pages: pages, has_more: page < pages } };
}

const ALL_DAYS = 'start_date=2023-01-01&end_date=2099-12-31&page_size=1000&page=';

/** What its API answers, by path and query. */
export const LITELLM_ANSWERS: Readonly<Record<string, unknown>> = {
  // A page ends within a day.
  [`/team/daily/activity?team_ids=t-1&${ALL_DAYS}1`]: activity(
    {
      '2026-11-02': [['gpt-4o-mini', GONE, 5, 5, 0.125, 1, 0]],
      '2026-10-30': [['gpt-4o', DIGEST, 1, 2, 0.25, 1, 0]],
    },
    1,
    2,
  ),
  [`/team/daily/activity?team_ids=t-1&${ALL_DAYS}2`]: activity(
    { '2026-10-30': [['gpt-4o', DIGEST, 10, 20, 0.5, 2, 1]] },
    2,
    2,
  ),
  [`/team/daily/activity?team_ids=t-2&${ALL_DAYS}1`]: activity({}),
  [`/team/daily/activity?team_ids=t-3&${ALL_DAYS}1`]: activity({}),
  [`/user/daily/activity?${ALL_DAYS}1`]: activity({
    '2026-11-01': [['gpt-4o', OTHER, 7, 8, 0.3, 1, 0]],
    '2026-10-30': [['gpt-4o', DIGEST, 11, 22, 0.75, 3, 1]],
  }),
  [`/customer/daily/activity?end_user_ids=visitor-7&${ALL_DAYS}1`]: activity({
    '2026-10-30': [['gpt-4o', DIGEST, 10, 20, 0.5, 1, 0]],
  }),
  // Told of nobody in an older version.
  // Budgets that belong to one row alone are told with that row.
  '/budget/list': [KEY_BUDGET, CUSTOMER_BUDGET],
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
      members: [
        {
          user_id: 'hank',
          organization_id: 'globex',
          user_role: 'org_admin',
          spend: 0,
          budget_id: 'b-there',
          litellm_budget_table: BUDGET_THERE,
        },
        {
          user_id: 'ivy',
          organization_id: 'globex',
          user_role: 'internal_user',
          spend: 0,
          budget_id: null,
          litellm_budget_table: null,
        },
      ],
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
      {
        ...NO_BOUNDS,
        user_id: 'ivy',
        user_alias: null,
        user_email: 'ivy@example.com',
        user_role: null,
        spend: 7,
        max_budget: 0,
        budget_duration: '30d',
        budget_reset_at: '2026-01-01T00:00:00Z',
        models: [],
        metadata: {},
        key_count: 0,
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
      members_with_roles: [
        { role: 'admin', user_id: 'hank', user_email: null },
        { role: 'user', user_id: 'ivy', user_email: null },
        { role: 'admin', user_id: 'default_user_id', user_email: null },
      ],
      metadata: { model_rpm_limit: { 'gpt-4o': 7 }, team_member_budget_id: 'b-default' },
      budget_limits: [{ budget_duration: '1d', max_budget: 30, reset_at: null }],
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
        {
          user_id: 'ivy',
          team_id: 't-1',
          budget_id: 'b-default',
          spend: 0,
          litellm_budget_table: DEFAULT_BUDGET,
        },
        {
          user_id: 'long-gone',
          team_id: 't-1',
          budget_id: null,
          spend: 1,
          litellm_budget_table: null,
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
        metadata: { tags: ['nightly'] },
      },
      {
        ...KEY,
        token: OF_ORGANIZATION,
        key_name: 'sk-...-org',
        key_alias: 'of the organization',
        org_id: 'globex',
        max_budget: 8,
        budget_duration: '1h',
        budget_reset_at: '2026-01-01T00:00:00Z',
        spend: 6,
      },
      { ...KEY, token: OTHER, key_name: 'sk-...body', user_id: 'hank', spend: 0.3 },
      { ...KEY, token: digestOf('sk-ui'), key_name: 'sk-...k-ui', team_id: 'litellm-dashboard' },
      { ...KEY, token: digestOf('sk-lost'), key_name: 'sk-...lost', team_id: 't-9' },
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
    total_count: 6,
    current_page: 1,
    total_pages: 1,
  },
  '/tag/list': [
    {
      name: 'nightly',
      description: 'What runs at night',
      models: [],
      model_info: {},
      created_by: 'default_user_id',
      ...OF_SPEND,
      litellm_budget_table: CUSTOMER_BUDGET,
    },
    {
      name: 'daily',
      description: null,
      models: [],
      model_info: {},
      created_by: 'default_user_id',
      ...OF_SPEND,
    },
    {
      name: 'User-Agent: curl',
      description: 'This is just a spend tag that was passed dynamically in a request.',
      models: null,
      ...OF_SPEND,
    },
  ],
  '/customer/list?page=1&page_size=100': [
    {
      user_id: 'trouble',
      alias: null,
      blocked: true,
      spend: 1,
      allowed_model_region: null,
      default_model: null,
      litellm_budget_table: null,
    },
    {
      user_id: 'plain',
      alias: 'Plain',
      blocked: false,
      spend: 0,
      allowed_model_region: null,
      default_model: null,
      litellm_budget_table: null,
    },
    {
      user_id: 'visitor-7',
      alias: 'Visitor',
      blocked: false,
      spend: 2.25,
      allowed_model_region: null,
      default_model: null,
      litellm_budget_table: CUSTOMER_BUDGET,
    },
  ],
};
