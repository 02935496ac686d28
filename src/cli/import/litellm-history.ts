// What a LiteLLM proxy counted by day: reports by day show it here, and nothing is charged for it.

import { billionths, decimalText } from './decimal.ts';
import { differenceOf, fieldOf, get } from './step.ts';
import type { Step } from './step.ts';

/** What was used on one day with one key and model. */
export interface UsageDay {
  /** The SHA-256 of the key. */
  readonly api_key: string;
  /** `2026-10-31`, of UTC. */
  readonly date: string;
  readonly model: string;
  readonly calls: number;
  readonly failed_calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly spend: number;
}

/** So many rows are told at once, unless one day has more. */
const ROWS_MAX = 1_000;

/** One step for as many days as are told at once. */
export function historySteps(
  subject: string,
  whose: string,
  days: readonly UsageDay[],
  after: Step,
): Step[] {
  return parts(days).map((part) => {
    const [from, to] = [part[0]?.date ?? '', part.at(-1)?.date ?? ''];
    const sum = (pick: (day: UsageDay) => number) => part.reduce((so, day) => so + pick(day), 0);
    const spent = decimalText(part.reduce((so, { spend }) => so + billionths(spend), 0n));
    const sums = {
      calls: sum((day) => day.calls),
      input_tokens: sum((day) => day.input_tokens),
      output_tokens: sum((day) => day.output_tokens),
      spent_usd: Number(spent),
    };
    return {
      kind: 'history',
      name: `${spent} USD in ${sums.calls} ${sums.calls === 1 ? 'call' : 'calls'} of ${whose}, ${from === to ? from : `${from} to ${to}`}`,
      after,
      look: get('/api/brought-usage', { subject, from, to }),
      progress: (status, answer) => {
        if (status !== 200 || fieldOf(answer, 'rows') === 0) {
          return 'missing';
        }
        const isSame = Object.entries(sums).every(([name, so]) => fieldOf(answer, name) === so);
        return isSame ? 'there' : 'unfinished';
      },
      difference: (answer) => differenceOf(sums, answer),
      make: {
        method: 'PUT',
        url: '/api/brought-usage',
        body: { subject, from, to, rows: part.map(rowOf) },
      },
      isRepeatable: true,
    };
  });
}

function rowOf({ api_key: key, spend, ...day }: UsageDay) {
  return { ...day, key: key === '' ? null : key, spent_usd: decimalText(billionths(spend)) };
}

/** The same, whichever way it was read. */
function placeOf({ api_key: key, model }: UsageDay): string {
  return JSON.stringify([key, model]);
}

/** Whole days, in their order. */
function parts(days: readonly UsageDay[]): UsageDay[][] {
  const each = Map.groupBy(days, ({ date }) => date);
  const found: UsageDay[][] = [];
  for (const [, day] of [...each].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const rows = day.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
    const last = found.at(-1);
    if (last !== undefined && last.length + rows.length <= ROWS_MAX) {
      last.push(...rows);
    } else {
      found.push([...rows]);
    }
  }
  return found;
}
