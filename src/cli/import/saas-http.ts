// What SaaS LiteLLM tells through its API, as the rows that its database has.

import { z } from 'zod';
import { billionths, decimalText } from './decimal.ts';
import { read, readPages } from './read-http.ts';
import type { Source } from './read-http.ts';
import { orNull, shaped } from './shaped.ts';
import type { SaasRows } from './saas-rows.ts';

const TEXT = z.string().nullish().transform(orNull);
const NUMBER = z.number().nullish().transform(orNull);
const OBJECT = z.record(z.string(), z.unknown()).nullish().transform(orNull);

const MODELS = z.array(
  z.object({
    model_alias: z.string(),
    display_name: TEXT,
    provider: z.string(),
    actual_model: z.string(),
    description: TEXT,
    pricing_input: NUMBER,
    pricing_output: NUMBER,
    status: z.string(),
  }),
);
const GROUPS = z.array(
  z.object({
    group_name: z.string(),
    display_name: TEXT,
    description: TEXT,
    model_aliases: z.array(z.object({ model_alias: z.string() })),
  }),
);
const ORGANIZATION = z.object({
  organization_id: z.string(),
  name: z.string(),
  status: z.string(),
  metadata: OBJECT,
});
const TEAMS = z.array(z.object({ team_id: z.string() }));
const TEAM = z.object({
  team_id: z.string(),
  organization_id: TEXT,
  virtual_key: TEXT,
  access_groups: z.array(z.string()),
  credits: z.object({
    credits_allocated: z.number(),
    credits_used: z.number(),
    auto_refill: z.boolean().nullish().transform(orNull),
    refill_amount: NUMBER,
    refill_period: TEXT,
    budget_mode: TEXT,
    credits_per_dollar: NUMBER,
    tokens_per_credit: NUMBER,
    cost_markup_percentage: NUMBER,
    status: TEXT,
  }),
});

const JOBS = z.object({
  jobs: z.array(z.object({ user_id: TEXT, total_calls: z.number(), total_cost_usd: z.number() })),
  total_pages: z.number(),
});
const PAGE_SIZE = '100';

/** Reads all of it. Throws Unreachable, also where an answer is not what that system's are. */
export async function readSaasApi(source: Source): Promise<SaasRows> {
  const list = async <Shape extends z.ZodType>(path: string, shape: Shape) =>
    shaped(path, shape, await read(source, path));
  const models = await list('/api/models', MODELS);
  const groups = await list('/api/model-access-groups', GROUPS);
  const organizations = await list('/api/organizations', z.array(ORGANIZATION));
  const listed = await list('/api/teams', TEAMS);
  const teams: SaasRows['teams'][number][] = [];
  // The list leaves out what a team pays by.
  for (const { team_id: id } of listed) {
    const { credits, ...team } = await list(`/api/teams/${encodeURIComponent(id)}`, TEAM);
    teams.push({ ...team, ...credits });
  }
  // The list leaves out those that are not active.
  const known = new Set(organizations.map(({ organization_id: id }) => id));
  const unlisted = new Set(teams.flatMap(({ organization_id: id }) => id ?? []));
  for (const id of unlisted.difference(known)) {
    organizations.push(await list(`/api/organizations/${encodeURIComponent(id)}`, ORGANIZATION));
  }
  return {
    models,
    groups: groups.map(({ model_aliases: aliases, ...group }) => ({
      ...group,
      model_aliases: aliases.map(({ model_alias: alias }) => alias),
    })),
    organizations,
    teams,
    spends: await spendsOf(source, listed),
  };
}

/** Its API tells what each job cost. */
async function spendsOf(
  source: Source,
  teams: z.output<typeof TEAMS>,
): Promise<SaasRows['spends'][number][]> {
  const spends: SaasRows['spends'][number][] = [];
  for (const { team_id: id } of teams) {
    const path = `/api/jobs/teams/${encodeURIComponent(id)}`;
    const jobs = await readPages(source, path, { page_size: PAGE_SIZE }, (answer) => {
      const { jobs: rows, total_pages: pages } = shaped(path, JOBS, answer);
      return { rows, pages };
    });
    for (const [user, own] of Map.groupBy(jobs, (job) => job.user_id)) {
      const sum = own.reduce((so, job) => so + billionths(job.total_cost_usd), 0n);
      const calls = own.reduce((so, job) => so + job.total_calls, 0);
      const spent = decimalText(sum);
      spends.push({ team_id: id, user_id: user, spent_usd: spent, calls, is_rounded: true });
    }
  }
  return spends;
}
