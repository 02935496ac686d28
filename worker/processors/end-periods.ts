import { endBudgetPeriods } from '../../src/core/budgets/end-periods.ts';
import type { WorkerParts } from '../parts.ts';

/** Writes the history of budgets whose period is over. */
export async function endPeriods({ services }: WorkerParts): Promise<void> {
  const { stores, log } = services;
  const ended = await endBudgetPeriods(stores);
  if (ended > 0) {
    log.info({ ended }, 'periods of budgets ended');
  }
}
