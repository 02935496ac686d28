/** What is left of a limit by the minute. */
export interface RateLeft {
  readonly limit: number;
  readonly remaining: number;
  /** Until nothing of it is in use. */
  readonly resetSeconds: number;
}

/** The tightest limits that count a call; undefined where none does. */
export interface RatesLeft {
  readonly requests: RateLeft | undefined;
  readonly usageTokens: RateLeft | undefined;
}
