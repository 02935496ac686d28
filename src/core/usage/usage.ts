/** How a proxied call ended. Abandoned: its proxy died, the reaper resolved it. */
export type CallOutcome = 'completed' | 'failed' | 'abandoned';

/** What was used, added up. */
export interface UsageTotals {
  readonly calls: bigint;
  readonly failedCalls: bigint;
  /** Jobs, and calls outside of jobs: each of those is its own job. */
  readonly jobs: bigint;
  readonly failedJobs: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
  /** Microcredits. */
  readonly charge: bigint;
}

/** Where nothing was used. */
export const NOTHING_USED: UsageTotals = {
  calls: 0n,
  failedCalls: 0n,
  jobs: 0n,
  failedJobs: 0n,
  inputTokens: 0n,
  outputTokens: 0n,
  costNanoUsd: 0n,
  charge: 0n,
};

/** What rows add up to; what they tell apart is left out. */
export function sumOf(rows: readonly UsageTotals[]): UsageTotals {
  return rows.reduce<UsageTotals>(
    (sum, row) => ({
      calls: sum.calls + row.calls,
      failedCalls: sum.failedCalls + row.failedCalls,
      jobs: sum.jobs + row.jobs,
      failedJobs: sum.failedJobs + row.failedJobs,
      inputTokens: sum.inputTokens + row.inputTokens,
      outputTokens: sum.outputTokens + row.outputTokens,
      costNanoUsd: sum.costNanoUsd + row.costNanoUsd,
      charge: sum.charge + row.charge,
    }),
    NOTHING_USED,
  );
}

/** Usage of a team over a time, by job type and model. */
export interface UsageRow extends UsageTotals {
  readonly jobType: string;
  readonly model: string;
}
