// What LiteLLM's proxy tells of each day through its API, as the rows that its database has.

import { z } from 'zod';
import type { UsageDay } from './litellm-history.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import { readPages } from './read-http.ts';
import type { Source } from './read-http.ts';
import { shaped } from './shaped.ts';

/** From before it was made, to after all of us: it wants both. */
const EVER = { start_date: '2023-01-01', end_date: '2099-12-31', page_size: '1000' };
/** Older versions have no such list. */
const UNKNOWN = [404, 405];

const METRICS = z.object({
  spend: z.number(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  api_requests: z.number(),
  failed_requests: z.number(),
});
const BY_MODEL = z.record(
  z.string(),
  z.object({ api_key_breakdown: z.record(z.string(), z.object({ metrics: METRICS })).nullish() }),
);
const ACTIVITY = z.object({
  results: z.array(
    z.object({
      date: z.string(),
      // Models as clients name them; of older versions, as the provider does.
      breakdown: z.object({ model_groups: BY_MODEL.nullish(), models: BY_MODEL.nullish() }),
    }),
  ),
  metadata: z.object({ total_pages: z.number().nullish() }),
});

type Known = Pick<LiteLlmRows, 'keys'> & {
  readonly teams: readonly { readonly team_id: string }[];
  readonly customers: readonly { readonly user_id: string; readonly spend: number | null }[];
};

/** The days of teams, of keys outside of them, and of customers for whom anything was spent. */
export async function readDays(
  source: Source,
  { teams, keys, customers }: Known,
): Promise<Pick<LiteLlmRows, 'teamDays' | 'customerDays'>> {
  const teamDays: LiteLlmRows['teamDays'][number][] = [];
  for (const { team_id } of teams) {
    const days = await daysIn(source, '/team/daily/activity', { team_ids: team_id });
    teamDays.push(...days.map((day) => ({ ...day, team_id })));
  }
  const alone = new Set(keys.filter((row) => row.team_id === null).map(({ token }) => token));
  if (alone.size > 0) {
    const days = await daysIn(source, '/user/daily/activity', {});
    const own = days.filter(({ api_key: key }) => alone.has(key));
    teamDays.push(...own.map((day) => ({ ...day, team_id: '' })));
  }
  const customerDays: LiteLlmRows['customerDays'][number][] = [];
  for (const { user_id } of customers.filter(({ spend }) => (spend ?? 0) > 0)) {
    const days = await daysIn(source, '/customer/daily/activity', { end_user_ids: user_id });
    customerDays.push(...days.map((day) => ({ ...day, user_id })));
  }
  return { teamDays, customerDays };
}

/** A page may end within a day, so a row may be told in two parts. */
async function daysIn(
  source: Source,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<UsageDay[]> {
  const told = await readPages(
    source,
    path,
    { ...query, ...EVER },
    (answer) => {
      const { results, metadata } = shaped(path, ACTIVITY, answer);
      return { rows: results.flatMap(rowsOf), pages: metadata.total_pages ?? 1 };
    },
    UNKNOWN,
  );
  const each = Map.groupBy(told, ({ date, api_key: key, model }) =>
    JSON.stringify([date, key, model]),
  );
  return [...each.values()].map((same) => same.reduce(plus));
}

function rowsOf({ date, breakdown }: z.output<typeof ACTIVITY>['results'][number]): UsageDay[] {
  const byModel = breakdown.model_groups ?? breakdown.models ?? {};
  return Object.entries(byModel).flatMap(([model, { api_key_breakdown: keys }]) =>
    Object.entries(keys ?? {}).map(([key, { metrics }]) => ({
      api_key: key,
      date,
      model,
      calls: metrics.api_requests,
      failed_calls: metrics.failed_requests,
      input_tokens: metrics.prompt_tokens,
      output_tokens: metrics.completion_tokens,
      spend: metrics.spend,
    })),
  );
}

function plus(one: UsageDay, other: UsageDay): UsageDay {
  return {
    ...one,
    calls: one.calls + other.calls,
    failed_calls: one.failed_calls + other.failed_calls,
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    spend: one.spend + other.spend,
  };
}
