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

/** Usage of a team over a time, by job type and model. */
export interface UsageRow extends UsageTotals {
  readonly jobType: string;
  readonly model: string;
}
