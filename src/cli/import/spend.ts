// What somebody had spent there: shown here with what they spend from now on, and never charged.

import { billionths, decimalText } from './decimal.ts';
import { momentOf } from './moment.ts';
import { differenceOf, fieldOf, get } from './step.ts';
import type { Step } from './step.ts';

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

interface Told {
  /** Of whom it is told; else of what was made before. */
  readonly whose?: string;
  /** How far the other system's own rounding may lie from what another way of reading it told, in USD. */
  readonly roundedBy?: number;
}

/** One step where there is anything to tell. The amount that is there, or another one, is seen each time. */
export function spendStep(
  subject: string,
  spend: string | number | null,
  after: Step,
  { whose = `${after.kind} ${after.name}`, roundedBy = 0 }: Told = {},
): Step[] {
  const amount = billionths(spend);
  const told = decimalText(amount);
  if (amount <= 0n) {
    return [];
  }
  return [
    {
      kind: 'spend',
      name: `${told} USD of ${whose}`,
      after,
      look: get('/api/brought-spend', { subject }),
      progress: (status, answer) => {
        if (status !== 200 || fieldOf(answer, 'brought_at') === null) {
          return 'missing';
        }
        const known = Number(fieldOf(answer, 'spent_usd'));
        const isSame = known === Number(told) || Math.abs(known - Number(told)) < roundedBy;
        return isSame ? 'there' : 'unfinished';
      },
      difference: (answer) => differenceOf({ spent_usd: Number(told) }, answer),
      make: { method: 'PUT', url: '/api/brought-spend', body: { subject, spent_usd: told } },
      isRepeatable: true,
    },
  ];
}
