import { z } from 'zod';
import type { EndedPeriod } from '../../core/budgets/budget-period.ts';
import { findSubject } from '../../core/ceilings/subject-records.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { usdToNumber } from '../../core/money.ts';
import type { Action } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { BUDGET_HISTORY } from './answers/operations.ts';
import type { FindRows, Params } from '../target.ts';
import { EXACT_MOMENT } from './fields.ts';

const PERIODS = 50;
const PERIODS_MAX = 500;

const PAGE = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PERIODS_MAX).optional(),
  /** The `starts_at` of the last one of the page before. */
  before: EXACT_MOMENT.optional(),
});

/** What became of a subject's budgets, period by period. */
export function budgetHistoryEndpoint({
  of,
  reads,
  target,
  subject,
}: {
  readonly of: string;
  readonly reads: Action;
  readonly target: FindRows<unknown, unknown>;
  subject(params: Params): Subject;
}): Endpoint {
  return endpoint({
    isOwn: true,
    summary: `What was spent in each period of the budgets ${of} that is over, the latest first`,
    action: reads,
    target,
    body: NOTHING,
    query: PAGE,
    answer: BUDGET_HISTORY,
    async handle({ stores: { records }, params, query: { limit = PERIODS, before } }) {
      const whose = subject(params);
      const found = await findSubject(records, whose);
      if (isRefusal(found)) {
        return found;
      }
      const name = subjectText(whose);
      const page = { limit, ...(before === undefined ? {} : { before: new Date(before) }) };
      const periods = await records.budgetPeriods.history({ subject: name, ...page });
      return { subject: name, periods: periods.map(periodView) };
    },
  });
}

function periodView(period: EndedPeriod) {
  return {
    duration: period.duration,
    model: period.model,
    starts_at: period.startsAt.toISOString(),
    ends_at: period.endsAt.toISOString(),
    /** Several in a row in which nothing was spent are one line. */
    periods: period.periods,
    max_usd: usdToNumber(period.maxNanoUsd),
    spent_usd: usdToNumber(period.spentNanoUsd),
    refused_calls: period.refusedCalls,
  };
}
