import type { CeilingsReading } from '../../core/ceilings/read-ceilings.ts';
import { joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetName, count, dollars, limitName, roughDollars } from './ceilings-words.ts';
import { firstOf } from './kit.ts';
import { bar, percentOf } from './words.ts';

/** A line each; the rest stands in `/team limits` and `/team budget`. */
const CEILINGS_SHOWN = 6;

interface Line {
  readonly name: Mrkdwn;
  readonly used: bigint;
  readonly max: bigint;
  readonly use: Mrkdwn;
  readonly isShadow: boolean;
}

/** Limits and budgets in use right now, the fullest first; undefined where none are set. */
export function ceilingLines(reading: CeilingsReading): Mrkdwn | undefined {
  const lines = [...limitLines(reading), ...budgetLines(reading)].toSorted(
    (a, b) => (percentOf(b.used, b.max) ?? 0) - (percentOf(a.used, a.max) ?? 0),
  );
  const { shown, more } = firstOf(lines, CEILINGS_SHOWN);
  const said = shown.map(
    ({ name, used, max, use, isShadow }) =>
      mrkdwn`${bar(used, max)}  ${name}  ${use}${isShadow ? '  👀 in shadow' : ''}`,
  );
  return lines.length === 0
    ? undefined
    : joined(more === undefined ? said : [...said, mrkdwn`_${more}_`], '\n');
}

function limitLines({ limits }: CeilingsReading): Line[] {
  return limits.map(({ limit, now }) => {
    const max = now?.max ?? limit.max;
    const used = (now?.used ?? 0) + (now?.held ?? 0);
    const use = now === undefined ? mrkdwn`at most ${count(max)}` : of(count(used), count(max));
    const name = limitName(limit);
    return { name, used: BigInt(used), max: BigInt(max), use, isShadow: limit.shadow };
  });
}

function budgetLines({ budgets }: CeilingsReading): Line[] {
  return budgets.map(({ budget, now }) => {
    const max = BigInt(now?.max ?? budget.maxNanoUsd);
    const used = BigInt(now?.used ?? 0) + BigInt(now?.held ?? 0);
    const use =
      now === undefined ? mrkdwn`at most ${dollars(max)}` : of(roughDollars(used), dollars(max));
    return { name: budgetName(budget), used, max, use, isShadow: budget.shadow };
  });
}

function of(used: string, max: string): Mrkdwn {
  return mrkdwn`*${used}* of ${max}`;
}
