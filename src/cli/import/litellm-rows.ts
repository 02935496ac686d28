// What LiteLLM's proxy keeps in its database, as far as it is brought over. Read only, in one snapshot.

import { Client } from 'pg';

export interface Bounds {
  readonly max_budget: number | null;
  readonly soft_budget?: number | null;
  readonly budget_duration: string | null;
  readonly tpm_limit: number | null;
  readonly rpm_limit: number | null;
  readonly max_parallel_requests: number | null;
}

type Json = Readonly<Record<string, unknown>>;

export interface LiteLlmRows {
  readonly budgets: readonly (Bounds & { readonly budget_id: string })[];
  readonly organizations: readonly {
    readonly organization_id: string;
    readonly organization_alias: string;
    readonly budget_id: string | null;
    readonly models: readonly string[];
    readonly metadata: Json | null;
  }[];
  readonly users: readonly (Bounds & {
    readonly user_id: string;
    readonly user_alias: string | null;
    readonly user_email: string | null;
    readonly user_role: string | null;
    readonly models: readonly string[];
    readonly metadata: Json | null;
    readonly organizations: readonly string[];
  })[];
  readonly teams: readonly (Bounds & {
    readonly team_id: string;
    readonly team_alias: string | null;
    readonly organization_id: string | null;
    readonly members_with_roles: readonly Json[] | null;
    readonly models: readonly string[];
    readonly model_aliases: Json | null;
    readonly metadata: Json | null;
    readonly blocked: boolean;
  })[];
  readonly memberships: readonly {
    readonly team_id: string;
    readonly user_id: string;
    readonly budget_id: string;
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
    readonly aliases: Json | null;
    readonly metadata: Json | null;
    readonly expires: string | null;
    readonly blocked: boolean | null;
  })[];
}

/** Numbers as numbers: `pg` tells bigints as text. */
const BOUNDS = `max_budget, budget_duration, tpm_limit::float8 as tpm_limit,
  rpm_limit::float8 as rpm_limit, max_parallel_requests`;

const QUERIES: Readonly<Record<keyof LiteLlmRows, string>> = {
  budgets: `select budget_id, soft_budget, ${BOUNDS} from "LiteLLM_BudgetTable" order by budget_id`,
  organizations: `select organization_id, organization_alias, budget_id, models, metadata
    from "LiteLLM_OrganizationTable" order by organization_id`,
  users: `select user_id, user_alias, user_email, user_role, models, metadata, ${BOUNDS},
    array(select m.organization_id from "LiteLLM_OrganizationMembership" m
      where m.user_id = u.user_id order by 1) as organizations
    from "LiteLLM_UserTable" u order by user_id`,
  teams: `select team_id, team_alias, organization_id, members_with_roles, models, t.metadata, blocked,
    m.aliases as model_aliases, ${BOUNDS}
    from "LiteLLM_TeamTable" t left join "LiteLLM_ModelTable" m on m.id = t.model_id order by team_id`,
  memberships: `select team_id, user_id, budget_id from "LiteLLM_TeamMembership"
    where budget_id is not null order by team_id, user_id`,
  keys: `select token, key_name, key_alias, team_id, user_id, budget_id, models, aliases, metadata,
    to_char(expires, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires, blocked, ${BOUNDS}
    from "LiteLLM_VerificationToken" order by token`,
};

/** A connection that is not there after this will not come. */
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** Reads all of it. Throws what the database says; never the address, which holds a password. */
export async function readLiteLlm(databaseUrl: string): Promise<LiteLlmRows> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const read: Record<string, unknown> = {};
    for (const [name, query] of Object.entries(QUERIES)) {
      read[name] = (await client.query(query)).rows;
    }
    // Each query names the columns of its rows.
    return read as unknown as LiteLlmRows;
  } finally {
    await client.end();
  }
}
