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

/** Whose budgets are told. */
export const BUDGET_HOLDERS = ['organization', 'team', 'key', 'user'] as const;
export type BudgetHolder = (typeof BUDGET_HOLDERS)[number];

/** The tightest budget of one holder that spent something of it. */
export interface BudgetFigure {
  readonly kind: BudgetHolder;
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly maxNanoUsd: bigint;
  readonly spentNanoUsd: bigint;
  /** When it is full again; null for one that counts for ever. */
  readonly endsAt: Date | null;
}

/** Figures for whoever watches the installation, of the teams that used most. */
export interface Figures {
  readonly at: Date;
  readonly teams: readonly {
    readonly teamId: string;
    readonly alias: string;
    /** In microcredits. */
    readonly balance: bigint;
    readonly members: number;
  }[];
  readonly usage: readonly UsageFigure[];
  readonly budgets: readonly BudgetFigure[];
  /** How many teams are in none of these. */
  readonly leftOut: number;
  /** How many holders of budgets are in none of these: those with the greatest part left. */
  readonly budgetsLeftOut: number;
}
