// From what a person typed to what is to change. Pure: the present ceilings come along.

import type { Ceilings } from '../core/ceilings/ceilings.ts';
import type { BudgetChange, CeilingChange, LimitChange } from '../core/ceilings/change.ts';
import { LIMIT_KINDS } from '../core/limits/limit.ts';
import type { LimitKind } from '../core/limits/limit.ts';
import { divideRoundingUp } from '../core/money.ts';
import type { CeilingKindValues, Raise } from './commands/ceiling-kinds.ts';

interface SharedWords {
  readonly model?: string;
  readonly shadow?: boolean;
  /** As it was typed. */
  readonly until?: string;
}

export interface LimitWords extends SharedWords {
  readonly requests?: CeilingKindValues['count'];
  readonly tokens?: CeilingKindValues['count'];
  readonly parallel?: CeilingKindValues['count'];
  readonly boost?: CeilingKindValues['raise'];
  readonly of?: LimitKind;
}

export interface BudgetWords extends SharedWords {
  readonly max?: CeilingKindValues['usd'];
  readonly every?: string;
  readonly soft?: CeilingKindValues['usd'];
  readonly boost?: CeilingKindValues['usd_raise'];
}

/** Words that do not fit together: which argument, and what is wrong, with the cure. */
export interface Misfit {
  readonly argument: string;
  readonly complaint: string;
}

export function isMisfit(value: unknown): value is Misfit {
  return typeof value === 'object' && value !== null && 'argument' in value;
}

/** The present ceilings, and what `until` was read as. */
export interface Present {
  readonly ceilings: Ceilings;
  readonly untilMs: number | undefined;
}

/** Words that say which ceiling is meant, but nothing of what is to become of it. */
const POINTING = ['model', 'of', 'every'];

/** Whether anything is to change; else the person only looks. */
export function isChange(words: LimitWords | BudgetWords): boolean {
  return Object.keys(words).some((name) => !POINTING.includes(name));
}

const PERCENT = 100;

/** What is to change of limits; or what of the words does not fit together. */
export function limitChanges(words: LimitWords, present: Present): CeilingChange[] | Misfit {
  const model = words.model ?? null;
  const given: Readonly<Record<LimitKind, CeilingKindValues['count'] | undefined>> = {
    requests: words.requests,
    usage_tokens: words.tokens,
    parallel: words.parallel,
  };
  const named = LIMIT_KINDS.filter((kind) => given[kind] !== undefined);
  const removals = named.filter((kind) => given[kind] === 'off');
  const sizes = named.filter((kind) => given[kind] !== 'off');
  const known = present.ceilings.limits.filter((limit) => limit.model === model);
  const meant =
    words.of !== undefined ? [words.of] : sizes.length > 0 ? sizes : known.map(({ kind }) => kind);
  const concernsMeant = words.boost !== undefined || words.shadow !== undefined;
  const sized = meant.filter(
    (kind) => sizes.includes(kind) || known.some((limit) => limit.kind === kind),
  );
  const problem =
    (words.boost === undefined ? boostless(words) : undefined) ??
    (concernsMeant ? problemOf(words, sized, present.untilMs) : undefined);
  if (problem !== undefined) {
    return problem;
  }
  const sizeOf = (kind: LimitKind): number => {
    const max = given[kind];
    return typeof max === 'number' ? max : (known.find((limit) => limit.kind === kind)?.max ?? 0);
  };
  if (typeof words.boost === 'object' && sized.some((kind) => sizeOf(kind) === 0)) {
    return boostOfNothing('requests=20');
  }
  const set = [...new Set([...sizes, ...(concernsMeant ? sized : [])])].map((kind): LimitChange => {
    const max = given[kind] === 'off' ? undefined : given[kind];
    const size = sizeOf(kind);
    const more = meant.includes(kind) ? words : {};
    const boost = raised(more.boost, present.untilMs, (percent) =>
      Math.ceil((size * percent) / PERCENT),
    );
    return {
      set: 'limit',
      kind,
      model,
      ...(max === undefined ? {} : { max }),
      ...(more.shadow === undefined ? {} : { shadow: more.shadow }),
      ...(boost === undefined ? {} : { boost }),
    };
  });
  return [...removals.map((kind) => ({ remove: 'limit', kind, model }) as const), ...set];
}

