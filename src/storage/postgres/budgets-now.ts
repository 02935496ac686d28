import type { Budget } from '../../core/budgets/budget.ts';
import { parseDuration } from '../../core/budgets/duration.ts';
import { periodAt } from '../../core/budgets/period.ts';
import { meterOfBudget } from '../../core/ceilings/ceilings.ts';
import { ceilingsFromJson } from './ceilings-json.ts';
import type { PostgresScope } from './client.ts';

/** A budget with what was spent of its present period. */
export interface BudgetNow {
  readonly teamId: string;
  readonly subject: string;
  readonly budget: Budget;
  readonly startsAt: Date;
  readonly spentNanoUsd: bigint;
}

interface Row {
  readonly team_id: string;
  readonly subject: string;
  readonly ceilings: unknown;
  readonly time_zone: string;
  readonly spends: readonly { meter: string; starts: number; spent: string }[];
}

/** A period is at most ten years; what counts for ever began with the first call. */
export async function budgetsNow(scope: PostgresScope, at: Date): Promise<BudgetNow[]> {
  const found = await scope.$queryRaw<Row[]>`
    WITH subjects AS (
      SELECT id AS team_id, 'team:' || id AS subject, ceilings, organization_id FROM teams
      WHERE status <> 'archived' AND ceilings ? 'budgets'
      UNION ALL
      SELECT team_id, 'key:' || id, ceilings, organization_id FROM virtual_keys
      WHERE status = 'active' AND ceilings ? 'budgets'
    )
    SELECT s.team_id, s.subject, s.ceilings, o.time_zone, json_agg(json_build_object('meter', b.meter,
      'starts', extract(epoch FROM b.starts_at) * 1000, 'spent', b.spent_nano_usd::text)) AS spends
    FROM subjects s JOIN organizations o ON o.id = s.organization_id
    JOIN budget_spends b ON b.subject = s.subject
    WHERE b.starts_at > ${at}::timestamptz - interval '400 days' OR b.meter LIKE 'budget-ever%'
    GROUP BY s.team_id, s.subject, s.ceilings::text, s.ceilings, o.time_zone`;
  return found.flatMap((row) => budgetsOf(row, at));
}

function budgetsOf(row: Row, at: Date): BudgetNow[] {
  const { team_id: teamId, subject, spends } = row;
  return ceilingsFromJson(row.ceilings).budgets.flatMap((budget) => {
    const startsAtMs = startOf(budget, row.time_zone, at);
    const spend = spends
      .filter(({ meter, starts }) => meter === meterOfBudget(budget) && starts >= startsAtMs)
      .at(0);
    if (spend === undefined) {
      return [];
    }
    const startsAt = new Date(spend.starts);
    return [{ teamId, subject, budget, startsAt, spentNanoUsd: BigInt(spend.spent) }];
  });
}

/** Where the present period began; 0 for a budget that counts for ever. */
function startOf({ duration, anchorMs }: Budget, timeZone: string, at: Date): number {
  const parsed = duration === null ? undefined : parseDuration(duration);
  return parsed === undefined || 'complaint' in parsed
    ? 0
    : periodAt(parsed, anchorMs, timeZone, at.getTime()).startsAtMs;
}
