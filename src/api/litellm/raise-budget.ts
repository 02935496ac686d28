// A budget that is raised for a time: temp_budget_increase until temp_budget_expiry, on top of max_budget.

import { z } from 'zod';
import { mainBudget } from '../../core/ceilings/ceilings.ts';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import { findSubject } from '../../core/ceilings/subject-records.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { parseUsdAmount, usdToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';

import type { Json } from './extras.ts';

/** As Python reads a moment: without a zone it is UTC. */
const MOMENT = z
  .union([z.iso.datetime({ offset: true, local: true }), z.iso.date()])
  .transform((text) => Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : zoned(text)));

function zoned(text: string): string {
  return text.includes('T') ? `${text}Z` : text;
}

export const RAISE = {
  temp_budget_increase: z.number().nullish(),
  temp_budget_expiry: MOMENT.nullish(),
};
export type Raise = Partial<z.output<z.ZodObject<typeof RAISE>>>;

/** Whether both are given, or neither. */
export function isWholeRaise({
  temp_budget_increase: by,
  temp_budget_expiry: until,
}: Raise): boolean {
  return (by ?? null) === null ? (until ?? null) === null : (until ?? null) !== null;
}

export const HALF_A_RAISE = {
  message: 'Value error, temp_budget_increase and temp_budget_expiry must be set together',
};

/** Raises the budget of a subject until then; null ends a raise that is in force. */
export async function raiseBudget(
  stores: Stores,
  actor: Actor,
  subject: Subject,
  { temp_budget_increase: by, temp_budget_expiry: until }: Raise,
): Promise<unknown> {
  if (by === undefined || until === undefined) {
    return undefined;
  }
  const found = await findSubject(stores.records, subject);
  if (isRefusal(found)) {
    return found;
  }
  const budget = mainBudget(found.ceilings);
  if (budget === undefined || budget.shadow) {
    const complaint = 'there is no max_budget that it could raise';
    return refuse('value_invalid', { field: 'temp_budget_increase', complaint });
  }
  const amount = by === null ? undefined : parseUsdAmount(by);
  if (amount !== undefined && typeof amount !== 'bigint') {
    return refuse('value_invalid', { field: 'temp_budget_increase', complaint: amount.reason });
  }
  const boost =
    amount === undefined || until === null ? null : { byNanoUsd: amount, untilMs: until };
  const { duration, model } = budget;
  return changeCeilings(stores, actor, subject, [{ set: 'budget', duration, model, boost }]);
}

export function momentText(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString();
}

/** A raise as LiteLLM shows it, among the metadata; nothing where none is in force. */
export function raiseView(ceilings: Ceilings, nowMs: number): Json {
  const boost = mainBudget(ceilings)?.boost ?? null;
  return boost === null || boost.untilMs <= nowMs
    ? {}
    : {
        temp_budget_increase: usdToNumber(boost.byNanoUsd),
        temp_budget_expiry: new Date(boost.untilMs).toISOString(),
      };
}
