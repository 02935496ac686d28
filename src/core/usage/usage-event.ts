/** How a proxied call ended. Abandoned: its proxy died, the reaper resolved it. */
export type CallOutcome = 'completed' | 'failed' | 'abandoned';

/** What one proxied call used and cost. Its id is its reservation's. */
export interface UsageEvent {
  readonly id: string;
  readonly teamId: string;
  readonly organizationId: string;
  readonly keyId: string;
  readonly model: string;
  readonly deployment: string;
  readonly jobType: string;
  readonly outcome: CallOutcome;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
  /** Microcredits taken from the balance. */
  readonly charge: bigint;
  /** Microcredits beyond the reservation: not taken, but told. */
  readonly excess: bigint;
  /** Whether tokens were counted by us because the provider told none. */
  readonly estimated: boolean;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

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
