// What LiteLLM's proxy keeps, as far as it is brought over; and how it is read out of its database.

import type { Bounds } from './ceilings.ts';
import { readDatabase } from './read-database.ts';
import type { Row } from './step.ts';

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
  })[];
  readonly teams: readonly (Bounds & {
    readonly team_id: string;
    readonly team_alias: string | null;
    readonly organization_id: string | null;
    readonly members_with_roles: readonly Row[] | null;
    readonly models: readonly string[];
    readonly model_aliases: Row | null;
    readonly metadata: Row | null;
    readonly blocked: boolean;
  })[];
  readonly memberships: readonly {
    readonly team_id: string;
    readonly user_id: string;
    readonly budget_id: string;
    readonly spend: number | null;
  }[];
  readonly keys: readonly (Bounds & {
    /** The SHA-256 of the secret. */
    readonly token: string;
    readonly key_name: string | null;
    readonly key_alias: string | null;
    readonly team_id: string | null;
    readonly user_id: string | null;
    readonly budget_id: string | null;
    readonly models: readonly string[];
    readonly aliases: Row | null;
    readonly metadata: Row | null;
    readonly expires: string | null;
    readonly blocked: boolean | null;
  })[];
}

/** Numbers as numbers: `pg` tells bigints as text. */
const BOUNDS = `max_budget, budget_duration, tpm_limit::float8 as tpm_limit,
  rpm_limit::float8 as rpm_limit, max_parallel_requests`;

const QUERIES: Readonly<Record<keyof LiteLlmRows, string>> = {
  budgets: `select budget_id, soft_budget, ${BOUNDS} from "LiteLLM_BudgetTable" order by budget_id`,
  organizations: `select organization_id, organization_alias, budget_id, models, metadata, spend
    from "LiteLLM_OrganizationTable" order by organization_id`,
  users: `select user_id, user_alias, user_email, user_role, models, metadata, spend, ${BOUNDS},
    array(select m.organization_id from "LiteLLM_OrganizationMembership" m
      where m.user_id = u.user_id order by 1) as organizations
    from "LiteLLM_UserTable" u order by user_id`,
  teams: `select team_id, team_alias, organization_id, members_with_roles, models, t.metadata, blocked,
    m.aliases as model_aliases, spend, model_max_budget, ${BOUNDS}
    from "LiteLLM_TeamTable" t left join "LiteLLM_ModelTable" m on m.id = t.model_id order by team_id`,
  memberships: `select team_id, user_id, budget_id, spend from "LiteLLM_TeamMembership"
    where budget_id is not null order by team_id, user_id`,
  keys: `select token, key_name, key_alias, team_id, user_id, budget_id, models, aliases, metadata,
    to_char(expires, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires, blocked, spend, model_max_budget, ${BOUNDS}
    from "LiteLLM_VerificationToken" order by token`,
};

/** Reads all of it. Throws what the database says. */
export async function readLiteLlmDatabase(databaseUrl: string): Promise<LiteLlmRows> {
  return readDatabase<LiteLlmRows>(databaseUrl, QUERIES);
}
