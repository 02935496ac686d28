/** When credits are added without anybody asking, and how many. */
export interface AutoRefill {
  /** Microcredits for each refill. */
  readonly amount: bigint;
  /** At the beginning of each such period; null where only the threshold counts. */
  readonly every: 'daily' | 'weekly' | 'monthly' | null;
  /** Microcredits: refill when the balance falls below; null where only the calendar counts. */
  readonly below: bigint | null;
  /** Microcredits that refills may add within a calendar month; null for no ceiling. */
  readonly monthlyMax: bigint | null;
}
