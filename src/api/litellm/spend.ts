// What was spent: by day, by team, by key, by model, by person, by tag.

import { z } from 'zod';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { usdToNumber } from '../../core/money.ts';
import type { Within } from '../../core/permission/caller.ts';
import { refuseRole } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageDimension } from '../../core/usage/usage-range.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import {
  customerDay,
  DAYS,
  filtered,
  grouped,
  metricsOf,
  rangeOf,
  usageByDay,
} from './activity.ts';
import type { DayRow } from './activity.ts';
import { findKey } from './find-key.ts';
import { listOf } from './list-query.ts';
import { sizeField } from './paging.ts';
import { scopesOf, scopesToSum, usageOf } from './usage-scopes.ts';
import {
  REQUESTS_BY_DAY,
  REQUESTS_OF_MODEL,
  SPEND,
  SPEND_BY_DAY,
  SPEND_OF_KEY,
  SPEND_OF_MODEL,
  SPEND_OF_TAG,
  SPEND_OF_TEAMS,
  SPEND_OF_USER,
  SPEND_REPORT,
} from './answers/reports.ts';
import type { METRICS, REPORT_PART } from './answers/reports.ts';
import type { Told } from '../told.ts';

/** Day by day over all that the caller sees, of one key where it is named. */
async function listedDays(
  stores: Stores,
  within: Within,
  query: Parameters<typeof rangeOf>[0],
  apiKey?: string,
): Promise<DayRow[] | Refusal> {
  const range = rangeOf(query, stores.clock());
  if (isRefusal(range)) {
    return range;
  }
  const scopes = await scopesToSum(stores, within);
  if (isRefusal(scopes)) {
    return scopes;
  }
  const rows = await usageByDay(stores, scopes, range);
  if (apiKey === undefined) {
    return rows;
  }
  return filtered(rows, { api_key: (await findKey(stores, apiKey))?.id ?? '' });
}

export const globalSpendEndpoint = endpoint({
  summary: 'What was spent in all',
  action: 'organization.usage',
  target: 'listed',
  body: NOTHING,
  query: NO_QUERY,
  answer: SPEND,
  async handle({ stores, within }) {
    const scopes = await scopesOf(stores, within);
    const costs = await stores.records.directory.costs(scopes as readonly Subject[]);
    const sum = scopes.reduce(
      (so, scope) => so + (costs.get(subjectText(scope as Subject)) ?? 0n),
      0n,
    );
    return { spend: usdToNumber(sum), max_budget: null };
  },
});

export const globalSpendLogsEndpoint = endpoint({
  summary: 'What was spent on each of the last 30 days',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({ api_key: z.string().optional() }),
  answer: SPEND_BY_DAY,
  async handle({ stores, query, within }) {
    const rows = await listedDays(stores, within, {}, query.api_key);
    if (isRefusal(rows)) {
      return rows;
    }
    return [...grouped(rows, ({ period }) => period)].map(([date, part]) => ({
      date,
      spend: metricsOf(part).spend,
    }));
  },
});

/** A list by one name, the dearest first. */
function rankedEndpoint<Row extends object>(
  summary: string,
  by: UsageDimension,
  row: z.ZodType<Row>,
  view: (name: string, spent: Told<typeof METRICS>) => Told<z.ZodType<Row>>,
  /** The parameter that names those that are meant, with commas between. */
  only?: string,
): Endpoint {
  return endpoint({
    summary,
    action: 'team.usage',
    target: 'listed',
    body: NOTHING,
    query: z.strictObject({
      ...DAYS,
      limit: sizeField(1_000),
      ...(only === undefined ? {} : { [only]: z.string().optional() }),
    }),
    answer: z.array(row),
    async handle({ stores, query, within }) {
      const range = rangeOf(query, stores.clock());
      if (isRefusal(range)) {
        return range;
      }
      const scopes = await scopesToSum(stores, within);
      if (isRefusal(scopes)) {
        return scopes;
      }
      const rows = await usageOf(stores, scopes, range, [by]);
      const asked: unknown = only === undefined ? undefined : { ...query }[only];
      const meant = typeof asked === 'string' ? listOf(asked) : undefined;
      const named = [...grouped(rows, ({ names }) => names[by] ?? '')].filter(
        ([name]) => name !== '' && (meant?.includes(name) ?? true),
      );
      return named
        .map(([name, part]) => ({ name, spent: metricsOf(part) }))
        .sort((one, other) => other.spent.spend - one.spent.spend)
        .slice(0, query.limit ?? RANKED)
        .map(({ name, spent }) => view(name, spent));
    },
  });
}

