// What bounds a subject, as its record in the gate carries it: one JSON text, empty where nothing does.

import { meterOfBudget, meterOfLimit } from '../../core/ceilings/ceilings.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import { parseDuration } from '../../core/budgets/duration.ts';
import { boundariesFrom, fixedLengthMs, isFixed } from '../../core/budgets/period.ts';
import type { Budget } from '../../core/budgets/budget.ts';
import type { Limit } from '../../core/limits/limit.ts';

/** When these have passed the gate asks for more: a month of days, so that Postgres may be away meanwhile. */
const BOUNDARIES_AHEAD = 32;

/** A meter and what it counts towards, as the scripts read it (see meters.lua). */
interface MeterRule {
  readonly meter: string;
  readonly kind: Limit['kind'] | 'budget';
  readonly model?: string;
  readonly max: number;
  readonly boost?: number;
  readonly boost_until?: number;
  readonly shadow?: true;
  /** Periods of an exact length. */
  readonly anchor?: number;
  readonly length?: number;
  /** Periods of the calendar: where the present one began, and the next boundaries. */
  readonly bounds?: readonly number[];
}

export interface SubjectRules {
  readonly subject: string;
  readonly ceilings: Ceilings;
  /** Of the organization. */
  readonly timeZone: string;
  /** Undefined where all models are meant; else names and `prefix*`. */
  readonly models?: readonly string[] | undefined;
  /** Access groups that stand for models. */
  readonly groups?: readonly string[] | undefined;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly endpoints?: readonly string[];
  /** Ranges of addresses, each as two times 32 hex digits with a dash between. */
  readonly addresses?: readonly string[];
}

/** The rules of a subject at a moment, which decides on the boundaries that are brought along. */
export function rulesText(rules: SubjectRules, nowMs: number): string {
  const { subject, ceilings, timeZone, models, groups, aliases, endpoints, addresses } = rules;
  const meters = [
    ...ceilings.limits.map(limitRule),
    ...ceilings.budgets.map((budget) => budgetRule(budget, timeZone, nowMs)),
  ];
  const parts = {
    ...(meters.length > 0 ? { meters } : {}),
    ...(models === undefined ? {} : { models }),
    ...(groups === undefined || groups.length === 0 ? {} : { groups: groups.join('\n') }),
    ...(aliases === undefined || Object.keys(aliases).length === 0 ? {} : { aliases }),
    ...(endpoints === undefined || endpoints.length === 0 ? {} : { endpoints }),
    ...(addresses === undefined || addresses.length === 0 ? {} : { addresses }),
  };
  return Object.keys(parts).length === 0 ? '' : JSON.stringify({ subject, ...parts });
}

function limitRule(limit: Limit): MeterRule {
  const { kind, model, max, boost, shadow } = limit;
  return {
    meter: meterOfLimit(limit),
    kind,
    max,
    ...(model === null ? {} : { model }),
    ...(boost === null ? {} : { boost: boost.by, boost_until: boost.untilMs }),
    ...(shadow ? { shadow } : {}),
  };
}

function budgetRule(budget: Budget, timeZone: string, nowMs: number): MeterRule {
  const { model, maxNanoUsd, boost, shadow } = budget;
  return {
    meter: meterOfBudget(budget),
    kind: 'budget',
    max: Number(maxNanoUsd),
    ...(model === null ? {} : { model }),
    ...(boost === null ? {} : { boost: Number(boost.byNanoUsd), boost_until: boost.untilMs }),
    ...(shadow ? { shadow } : {}),
    ...periodRule(budget, timeZone, nowMs),
  };
}

function periodRule(
  { duration, anchorMs }: Budget,
  timeZone: string,
  nowMs: number,
): Pick<MeterRule, 'anchor' | 'length' | 'bounds'> {
  if (duration === null) {
    return {};
  }
  const parsed = parseDuration(duration);
  if ('complaint' in parsed) {
    throw new Error(`Projecting a budget: its duration ${duration} is not readable`);
  }
  return isFixed(parsed)
    ? { anchor: anchorMs, length: fixedLengthMs(parsed) }
    : { bounds: boundariesFrom(parsed, anchorMs, timeZone, nowMs, BOUNDARIES_AHEAD) };
}
