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
const COST_AT = HEAD.indexOf('cost_usd');

/**
 * What was used by day, team and model, as a spreadsheet takes it (RFC 4180). What providers were paid stands in it only
 * where it is asked for: it is no business of a customer.
 */
export function digestCsv(
  rows: readonly UsageRangeRow[],
  { withCost }: { readonly withCost: boolean },
): string {
  const all = [HEAD, ...rows.map(line)];
  const told = withCost ? all : all.map((cells) => cells.toSpliced(COST_AT, 1));
  return told.map(csvLine).join('');
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
