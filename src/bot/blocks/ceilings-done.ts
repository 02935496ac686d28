// What was changed about limits and budgets, in sentences.

import type { Budget } from '../../core/budgets/budget.ts';
import { meterOfBudget, meterOfLimit } from '../../core/ceilings/ceilings.ts';
import type { CeilingsChanged } from '../../core/ceilings/change-ceilings.ts';
import type { Limit } from '../../core/limits/limit.ts';
import { mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetName, count, dollars, limitName } from './ceilings-words.ts';
import { moment } from './words.ts';

/** One line for each ceiling that is different now. Repeats every number as it was understood. */
export function doneLines(
  { before, after, changed }: CeilingsChanged,
  sign: '✅' | '•' = '✅',
): Mrkdwn[] {
  if (!changed) {
    return [mrkdwn`It is so already. Nothing was changed.`];
  }
  const limits = pairs(before.limits, after.limits, meterOfLimit).map(([was, is]) =>
    line(limitName, limitFacts, was, is, sign),
  );
  const budgets = pairs(before.budgets, after.budgets, meterOfBudget).map(([was, is]) =>
    line(budgetName, budgetFacts, was, is, sign),
  );
  return [...limits, ...budgets].flatMap((each) => (each === undefined ? [] : [each]));
}

/** What was and what is, by the meter; undefined on the side where it is not. */
function pairs<Ceiling>(
  before: readonly Ceiling[],
  after: readonly Ceiling[],
  meterOf: (ceiling: Ceiling) => string,
): [Ceiling | undefined, Ceiling | undefined][] {
  const meters = [...new Set([...before, ...after].map(meterOf))];
  const find = (all: readonly Ceiling[], meter: string) =>
    all.find((each) => meterOf(each) === meter);
  return meters.map((meter) => [find(before, meter), find(after, meter)]);
}

/** Words of a ceiling that may differ, each told only where it does. */
interface Facts {
  readonly size: string;
  readonly more: readonly { readonly is: string; readonly said: Mrkdwn }[];
}

function line<Ceiling>(
  nameOf: (ceiling: Ceiling) => Mrkdwn,
  factsOf: (ceiling: Ceiling) => Facts,
  was: Ceiling | undefined,
  is: Ceiling | undefined,
  sign: string,
): Mrkdwn | undefined {
  if (is === undefined) {
    return was === undefined
      ? undefined
      : mrkdwn`${sign} ${nameOf(was)}: removed (was ${factsOf(was).size})`;
  }
  const facts = factsOf(is);
  const before = was === undefined ? undefined : factsOf(was);
  const size = before?.size === facts.size ? '' : `: *${facts.size}*`;
  const prior = before === undefined || size === '' ? '' : ` (was ${before.size})`;
  const more = facts.more.filter(({ is: word }, at) => word !== (before?.more[at]?.is ?? ''));
  if (size === '' && more.length === 0) {
    return undefined;
  }
  const rest = more.map(({ said }) => said.mrkdwn).join(', ');
  const separator = rest === '' ? '' : size === '' ? ': ' : ', ';
  return mrkdwn`${sign} ${nameOf(is)}${{ mrkdwn: size }}${prior}${separator}${{ mrkdwn: rest }}`;
}

function limitFacts({ max, shadow, boost }: Limit): Facts {
  return {
    size: count(max),
    more: [
      shadowFact(shadow),
      boostFact(boost === null ? null : { by: count(boost.by), untilMs: boost.untilMs }),
    ],
  };
}

function budgetFacts({ maxNanoUsd, softNanoUsd, shadow, boost }: Budget): Facts {
  const soft = softNanoUsd === null ? '' : dollars(softNanoUsd);
  return {
    size: dollars(maxNanoUsd),
    more: [
      { is: soft, said: soft === '' ? mrkdwn`no soft budget` : mrkdwn`soft at ${soft}` },
      shadowFact(shadow),
      boostFact(boost === null ? null : { by: dollars(boost.byNanoUsd), untilMs: boost.untilMs }),
    ],
  };
}

function shadowFact(shadow: boolean): Facts['more'][number] {
  return shadow
    ? { is: 'shadow', said: mrkdwn`in shadow (refuses nothing)` }
    : { is: '', said: mrkdwn`enforced from the next call on` };
}

function boostFact(
  boost: { readonly by: string; readonly untilMs: number } | null,
): Facts['more'][number] {
  return boost === null
    ? { is: '', said: mrkdwn`the boost has ended` }
    : {
        is: `${boost.by} ${boost.untilMs}`,
        said: mrkdwn`boosted by ${boost.by} until ${moment(new Date(boost.untilMs))}`,
      };
}
