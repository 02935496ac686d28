// What LiteLLM's proxy keeps, as far as it is brought over; and how it is read out of its database.

import type { Bounds } from './ceilings.ts';
import type { UsageDay } from './litellm-history.ts';
import { readDatabase } from './read-database.ts';
import type { Query } from './read-database.ts';
import type { Row } from './step.ts';

/** Whoever has the master key, as LiteLLM writes it down; no person here. */
export const MASTER = 'default_user_id';
/** The team that the keys of people signed in to its dashboard name; none there is. */
export const SESSIONS = 'litellm-dashboard';

export interface LiteLlmRows {
  /** The rows that others point to. */
  readonly budgets: readonly (Bounds & { readonly budget_id: string })[];
  readonly organizations: readonly {
    readonly organization_id: string;
    readonly organization_alias: string;
    readonly budget_id: string | null;
    readonly models: readonly string[];
    readonly metadata: Row | null;
    readonly spend: number | null;
  }[];
  readonly users: readonly (Bounds & {
    readonly user_id: string;
    readonly user_alias: string | null;
    readonly user_email: string | null;
    readonly user_role: string | null;
    readonly models: readonly string[];
    readonly metadata: Row | null;
    readonly organizations: readonly string[];
    readonly spend: number | null;
  })[];
  /** What people are in organizations, and may spend there. */
  readonly positions: readonly {
    readonly organization_id: string;
    readonly user_id: string;
    readonly user_role: string | null;
    readonly budget_id: string | null;
  }[];
  readonly teams: readonly (Bounds & {
    readonly team_id: string;
    readonly team_alias: string | null;
    readonly organization_id: string | null;
    readonly members_with_roles: readonly Row[] | null;
    readonly models: readonly string[];
    readonly model_aliases: Row | null;
    readonly metadata: Row | null;
    readonly blocked: boolean;
    readonly spend: number | null;
  })[];
  readonly memberships: readonly {
    readonly team_id: string;
    readonly user_id: string;
    readonly budget_id: string | null;
    readonly spend: number | null;
  }[];
  readonly keys: readonly (Bounds & {
    /** The SHA-256 of the secret. */
    readonly token: string;
    readonly key_name: string | null;
    readonly key_alias: string | null;
    readonly team_id: string | null;
    readonly user_id: string | null;
    readonly organization_id: string | null;
    readonly budget_id: string | null;
    readonly models: readonly string[];
    readonly aliases: Row | null;
    readonly metadata: Row | null;
    readonly expires: string | null;
    readonly blocked: boolean | null;
    readonly spend: number | null;
  })[];
  /** Whom clients call for. */
  readonly customers: readonly {
    readonly user_id: string;
    readonly alias: string | null;
    readonly blocked: boolean;
    readonly budget_id: string | null;
    readonly spend: number | null;
  }[];
  readonly tags: readonly {
    readonly name: string;
    readonly description: string | null;
    readonly budget_id: string | null;
  }[];
  /** What was used by day; of calls without a team it is empty. */
  readonly teamDays: readonly (UsageDay & { readonly team_id: string })[];
  readonly customerDays: readonly (UsageDay & { readonly user_id: string })[];
}

const MOMENT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
/** Numbers as numbers: `pg` tells bigints as text. */
const BOUNDS = `max_budget, budget_duration, to_char(budget_reset_at, ${MOMENT}) as budget_reset_at, tpm_limit::float8 as tpm_limit,
  rpm_limit::float8 as rpm_limit, max_parallel_requests`;
/** Lists may be null there. */
const MODELS = `coalesce(models, '{}') as models`;
/** Columns that not every version has. */
const SOFT_BUDGET = `(to_jsonb(t) ->> 'soft_budget')::float8 as soft_budget`;
const windowsOf = (table: string): string =>
  `case jsonb_typeof(to_jsonb(${table}) -> 'budget_limits') when 'array' then to_jsonb(${table}) -> 'budget_limits' end as budget_limits`;

const daysOf = (table: string, whose: string): Query => ({
  ifThere: `"${table}"`,
  sql: `select ${whose}, api_key, date, coalesce(nullif(model_group, ''), model, '') as model,
    sum(api_requests)::float8 as calls, sum(failed_requests)::float8 as failed_calls,
    sum(prompt_tokens)::float8 as input_tokens, sum(completion_tokens)::float8 as output_tokens, sum(spend) as spend
    from "${table}" group by 1, 2, 3, 4 order by 1, 3, 2, 4`,
});

const QUERIES: Readonly<Record<keyof LiteLlmRows, Query>> = {
  budgets: `select budget_id, soft_budget, model_max_budget, ${BOUNDS} from "LiteLLM_BudgetTable" order by budget_id`,
  organizations: `select organization_id, organization_alias, budget_id, ${MODELS}, metadata, spend
    from "LiteLLM_OrganizationTable" order by organization_id`,
  users: `select user_id, user_alias, user_email, user_role, ${MODELS}, metadata, spend, model_max_budget, ${BOUNDS},
    array(select m.organization_id from "LiteLLM_OrganizationMembership" m
      where m.user_id = u.user_id order by 1) as organizations
    from "LiteLLM_UserTable" u order by user_id`,
  positions: `select organization_id, user_id, user_role, budget_id from "LiteLLM_OrganizationMembership"
    order by user_id, organization_id`,
  teams: `select team_id, team_alias, organization_id, ${MODELS}, t.metadata, blocked,
    case jsonb_typeof(members_with_roles) when 'array' then members_with_roles end as members_with_roles,
    m.aliases as model_aliases, spend, model_max_budget, ${SOFT_BUDGET}, ${windowsOf('t')}, ${BOUNDS}
    from "LiteLLM_TeamTable" t left join "LiteLLM_ModelTable" m on m.id = t.model_id order by team_id`,
  memberships: `select team_id, user_id, budget_id, spend from "LiteLLM_TeamMembership"
    order by team_id, user_id`,
  keys: `select token, key_name, key_alias, team_id, user_id, to_jsonb(k) ->> 'organization_id' as organization_id,
    budget_id, ${MODELS}, aliases, metadata,
    to_char(expires, ${MOMENT}) as expires, blocked, spend, model_max_budget, ${windowsOf('k')}, ${BOUNDS}
    from "LiteLLM_VerificationToken" k order by token`,
  customers: `select user_id, alias, blocked, budget_id, spend from "LiteLLM_EndUserTable" order by user_id`,
  teamDays: daysOf('LiteLLM_DailyTeamSpend', `coalesce(team_id, '') as team_id`),
  customerDays: daysOf('LiteLLM_DailyEndUserSpend', `coalesce(end_user_id, '') as user_id`),
  tags: {
    ifThere: '"LiteLLM_TagTable"',
    sql: `select tag_name as name, description, budget_id from "LiteLLM_TagTable" order by tag_name`,
  },
};

/** Reads all of it. Throws what the database says. */
export async function readLiteLlmDatabase(databaseUrl: string): Promise<LiteLlmRows> {
  return readDatabase<LiteLlmRows>(databaseUrl, QUERIES);
}
