import type { Ceilings } from '../ceilings/ceilings.ts';

/** A named set of limits and budgets. Who follows it has them, and every change of them. */
export interface CeilingPlan {
  readonly id: string;
  readonly ceilings: Ceilings;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
