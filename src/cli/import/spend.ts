// What somebody had spent there: shown here with what they spend from now on, and never charged.

import { momentOf } from './moment.ts';
import { fieldOf, get } from './step.ts';
import type { Step } from './step.ts';

/** Nano-USD is the least that is told here; the other system counts in floats. */
const DECIMALS = 9;

/**
 * What counts there now: a period that is over is counted on until the other system looks at it, and then it begins
 * at 0.
 */
export function presentSpend(
  { spend, budget_reset_at: reset = null }: Spent,
  nowMs = Date.now(),
): number | null {
  return reset !== null && Date.parse(momentOf(reset)) <= nowMs ? 0 : spend;
}

interface Spent {
  readonly spend: number | null;
  readonly budget_reset_at?: string | null;
}

/** One step where there is anything to tell. The amount that is there, or another one, is seen each time. */
export function spendStep(
  subject: string,
  spend: number | null,
  after: Step,
  whose = `${after.kind} ${after.name}`,
): Step[] {
  const told = (spend ?? 0).toFixed(DECIMALS);
  const usd = Number(told);
  if (!(usd > 0)) {
    return [];
  }
  return [
    {
      kind: 'spend',
      name: `${usd} USD of ${whose}`,
      after,
      look: get('/api/brought-spend', { subject }),
      progress: (status, answer) => {
        if (status !== 200 || fieldOf(answer, 'brought_at') === null) {
          return 'missing';
        }
        return fieldOf(answer, 'spent_usd') === usd ? 'there' : 'unfinished';
      },
      make: { method: 'PUT', url: '/api/brought-spend', body: { subject, spent_usd: told } },
      isRepeatable: true,
    },
  ];
}