const RANKED = 100;

export const spendKeysEndpoint = rankedEndpoint(
  'Keys by what they spent',
  'key',
  SPEND_OF_KEY,
  (name, { spend }) => ({
    token: name,
    api_key: name,
    spend,
  }),
);
export const spendUsersEndpoint = rankedEndpoint(
  'People by what they spent',
  'user',
  SPEND_OF_USER,
  (name, { spend }) => ({
    user_id: name,
    spend,
  }),
  'user_id',
);
export const spendTagsEndpoint = rankedEndpoint(
  'Tags by what was spent under them',
  'tag',
  SPEND_OF_TAG,
  (name, { api_requests: log_count, spend }) => ({
    individual_request_tag: name,
    log_count,
    spend,
  }),
  'tags',
);
export const spendModelsEndpoint = rankedEndpoint(
  'Models by what was spent on them',
  'model',
  SPEND_OF_MODEL,
  (name, { total_tokens, spend }) => ({ model: name, total_tokens, spend }),
);

export const spendTeamsEndpoint = endpoint({
  summary: 'What teams spent, in all and day by day',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject(DAYS),
  answer: SPEND_OF_TEAMS,
  async handle({ stores, query, within }) {
    const rows = await listedDays(stores, within, query);
    if (isRefusal(rows)) {
      return rows;
    }
    const teams = grouped(rows, ({ names }) => names.team ?? '');
    return {
      daily_spend: [...grouped(rows, ({ period }) => period)].map(([date, part]) => ({
        date,
        ...Object.fromEntries(
          [...grouped(part, ({ names }) => names.team ?? '')].map(([team, own]) => [
            team,
            metricsOf(own).spend,
          ]),
        ),
      })),
      teams: [...teams.keys()],
      total_spend_per_team: [...teams]
        .map(([team_id, part]) => ({ team_id, total_spend: metricsOf(part).spend }))
        .sort((one, other) => other.total_spend - one.total_spend),
    };
  },
});

export const spendReportEndpoint = endpoint({
  summary: 'What was spent day by day, by team or key, with the models of each',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({
    ...DAYS,
    group_by: z.enum(['team', 'api_key', 'customer']).optional(),
    team_id: z.string().optional(),
    api_key: z.string().optional(),
    customer_id: z.string().optional(),
  }),
  answer: SPEND_REPORT,
  async handle({ stores, query, within }) {
    if (query.group_by === 'customer' || query.customer_id !== undefined) {
      return customerReport(stores, within, query, query.customer_id);
    }
    const all = await listedDays(stores, within, query, query.api_key);
    if (isRefusal(all)) {
      return all;
    }
    const rows = all.filter(
      ({ names }) => query.team_id === undefined || names.team === query.team_id,
    );
    const names = await teamNames(stores, rows);
    return reportView(rows, query.group_by === 'api_key' ? 'key' : 'team', names);
  },
});

/** What teams are called, by their ids. */
async function teamNames(
  { records }: Stores,
  rows: readonly DayRow[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.flatMap(({ names }) => names.team ?? []))];
  const part = { sort: 'id', descending: false, offset: 0, limit: ids.length } as const;
  const found = await Promise.all(
    // What an archived team spent is told, too.
    [false, true].map(async (archived) => records.directory.teams({ ids, archived, ...part })),
  );
  return new Map(found.flatMap((page) => page.rows.map(({ id, alias }) => [id, alias] as const)));
}