function problemOf(
  { boost }: LimitWords,
  meant: readonly LimitKind[],
  untilMs: number | undefined,
): Misfit | undefined {
  if (meant.length === 0) {
    const complaint = 'there is no such limit yet; give its size, like requests=100';
    return { argument: boost === undefined ? 'shadow' : 'boost', complaint };
  }
  if (typeof boost === 'object' && 'by' in boost && meant.length > 1) {
    const complaint = 'it could be meant for several limits; say which one, like of=requests';
    return { argument: 'boost', complaint };
  }
  return endless(boost, untilMs);
}

/** What is to change of budgets; or what of the words does not fit together. */
export function budgetChanges(words: BudgetWords, present: Present): CeilingChange[] | Misfit {
  const model = words.model ?? null;
  const known = present.ceilings.budgets.filter((budget) => budget.model === model);
  if (words.max === 'off' && known.length === 0) {
    return { argument: 'max', complaint: 'there is no such budget, so there is none to remove' };
  }
  const duration = durationMeant(
    words,
    known.map((each) => each.duration),
  );
  if (isMisfit(duration)) {
    return duration;
  }
  const problem =
    words.boost === undefined ? boostless(words) : endless(words.boost, present.untilMs);
  if (problem !== undefined) {
    return problem;
  }
  const { value } = duration;
  if (words.max === 'off') {
    return [{ remove: 'budget', duration: value, model }];
  }
  const size = words.max ?? known.find((each) => each.duration === value)?.maxNanoUsd ?? 0n;
  const boost = raised(words.boost, present.untilMs, (percent) =>
    divideRoundingUp(size * BigInt(percent), BigInt(PERCENT)),
  );
  if (size === 0n && boost !== undefined && boost !== null) {
    return boostOfNothing('max=$20');
  }
  const change: BudgetChange = {
    set: 'budget',
    duration: value,
    model,
    ...(words.max === undefined ? {} : { maxNanoUsd: words.max }),
    ...(words.soft === undefined ? {} : { softNanoUsd: words.soft === 'off' ? null : words.soft }),
    ...(words.shadow === undefined ? {} : { shadow: words.shadow }),
    ...(boost === undefined
      ? {}
      : { boost: boost === null ? null : { byNanoUsd: boost.by, untilMs: boost.untilMs } }),
  };
  return [change];
}

/** Nobody guesses how long a budget counts: the one there is, or the one that is named. */
function durationMeant(
  { every }: BudgetWords,
  known: readonly (string | null)[],
): { readonly value: string | null } | Misfit {
  if (every !== undefined) {
    return { value: every === 'ever' ? null : every };
  }
  const [only] = known;
  if (only !== undefined && known.length === 1) {
    return { value: only };
  }
  const complaint =
    known.length === 0
      ? 'say when the budget starts over, like every=30d, or every=ever'
      : `there are several budgets; say which one: ${known.map((each) => `every=${each ?? 'ever'}`).join(', ')}`;
  return { argument: 'every', complaint };
}

function raised<Amount>(
  raise: Raise<Amount> | undefined,
  untilMs: number | undefined,
  partOf: (percent: number) => Amount,
): { readonly by: Amount; readonly untilMs: number } | null | undefined {
  if (raise === undefined) {
    return undefined;
  }
  return raise === 'off' || untilMs === undefined
    ? null
    : { by: 'by' in raise ? raise.by : partOf(raise.percent), untilMs };
}

function boostOfNothing(example: string): Misfit {
  const complaint = `the size is 0, which is to let nothing through; set a size instead, like ${example}`;
  return { argument: 'boost', complaint };
}

function endless(boost: unknown, untilMs: number | undefined): Misfit | undefined {
  return boost === undefined || boost === 'off' || untilMs !== undefined
    ? undefined
    : {
        argument: 'until',
        complaint: 'a boost needs an end, like until=2d or until=friday',
      };
}

function boostless({ until }: SharedWords): Misfit | undefined {
  return until === undefined
    ? undefined
    : {
        argument: 'until',
        complaint: 'it is the end of a boost, and none is given, like boost=+50%',
      };
}
