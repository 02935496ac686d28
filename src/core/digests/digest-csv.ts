import { csvLine } from '../exports/lines.ts';
import { creditsToText, usdToText } from '../money.ts';
import type { UsageRangeRow } from '../usage/usage-range.ts';

const HEAD = [
  'day',
  'team',
  'model',
  'credits',
  'cost_usd',
  'calls',
  'failed_calls',
  'jobs',
  'failed_jobs',
  'input_tokens',
  'output_tokens',
];

/** What was used by day, team and model, as a spreadsheet takes it (RFC 4180). */
export function digestCsv(rows: readonly UsageRangeRow[]): string {
  return [HEAD, ...rows.map(line)].map(csvLine).join('');
}

function line({ period, names, charge, costNanoUsd, ...counts }: UsageRangeRow): string[] {
  const { calls, failedCalls, jobs, failedJobs, inputTokens, outputTokens } = counts;
  return [
    period,
    names.team ?? '',
    names.model ?? '',
    plain(creditsToText(charge)),
    plain(usdToText(costNanoUsd)),
    ...[calls, failedCalls, jobs, failedJobs, inputTokens, outputTokens].map(String),
  ];
}

/** As a spreadsheet counts. */
function plain(amount: string): string {
  return amount.replaceAll(',', '');
}