async function customerReport(
  stores: Stores,
  { organizationId, teamId }: Within,
  query: Parameters<typeof rangeOf>[0],
  endUserId: string | undefined,
): Promise<Told<typeof SPEND_REPORT> | Refusal> {
  if (teamId !== undefined) {
    // What end users use is counted for organizations, so it is not a team's to see.
    return refuseRole('organization.usage');
  }
  const days = rangeOf(query, stores.clock());
  if (isRefusal(days)) {
    return days;
  }
  const used = await stores.records.usage.ofEndUsers({
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(endUserId === undefined ? {} : { endUserIds: [endUserId] }),
    days,
    each: 'day_and_model',
  });
  return reportView(used.map(customerDay), 'customer');
}

function reportView(
  rows: readonly DayRow[],
  by: 'key' | 'team' | 'customer',
  teamNamed: ReadonlyMap<string, string> = new Map(),
): Told<typeof SPEND_REPORT> {
  return [...grouped(rows, ({ period }) => period)].map(([date, part]) => {
    const parts = [...grouped(part, ({ names }) => names[by] ?? '')];
    const day = { group_by_day: date };
    if (by === 'key') {
      return { ...day, api_keys: parts.map(([key, own]) => ({ api_key: key, ...partOf(own) })) };
    }
    return by === 'team'
      ? {
          ...day,
          teams: parts.map(([team, own]) => ({
            team_name: teamNamed.get(team) ?? team,
            ...partOf(own),
          })),
        }
      : { ...day, customers: parts.map(([id, own]) => ({ customer: id, ...partOf(own) })) };
  });
}

/** A sum, with the models and keys that it is made of. */
function partOf(rows: readonly DayRow[]): Told<typeof REPORT_PART> {
  // What a job is charged stands in the usage under no model.
  const calls = rows.filter(({ names }) => names.model !== '');
  return {
    total_spend: metricsOf(rows).spend,
    metadata: [...grouped(calls, ({ names }) => `${names.model}/${names.key}`)].map(([, each]) => ({
      model: each[0]?.names.model ?? '',
      spend: metricsOf(each).spend,
      total_tokens: metricsOf(each).total_tokens,
      api_key: each[0]?.names.key ?? '',
    })),
  };
}

export const globalActivityEndpoint = endpoint({
  summary: 'Requests and tokens, day by day',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject(DAYS),
  answer: REQUESTS_BY_DAY,
  async handle({ stores, query, within }) {
    const rows = await listedDays(stores, within, query);
    return isRefusal(rows) ? rows : requestsView(rows);
  },
});

export const modelActivityEndpoint = endpoint({
  summary: 'Requests and tokens of each model, day by day, the busiest first',
  action: 'team.usage',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject(DAYS),
  answer: z.array(REQUESTS_OF_MODEL),
  async handle({ stores, query, within }) {
    const rows = await listedDays(stores, within, query);
    if (isRefusal(rows)) {
      return rows;
    }
    return [...grouped(rows, ({ names }) => names.model ?? '')]
      .filter(([model]) => model !== '')
      .map(([model, own]) => ({ model, ...requestsView(own) }))
      .sort((one, other) => other.sum_api_requests - one.sum_api_requests);
  },
});

function requestsView(rows: readonly DayRow[]): Told<typeof REQUESTS_BY_DAY> {
  const total = metricsOf(rows);
  return {
    daily_data: [...grouped(rows, ({ period }) => period)].map(([date, part]) => ({
      date,
      api_requests: metricsOf(part).api_requests,
      total_tokens: metricsOf(part).total_tokens,
    })),
    sum_api_requests: total.api_requests,
    sum_total_tokens: total.total_tokens,
  };
}
