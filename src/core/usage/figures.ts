/** What one team used of one model since its first call. */
export interface UsageFigure {
  readonly teamId: string;
  readonly alias: string;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: bigint;
  /** In microcredits. */
  readonly charge: bigint;
}

/** The tightest budget of a team or a key that spent something of it. */
export interface BudgetFigure {
  readonly kind: 'team' | 'key';
  readonly id: string;
  readonly name: string;
  readonly maxNanoUsd: bigint;
  readonly spentNanoUsd: bigint;
}

/** Figures for whoever watches the installation, of the teams that used most. */
export interface Figures {
  readonly teams: readonly {
    readonly teamId: string;
    readonly alias: string;
    /** In microcredits. */
    readonly balance: bigint;
  }[];
  readonly usage: readonly UsageFigure[];
  readonly budgets: readonly BudgetFigure[];
  /** How many teams are in none of these. */
  readonly leftOut: number;
}
