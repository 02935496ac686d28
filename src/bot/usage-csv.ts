import { csvLine } from '../core/exports/lines.ts';
import { creditsToText, usdToText } from '../core/money.ts';
import type { UsageTotals } from '../core/usage/usage.ts';
import type { UsageReading } from './usage-reading.ts';

const HEAD = [
  'kind',
  'name',
  'credits',
  'cost_usd',
  'calls',
  'failed_calls',
  'jobs',
  'failed_jobs',
  'input_tokens',
  'output_tokens',
];

/** Usage as a spreadsheet takes it (RFC 4180): periods first, then the parts. */
export function usageCsv({ periods, by, parts }: UsageReading): string {
  const rows = [
    HEAD,
    ...periods.map((row) => line('period', row.period, row)),
    ...parts.map((row) => line(by, row.name, row)),
  ];
  return rows.map(csvLine).join('');
}

function line(kind: string, name: string, totals: UsageTotals): string[] {
  const { charge, costNanoUsd, calls, failedCalls, jobs, failedJobs } = totals;
  const numbers = [calls, failedCalls, jobs, failedJobs, totals.inputTokens, totals.outputTokens];
  return [
    kind,
    name,
    creditsToText(charge).replaceAll(',', ''),
    usdToText(costNanoUsd).replaceAll(',', ''),
    ...numbers.map(String),
  ];
}
