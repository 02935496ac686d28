import { subjectFrom, subjectWords } from '../ceilings/subject.ts';
import type { Stores } from '../stores.ts';
import type { Finding } from './episode.ts';
import { settleFindings } from './settle.ts';

const NEAR_PERCENT = 80;
const FULL_PERCENT = 100;

/**
 * Budgets of teams and their keys and members of which 80 % or all is spent. A period that begins anew,
 * and a budget that was raised, end it. By what was drained: a few hundred milliseconds behind the gate.
 */
export async function watchBudgets(stores: Stores): Promise<number> {
  const at = new Date(stores.clock());
  const budgets = await stores.records.alerts.spentBudgets(NEAR_PERCENT, at);
  const findings = budgets.map(({ teamId, subject, meter, startsAt, ...money }): Finding => {
    const isFull = money.spentNanoUsd >= money.maxNanoUsd;
    const whose = subjectFrom(subject);
    return {
      teamId,
      // Another period is another crossing.
      subject: `${subject} ${meter} ${startsAt.getTime()}`,
      stage: isFull ? FULL_PERCENT : NEAR_PERCENT,
      severity: isFull ? 'critical' : 'warning',
      facts: {
        whose: whose === undefined ? subject : subjectWords(whose),
        meter,
        spentNanoUsd: String(money.spentNanoUsd),
        maxNanoUsd: String(money.maxNanoUsd),
      },
    };
  });
  return settleFindings(stores, 'budget', findings);
}
