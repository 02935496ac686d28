// What somebody had spent there: shown here with what they spend from now on, and never charged.

import { fieldOf, get } from './step.ts';
import type { Step } from './step.ts';

/** Nano-USD is the least that is told here; the other system counts in floats. */
const DECIMALS = 9;

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
