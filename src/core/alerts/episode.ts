/** What an alert says, as it was known when it was written. */
export interface LowCreditFacts {
  readonly spendableMicrocredits: string;
  readonly allotmentMicrocredits: string;
  /** Microcredits an hour over the window; null when there was too little to tell. */
  readonly burnPerHourMicrocredits: string | null;
  /** ISO time at which credits run out at this rate; null when it can't be told. */
  readonly exhaustedAt: string | null;
  readonly at: string;
}

/** One crossing of an alert's threshold, from the crossing to its end: one message, kept current. */
export interface AlertEpisode {
  readonly id: string;
  readonly teamId: string;
  readonly kind: 'low_credit';
  readonly thresholdPercent: number;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly facts: LowCreditFacts;
}
