// Sums over an organization: its jobs, what they cost, its dearest teams and models.

import { z } from 'zod';
import type { JobCount } from '../../core/jobs/job-records.ts';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageRangeRow } from '../../core/usage/usage-range.ts';
import type { UsageTotals } from '../../core/usage/usage.ts';
import { isWorded } from '../answer.ts';
import type { Worded } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { organizationInPath } from '../target.ts';
import { organizationOf } from './organizations.ts';
import { daysFrom } from './period.ts';
import { sumOf } from '../../core/usage/usage.ts';
import { ORGANIZATION_ANALYTICS, ORGANIZATION_STATS } from './answers/usage.ts';
import type { SPEND } from './answers/usage.ts';
import type { Told } from '../told.ts';

const QUERY = z.strictObject({
  start_date: z.string().optional(),
  end_date: z.string().optional(),
});
/** As documented. */
const TOP = 10;

export const organizationStatsEndpoint = endpoint({
  summary: 'Jobs, calls, cost and credits of an organization',
  action: 'organization.usage',
  target: organizationInPath,
  better: ['The dates hold for credits, too.'],
  body: NOTHING,
  query: QUERY,
  answer: ORGANIZATION_STATS,
  async handle({ stores, id, query }) {
    const asked = await askedFor(stores, id, query);
    if (!('organization' in asked)) {
      return asked;
    }
    const { organization, range } = asked;
    const scope = { kind: 'organization', organizationId: id } as const;
    const [counts, rows] = await Promise.all([
      stores.records.jobs.counts({ organizationId: id, ...range }),
      stores.records.usage.range({ scope, ...range, step: 'all', by: ['team'] }),
    ]);
    const sum = sumOf(rows);
    return {
      organization_id: id,
      organization_name: organization.name,
      total_jobs: countOf(counts),
      completed_jobs: countOf(counts, 'completed'),
      failed_jobs: countOf(counts, 'failed'),
      in_progress_jobs: countOf(counts, 'in_progress'),
      total_teams: rows.length,
      total_llm_calls: Number(sum.calls),
      successful_calls: Number(sum.calls - sum.failedCalls),
      failed_calls: Number(sum.failedCalls),
      total_tokens: tokensOf(sum),
      total_cost_usd: usdToNumber(sum.costNanoUsd),
      total_credits_used: creditsToNumber(sum.charge),
      top_teams: rows
        .toSorted((a, b) => Number(b.jobs - a.jobs))
        .slice(0, TOP)
        .map((row) => ({
          team_id: row.names.team ?? '',
          job_count: Number(row.jobs),
          credits_used: creditsToNumber(row.charge),
        })),
    };
  },
});

export const organizationAnalyticsEndpoint = endpoint({
  summary: 'Spend of an organization by day, team, model and provider',
  action: 'organization.usage',
  target: organizationInPath,
  body: NOTHING,
  query: QUERY,
  answer: ORGANIZATION_ANALYTICS,
  async handle({ stores, id, query }) {
    const asked = await askedFor(stores, id, query);
    if (!('organization' in asked)) {
      return asked;
    }
    const { organization, range } = asked;
    const scope = { kind: 'organization', organizationId: id } as const;
    const { usage } = stores.records;
    const [days, teams, models] = await Promise.all([
      usage.range({ scope, ...range, step: 'day', by: [] }),
      usage.range({ scope, ...range, step: 'all', by: ['team'] }),
      usage.range({ scope, ...range, step: 'all', by: ['model'] }),
    ]);
    const sum = sumOf(teams);
    const providers = Map.groupBy(models.filter(hasModel), (row) => providerOf(row.names.model));
    return {
      organization_id: id,
      organization_name: organization.name,
      total_spend: usdToNumber(sum.costNanoUsd),
      total_requests: Number(sum.calls),
      successful_requests: Number(sum.calls - sum.failedCalls),
      failed_requests: Number(sum.failedCalls),
      total_tokens: tokensOf(sum),
      daily_spend: days.map((row) => ({ date: row.period, spend: usdToNumber(row.costNanoUsd) })),
      spend_per_team: dearest(teams).map((row) => ({
        team_id: row.names.team ?? '',
        ...spendOf(row),
      })),
      top_models: dearest(models.filter(hasModel)).map((row) => ({
        model: row.names.model ?? '',
        spend: usdToNumber(row.costNanoUsd),
        count: Number(row.calls),
      })),
      provider_usage: [...providers].map(([provider, rows]) => ({
        provider,
        ...spendOf(sumOf(rows)),
      })),
    };
  },
});

interface Asked {
  readonly organization: Organization;
  readonly range: { readonly from: Date; readonly to: Date };
}

async function askedFor(
  stores: Stores,
  id: string,
  { start_date: start, end_date: end }: z.output<typeof QUERY>,
): Promise<Asked | Refusal | Worded> {
  const organization = await organizationOf(stores, id);
  if (isRefusal(organization)) {
    return organization;
  }
  const range = daysFrom(start, end, stores.clock());
  return isWorded(range) ? range : { organization, range };
}

function countOf(counts: readonly JobCount[], status?: JobCount['status']): number {
  return counts
    .filter((each) => status === undefined || each.status === status)
    .reduce((sum, { count }) => sum + count, 0);
}

function dearest(rows: readonly UsageRangeRow[]): UsageRangeRow[] {
  return rows.toSorted((a, b) => Number(b.costNanoUsd - a.costNanoUsd)).slice(0, TOP);
}

/** A job beside its calls has no model. */
function hasModel(row: UsageRangeRow): boolean {
  return (row.names.model ?? '') !== '';
}

function spendOf(sum: UsageTotals): Told<typeof SPEND> {
  return {
    spend: usdToNumber(sum.costNanoUsd),
    successful: Number(sum.calls - sum.failedCalls),
    failed: Number(sum.failedCalls),
    tokens: tokensOf(sum),
  };
}

function tokensOf({ inputTokens, outputTokens }: UsageTotals): number {
  return Number(inputTokens + outputTokens);
}

const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/gpt|openai|^o\d/i, 'openai'],
  [/claude|anthropic/i, 'anthropic'],
  [/gemini|google/i, 'google'],
  [/llama|meta/i, 'meta'],
];

/** As documented, guessed from the name that clients ask for. */
function providerOf(model: string | undefined): string {
  return PROVIDERS.find(([pattern]) => pattern.test(model ?? ''))?.[1] ?? 'other';
}
