// What LiteLLM's proxy tells through its API, as the rows that its database has.

import { z } from 'zod';
import { Unreachable } from '../../client/patient-fetch.ts';
import { readDays } from './litellm-days-http.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { read, readPages, readUnless } from './read-http.ts';
import type { Source } from './read-http.ts';
import { orNull, shaped } from './shaped.ts';

/** As many as its lists tell at once. */
const PAGE_SIZE = '100';

const OBJECT = z.record(z.string(), z.unknown());
const MAYBE_TEXT = z.string().nullish().transform(orNull);
const MAYBE_NUMBER = z.number().nullish().transform(orNull);
const MAYBE_OBJECT = OBJECT.nullish().transform(orNull);
const NAMES = z
  .array(z.string())
  .nullish()
  .transform((names) => names ?? []);

const BOUNDS = {
  max_budget: MAYBE_NUMBER,
  soft_budget: MAYBE_NUMBER,
  budget_duration: MAYBE_TEXT,
  budget_reset_at: MAYBE_TEXT,
  tpm_limit: MAYBE_NUMBER,
  rpm_limit: MAYBE_NUMBER,
  max_parallel_requests: MAYBE_NUMBER,
  spend: MAYBE_NUMBER,
  model_max_budget: MAYBE_OBJECT,
  budget_limits: z.array(OBJECT).nullish().transform(orNull),
};

const BUDGETS = z.array(z.object({ budget_id: z.string(), ...BOUNDS }));
/** What a row points to, told whole inside of it. */
const POINTED = z.object({ budget_id: MAYBE_TEXT, ...BOUNDS }).nullish();

const ORGANIZATIONS = z.array(
  z.object({
    organization_id: z.string(),
    organization_alias: z.string().nullish(),
    budget_id: MAYBE_TEXT,
    models: NAMES,
    metadata: MAYBE_OBJECT,
    spend: MAYBE_NUMBER,
    litellm_budget_table: POINTED,
    members: z
      .array(
        z.object({
          user_id: z.string(),
          user_role: MAYBE_TEXT,
          budget_id: MAYBE_TEXT,
          litellm_budget_table: POINTED,
        }),
      )
      .nullish(),
  }),
);

const USERS = z.object({
  users: z.array(
    z.object({
      user_id: z.string(),
      user_alias: MAYBE_TEXT,
      user_email: MAYBE_TEXT,
      user_role: MAYBE_TEXT,
      models: NAMES,
      metadata: MAYBE_OBJECT,
      ...BOUNDS,
    }),
  ),
  total_pages: z.number().nullish(),
});

const TEAMS = z.array(
  z.object({
    team_id: z.string(),
    team_alias: MAYBE_TEXT,
    organization_id: MAYBE_TEXT,
    members_with_roles: z.array(OBJECT).nullish().transform(orNull),
    models: NAMES,
    litellm_model_table: z.object({ model_aliases: z.unknown() }).nullish(),
    metadata: MAYBE_OBJECT,
    blocked: z.boolean().nullish(),
    team_memberships: z
      .array(
        z.object({
          user_id: z.string(),
          budget_id: MAYBE_TEXT,
          spend: MAYBE_NUMBER,
          litellm_budget_table: POINTED,
        }),
      )
      .nullish(),
    ...BOUNDS,
  }),
);

const KEYS = z.object({
  keys: z.array(
    z.object({
      token: z.string(),
      key_name: MAYBE_TEXT,
      key_alias: MAYBE_TEXT,
      team_id: MAYBE_TEXT,
      user_id: MAYBE_TEXT,
      organization_id: MAYBE_TEXT,
      /** As newer versions call it. */
      org_id: MAYBE_TEXT,
      budget_id: MAYBE_TEXT,
      models: NAMES,
      aliases: MAYBE_OBJECT,
      metadata: MAYBE_OBJECT,
      expires: MAYBE_TEXT,
      blocked: z.boolean().nullish().transform(orNull),
      ...BOUNDS,
    }),
  ),
  total_pages: z.number().nullish(),
});

const CUSTOMERS = z.array(
  z.object({
    user_id: z.string(),
    alias: MAYBE_TEXT,
    blocked: z.boolean().nullish(),
    spend: MAYBE_NUMBER,
    budget_id: MAYBE_TEXT,
    litellm_budget_table: POINTED,
  }),
);

const TAGS = z.array(
  z.object({
    name: z.string(),
    description: MAYBE_TEXT,
    created_by: MAYBE_TEXT,
    litellm_budget_table: POINTED,
  }),
);

/** What a proxy answers of what its licence does not hold, and one that is older than a list. */
const CLOSED = [403];
const UNKNOWN = [404, 405];
const NO_ORGANIZATIONS =
  'This LiteLLM tells no organizations through its API, for want of a licence, and some of its teams belong to one, so nothing would come where it belongs. Read its database in place of its API. These teams do';

