// What was used, as the cells of a line in a file.

import { creditsToText, usdToText } from '../money.ts';
import type { UsageTotals } from '../usage/usage.ts';

/** The names of the cells, in their order. */
export const USAGE_COLUMNS = [
  'credits',
  'cost_usd',
  'calls',
  'failed_calls',
  'jobs',
  'failed_jobs',
  'input_tokens',
  'output_tokens',
] as const;

export function usageCells(totals: UsageTotals): string[] {
  const { charge, costNanoUsd, calls, failedCalls, jobs, failedJobs } = totals;
  const counts = [calls, failedCalls, jobs, failedJobs, totals.inputTokens, totals.outputTokens];
  return [creditsCell(charge), ungrouped(usdToText(costNanoUsd)), ...counts.map(String)];
}

/** Credits without the commas between thousands, which a spreadsheet takes for text. */
export function creditsCell(microcredits: bigint): string {
  return ungrouped(creditsToText(microcredits));
}

function ungrouped(amount: string): string {
  return amount.replaceAll(',', '');
}
