import type { BudgetBoost } from '../budgets/budget.ts';
import type { LimitBoost, LimitKind } from '../limits/limit.ts';

/** One thing that is to be different about what bounds a subject. What is absent stays as it is. */
export type CeilingChange =
  | LimitChange
  | BudgetChange
  | { readonly remove: 'limit'; readonly kind: LimitKind; readonly model: string | null }
  | { readonly remove: 'budget'; readonly duration: string | null; readonly model: string | null };

/** Sets a limit, or changes the one of this kind and model. */
export interface LimitChange {
  readonly set: 'limit';
  readonly kind: LimitKind;
  readonly model: string | null;
  /** May be absent only where there is such a limit already. */
  readonly max?: number;
  readonly shadow?: boolean;
  /** Null ends it. */
  readonly boost?: LimitBoost | null;
}

/** Sets a budget, or changes the one of this duration and model, whose counter goes on. */
export interface BudgetChange {
  readonly set: 'budget';
  /** As parseDuration reads it; null counts for ever. */
  readonly duration: string | null;
  readonly model: string | null;
  /** May be absent only where there is such a budget already. */
  readonly maxNanoUsd?: bigint;
  /** Null where nobody is to be told. */
  readonly softNanoUsd?: bigint | null;
  readonly shadow?: boolean;
  /** Null ends it. */
  readonly boost?: BudgetBoost | null;
}