/** Reads all of it. Throws Unreachable, also where an answer is not what LiteLLM's are. */
export async function readLiteLlmApi(source: Source): Promise<LiteLlmRows> {
  const budgets = shaped('/budget/list', BUDGETS, await read(source, '/budget/list'));
  const told = await readUnless(CLOSED, source, '/organization/list');
  const organizations = told === undefined ? [] : shaped('/organization/list', ORGANIZATIONS, told);
  const teams = shaped('/team/list', TEAMS, await read(source, '/team/list'));
  const tags = shaped('/tag/list', TAGS, (await readUnless(UNKNOWN, source, '/tag/list')) ?? []);
  mustTell(told, teams);
  const customers = await readCustomers(source);
  const users = await readPages(source, '/user/list', { page_size: PAGE_SIZE }, (answer) => {
    const { users: page, total_pages: pages } = shaped('/user/list', USERS, answer);
    return { rows: page, pages: pages ?? 1 };
  });
  const whole = { size: PAGE_SIZE, return_full_object: 'true', include_team_keys: 'true' };
  const keys = await readPages(source, '/key/list', whole, (answer) => {
    const { keys: page, total_pages: pages } = shaped('/key/list', KEYS, answer);
    const rows = page.map(({ org_id: organization, ...row }) => ({
      ...row,
      organization_id: row.organization_id ?? organization,
    }));
    return { rows, pages: pages ?? 1 };
  });
  const memberships = teams.flatMap(({ team_id, team_memberships: rows }) =>
    (rows ?? []).map(({ user_id, spend, budget_id, litellm_budget_table: table }) => ({
      team_id,
      user_id,
      spend,
      budget_id: budget_id ?? table?.budget_id ?? null,
    })),
  );
  const organizationsOf = (userId: string): string[] =>
    organizations
      .filter(({ members }) => (members ?? []).some(({ user_id: id }) => id === userId))
      .map(({ organization_id: id }) => id);
  const pointing = [
    organizations,
    organizations.flatMap(({ members }) => members ?? []),
    membersOf(teams),
    tags,
  ];
  return {
    budgets: distinct([...budgets, ...pointing.flatMap(pointedIn)]),
    positions: positionsIn(organizations),
    organizations: organizations.map(({ organization_alias: alias, ...row }) => ({
      ...row,
      organization_alias: alias ?? row.organization_id,
      budget_id: row.budget_id ?? row.litellm_budget_table?.budget_id ?? null,
    })),
    users: users.map((row) => ({ ...row, organizations: organizationsOf(row.user_id) })),
    teams: teams.map(({ litellm_model_table: table, ...row }) => ({
      ...row,
      model_aliases: aliasesIn(table?.model_aliases),
      blocked: row.blocked === true,
    })),
    memberships,
    keys,
    // Those that calls alone bear are told, too; nobody made them.
    tags: tags
      .filter(({ created_by: by }) => by !== null)
      .map(({ name, description, litellm_budget_table: table }) => ({
        name,
        description,
        budget_id: table?.budget_id ?? null,
      })),
    ...(await readDays(source, { teams, keys, customers })),
    customers: customers.map(({ litellm_budget_table: table, blocked, ...row }) => ({
      ...row,
      blocked: blocked === true,
      budget_id: row.budget_id ?? table?.budget_id ?? null,
    })),
  };
}

/** Pages of as many as were asked for until one has fewer; older versions tell all of them each time. */
async function readCustomers(source: Source): Promise<z.output<typeof CUSTOMERS>> {
  const known = new Map<string, z.output<typeof CUSTOMERS>[number]>();
  for (let page = 1; ; page += 1) {
    const path = `/customer/list?page=${page}&page_size=${PAGE_SIZE}`;
    const told = shaped('/customer/list', CUSTOMERS, await read(source, path));
    const before = known.size;
    for (const customer of told) {
      known.set(customer.user_id, customer);
    }
    if (told.length < Number(PAGE_SIZE) || known.size === before) {
      return [...known.values()];
    }
  }
}

/** Nothing is brought to where it does not belong. */
function mustTell(organizations: unknown, teams: z.output<typeof TEAMS>): void {
  const owned = teams.filter((row) => row.organization_id !== null);
  if (organizations === undefined && owned.length > 0) {
    throw new Unreachable(`${NO_ORGANIZATIONS}: ${owned.map(({ team_id: id }) => id).join(', ')}`);
  }
}

function positionsIn(organizations: z.output<typeof ORGANIZATIONS>): LiteLlmRows['positions'] {
  return organizations.flatMap(({ organization_id, members }) =>
    (members ?? []).map(({ litellm_budget_table: table, ...member }) => ({
      ...member,
      organization_id,
      budget_id: member.budget_id ?? table?.budget_id ?? null,
    })),
  );
}

type Budget = LiteLlmRows['budgets'][number];
type Pointed = { readonly litellm_budget_table?: z.output<typeof POINTED> };

function membersOf(teams: z.output<typeof TEAMS>): readonly Pointed[] {
  return teams.flatMap(({ team_memberships: rows }) => rows ?? []);
}

/** Lists of budgets leave out those that belong to one row alone. */
function pointedIn(rows: readonly Pointed[]): Budget[] {
  return rows.flatMap(({ litellm_budget_table: table }) => {
    const id = table?.budget_id ?? null;
    return table === null || table === undefined || id === null
      ? []
      : [{ ...table, budget_id: id }];
  });
}

function distinct(budgets: readonly Budget[]): Budget[] {
  return [...new Map(budgets.map((budget) => [budget.budget_id, budget])).values()];
}

/** Versions differ: an object, or the text of one. */
function aliasesIn(given: unknown): z.output<typeof OBJECT> | null {
  const value: unknown = typeof given === 'string' ? parsed(given) : given;
  const aliases = OBJECT.safeParse(value);
  return aliases.success ? aliases.data : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
