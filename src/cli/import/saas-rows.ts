// What SaaS LiteLLM keeps, as far as it is brought over; and how it is read out of its database.

import { readDatabase } from './read-database.ts';
import type { Query } from './read-database.ts';
import type { Row } from './step.ts';

export interface SaasRows {
  readonly models: readonly {
    readonly model_alias: string;
    readonly display_name: string | null;
    readonly provider: string;
    readonly actual_model: string;
    readonly description: string | null;
    /** USD for a million usage tokens. */
    readonly pricing_input: number | null;
    readonly pricing_output: number | null;
    readonly status: string;
  }[];
  readonly groups: readonly {
    readonly group_name: string;
    readonly display_name: string | null;
    readonly description: string | null;
    readonly model_aliases: readonly string[];
  }[];
  readonly organizations: readonly {
    readonly organization_id: string;
    readonly name: string;
    readonly status: string;
    readonly metadata: Row | null;
  }[];
  readonly teams: readonly {
    readonly team_id: string;
    readonly organization_id: string | null;
    /** Decimals: as text out of the database. */
    readonly credits_allocated: string | number;
    readonly credits_used: string | number;
    readonly auto_refill: boolean | null;
    readonly refill_amount: number | null;
    readonly refill_period: string | null;
    /** In plain text. */
    readonly virtual_key: string | null;
    readonly budget_mode: string | null;
    readonly credits_per_dollar: number | null;
    readonly tokens_per_credit: number | null;
    readonly cost_markup_percentage: number | null;
    readonly status: string | null;
    readonly access_groups: readonly string[];
  }[];
  /** What the calls of a team's jobs cost at providers, for each user that its programs named. */
  readonly spends: readonly {
    readonly team_id: string;
    readonly user_id: string | null;
    readonly spent_usd: string | number;
    readonly calls: number;
    /** Whether each call was rounded to the millionth of a USD, as the API tells them. */
    readonly is_rounded: boolean;
  }[];
}

/** Numerics as numbers: `pg` tells them as text. */
const QUERIES: Readonly<Record<keyof SaasRows, Query>> = {
  models: `select model_alias, display_name, provider, actual_model, description,
    pricing_input::float8 as pricing_input, pricing_output::float8 as pricing_output, status
    from model_aliases order by model_alias`,
  groups: `select g.group_name, g.display_name, g.description,
    array(select a.model_alias from model_alias_access_groups j join model_aliases a on a.id = j.model_alias_id
      where j.access_group_id = g.id order by 1) as model_aliases
    from model_access_groups g order by g.group_name`,
  organizations: `select organization_id, name, status, metadata from organizations order by organization_id`,
  teams: `select t.team_id, t.organization_id, coalesce(t.credits_allocated, 0)::text as credits_allocated,
    coalesce(t.credits_used, 0)::text as credits_used, t.auto_refill, t.refill_amount,
    t.refill_period, t.virtual_key, t.budget_mode, t.credits_per_dollar::float8 as credits_per_dollar,
    t.tokens_per_credit, t.cost_markup_percentage::float8 as cost_markup_percentage, t.status,
    array(select g.group_name from team_access_groups j join model_access_groups g on g.id = j.access_group_id
      where j.team_id = t.team_id order by 1) as access_groups
    from team_credits t order by t.team_id`,
  // Older calls have the rounded cost alone.
  spends: {
    ifThere: 'llm_calls',
    sql: `select j.team_id, j.user_id, count(*)::int as calls, false as is_rounded,
      coalesce(sum(coalesce(c.provider_cost_usd, c.cost_usd)), 0)::text as spent_usd
      from jobs j join llm_calls c on c.job_id = j.job_id group by 1, 2 order by 1, 2`,
  },
};

/** Reads all of it. Throws what the database says. */
export async function readSaasDatabase(databaseUrl: string): Promise<SaasRows> {
  return readDatabase<SaasRows>(databaseUrl, QUERIES);
}
