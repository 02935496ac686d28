/** When credits are added without anybody asking, and how many. */
export interface AutoRefill {
  /** Microcredits for each refill. */
  readonly amount: bigint;
  /** At the beginning of each such period; null where only the threshold counts. */
  readonly every: RefillPeriod | null;
  /** Microcredits: refill when the balance falls below; null where only the calendar counts. */
  readonly below: bigint | null;
  /** Microcredits that refills may add within a calendar month; null for no ceiling. */
  readonly monthlyMax: bigint | null;
  /** Periods that began before are not paid: a refill set on the 20th pays on the 1st. */
  readonly since: Date;
}

export const REFILL_PERIODS = ['daily', 'weekly', 'monthly'] as const;
export type RefillPeriod = (typeof REFILL_PERIODS)[number];
