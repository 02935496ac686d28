/** How a proxied call ended. Abandoned: its proxy died, the reaper resolved it. */
export type CallOutcome = 'completed' | 'failed' | 'abandoned';

/** Usage of a team over a time, by job type and model. */
export interface UsageRow {
  readonly jobType: string;
  readonly model: string;
  readonly calls: bigint;
  readonly failedCalls: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
  readonly charge: bigint;
}
