/** One period of a budget of somebody. */
export interface BudgetPeriod {
  /** As subjectText names it. */
  readonly subject: string;
  /** Which of the subject's budgets (see meterOfBudget). */
  readonly meter: string;
  readonly startsAt: Date;
  /** Exclusive. */
  readonly endsAt: Date;
  readonly organizationId: string;
  /** Whose channel hears of it; null for organizations and their people. */
  readonly teamId: string | null;
  readonly duration: string;
  readonly model: string | null;
  /** What is allowed at its end, boosts included. */
  readonly maxNanoUsd: bigint;
}

/** A period that is over. */
export interface EndedPeriod extends BudgetPeriod {
  /** How many in a row it stands for: where nothing was spent, several are one line. */
  readonly periods: number;
  /** What calls of it cost, those included that were written late. */
  readonly spentNanoUsd: bigint;
  /** Calls that this budget refused meanwhile, of whomever; null where that is not known. */
  readonly refusedCalls: number | null;
}

export interface PeriodFilter {
  readonly subject: string;
  /** Those that began before. */
  readonly before?: Date;
  readonly limit: number;
}

export interface BudgetPeriodRecords {
  /**
   * Makes the present periods of a subject those of the budgets that it has now. One that is over already is left to
   * whoever ends it. With a meter, of that budget alone.
   */
  keep(subject: string, present: readonly BudgetPeriod[], at: Date, meter?: string): Promise<void>;
  /** Present periods that are over, at most `limit`. */
  due(at: Date, limit: number): Promise<BudgetPeriod[]>;
  /** Ends it, for one caller only; false for all others. */
  end(period: BudgetPeriod, at: Date, refusedCalls: number | null): Promise<boolean>;
  /** When periods began in which something was spent, in order: from inclusive, to exclusive. */
  spentIn(
    period: Pick<BudgetPeriod, 'subject' | 'meter'>,
    from: Date,
    to: Date,
    limit: number,
  ): Promise<Date[]>;
  /** Adds what was spent of a period elsewhere. */
  raise(
    period: Pick<BudgetPeriod, 'subject' | 'meter' | 'startsAt'>,
    nanoUsd: bigint,
  ): Promise<void>;
  /** Makes it no less than this; what is more stays. */
  atLeast(
    period: Pick<BudgetPeriod, 'subject' | 'meter' | 'startsAt'>,
    nanoUsd: bigint,
  ): Promise<void>;
  /** What these subjects spent of budgets of one duration, in the period that began at `from`, counts as of `to`. */
  moveSpends(subjects: readonly string[], duration: string, from: Date, to: Date): Promise<void>;
  /** Writes one that was over before anybody looked. */
  addEnded(period: BudgetPeriod & { readonly periods: number }, at: Date): Promise<void>;
  /** The latest first. */
  history(filter: PeriodFilter): Promise<EndedPeriod[]>;
}
