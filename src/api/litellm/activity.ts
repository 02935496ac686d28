// What was used day by day, as LiteLLM's dashboards read it.

import { z } from 'zod';
import { usdToNumber } from '../../core/money.ts';
import { refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { UsageDimension, UsageScope } from '../../core/usage/usage-range.ts';
import type { EndUserUsageRow } from '../../core/usage/end-user-usage.ts';
import type { UsageTotals } from '../../core/usage/usage.ts';
import { DAY_MS } from '../../core/time.ts';
import type { ACTIVITY, BREAKDOWN, METRICS } from './answers/reports.ts';
import type { Told } from '../told.ts';

const DATE = z.iso.date();
export const DAYS = { start_date: DATE.optional(), end_date: DATE.optional() };

/** Longer ranges are a mistake: a page of them is not read. */
const DAYS_MAX = 400;

export interface DayRange {
  readonly from: Date;
  readonly to: Date;
}

/** From the first date to the end of the last one; the last month where none are given. */
export function rangeOf(
  {
    start_date: start,
    end_date: end,
  }: { readonly start_date?: string | undefined; readonly end_date?: string | undefined },
  nowMs: number,
): DayRange | Refusal {
  const lastMs = end === undefined ? nowMs : Date.parse(end);
  const firstMs = start === undefined ? lastMs - 30 * DAY_MS : Date.parse(start);
  const range = { from: dayOf(firstMs), to: new Date(dayOf(lastMs).getTime() + DAY_MS) };
  const days = (range.to.getTime() - range.from.getTime()) / DAY_MS;
  return days >= 1 && days <= DAYS_MAX
    ? range
    : refuse('value_invalid', {
        field: 'start_date',
        complaint: `it must lie before end_date, at most ${DAYS_MAX} days`,
      });
}

function dayOf(ms: number): Date {
  return new Date(Math.floor(ms / DAY_MS) * DAY_MS);
}

/** Whose days they are. */
export type Entity =
  | Exclude<UsageDimension, 'job_type' | 'key' | 'model'>
  | 'customer'
  | 'organization';

/** What was used on one day under some names. */
export interface DayRow extends UsageTotals {
  /** `2026-11-01`. */
  readonly period: string;
  readonly names: Readonly<Partial<Record<Entity | 'key' | 'model', string>>>;
}

/** What end users used on one day. */
export function customerDay({ endUserId, model, date, ...sums }: EndUserUsageRow): DayRow {
  return { ...sums, period: date, names: { customer: endUserId, model } };
}

/** Usage by day, key, model and what else is asked for, of these; in the order of the days. */
export async function usageByDay(
  { records }: Stores,
  scopes: readonly UsageScope[],
  { from, to }: DayRange,
  by: 'team' | 'user' | 'tag' = 'team',
): Promise<DayRow[]> {
  const rows: DayRow[] = [];
  for (const scope of scopes) {
    const named = [by, 'key', 'model'] as const;
    const range = { scope, from, to, step: 'day', by: named, withBrought: true } as const;
    const used = await records.usage.range(range);
    const organization = scope.kind === 'organization' ? scope.organizationId : undefined;
    for (const { names, ...row } of used) {
      rows.push({ ...row, names: organization === undefined ? names : { ...names, organization } });
    }
  }
  return rows.sort((one, other) => (one.period < other.period ? -1 : 1));
}

export function metricsOf(rows: readonly UsageTotals[]): Told<typeof METRICS> {
  const sum = (pick: (row: UsageTotals) => bigint) => rows.reduce((so, row) => so + pick(row), 0n);
  const [input, output] = [sum((row) => row.inputTokens), sum((row) => row.outputTokens)];
  const [calls, failed] = [sum((row) => row.calls), sum((row) => row.failedCalls)];
  return {
    spend: usdToNumber(sum((row) => row.costNanoUsd)),
    prompt_tokens: Number(input),
    completion_tokens: Number(output),
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    total_tokens: Number(input + output),
    successful_requests: Number(calls - failed),
    failed_requests: Number(failed),
    api_requests: Number(calls),
  };
}

/** Rows told apart by one of their names. */
export function grouped<Row>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): Map<string, Row[]> {
  return Map.groupBy(rows, nameOf);
}

function breakdown(
  rows: readonly DayRow[],
  nameOf: (row: DayRow) => string,
): Told<typeof BREAKDOWN> {
  const named = [...grouped(rows, nameOf)].filter(([name]) => name !== '');
  return Object.fromEntries(
    named.map(([name, part]) => [name, { metrics: metricsOf(part), metadata: {} }]),
  );
}

/** One page of days with what they hold, and the sums over all of them. */
export function activityView(
  rows: readonly DayRow[],
  page: { readonly page: number; readonly size: number },
  entity: Entity,
): Told<typeof ACTIVITY> {
  const days = [...grouped(rows, ({ period }) => period)].toReversed();
  const start = (page.page - 1) * page.size;
  const total = metricsOf(rows);
  const pages = Math.max(1, Math.ceil(days.length / page.size));
  return {
    results: days.slice(start, start + page.size).map(([date, part]) => ({
      date,
      metrics: metricsOf(part),
      breakdown: {
        models: breakdown(part, ({ names }) => names.model ?? ''),
        model_groups: breakdown(part, ({ names }) => names.model ?? ''),
        providers: {},
        api_keys: breakdown(part, ({ names }) => names.key ?? ''),
        mcp_servers: {},
        endpoints: {},
        entities: breakdown(part, ({ names }) => names[entity] ?? ''),
      },
    })),
    metadata: {
      total_spend: total.spend,
      total_prompt_tokens: total.prompt_tokens,
      total_completion_tokens: total.completion_tokens,
      total_tokens: total.total_tokens,
      total_api_requests: total.api_requests,
      total_successful_requests: total.successful_requests,
      total_failed_requests: total.failed_requests,
      total_cache_read_input_tokens: total.cache_read_input_tokens,
      total_cache_creation_input_tokens: total.cache_creation_input_tokens,
      page: page.page,
      total_pages: pages,
      has_more: page.page < pages,
    },
  };
}

/** Rows of one model, of one key, where a filter says so. */
export function filtered(
  rows: readonly DayRow[],
  {
    model,
    api_key: key,
  }: { readonly model?: string | undefined; readonly api_key?: string | undefined },
): DayRow[] {
  return rows.filter(
    ({ names }) =>
      (model === undefined || names.model === model) && (key === undefined || names.key === key),
  );
}
