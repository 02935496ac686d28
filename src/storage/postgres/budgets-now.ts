import type { Budget } from '../../core/budgets/budget.ts';
import { parseDuration } from '../../core/budgets/duration.ts';
import { periodAt } from '../../core/budgets/period.ts';
import { meterOfBudget } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { ceilingsFromJson } from './ceilings-json.ts';
import type { PostgresScope } from './client.ts';

/** A budget with what was spent of its present period. */
export interface BudgetNow {
  /** Null for budgets of organizations, and of people in several teams. */
  readonly teamId: string | null;
  readonly organizationId: string;
  readonly subject: string;
  /** What people call a key by; null for all other subjects. */
  readonly name: string | null;
  readonly budget: Budget;
  readonly startsAt: Date;
  readonly spentNanoUsd: bigint;
}

interface Holder {
  readonly kind: Subject['kind'];
  readonly teamId: string | null;
  readonly organizationId: string;
  /** Of the key, or of the person. */
  readonly ownId: string;
  readonly name: string | null;
  readonly ceilings: unknown;
  readonly timeZone: string;
}

interface Spend {
  readonly subject: string;
  readonly meter: string;
  readonly startsAt: Date;
  readonly spentNanoUsd: bigint;
}

/** All budgets that are in force and of which something was spent. */
export async function budgetsNow(scope: PostgresScope, at: Date): Promise<BudgetNow[]> {
  const holders = await holdersOfBudgets(scope);
  const subjects = holders.map((holder) => subjectText(subjectOf(holder)));
  // A period is at most a year; what counts for ever began with the first call.
  const spends = await scope.$queryRaw<Spend[]>`
    SELECT subject, meter, starts_at AS "startsAt", spent_nano_usd AS "spentNanoUsd"
    FROM budget_spends WHERE subject = ANY(${subjects})
      AND (starts_at > ${at}::timestamptz - interval '400 days' OR meter LIKE 'budget-ever%')`;
  const bySubject = Map.groupBy(spends, (spend) => spend.subject);
  return holders.flatMap((holder, index) => {
    const subject = subjects[index] ?? '';
    return budgetsOf(holder, subject, bySubject.get(subject) ?? [], at);
  });
}

async function holdersOfBudgets(scope: PostgresScope): Promise<Holder[]> {
  return scope.$queryRaw<Holder[]>`
    WITH holders AS (
      SELECT 'organization' AS kind, NULL AS team_id, id AS organization_id, id AS own_id, NULL AS name, ceilings
      FROM organizations
      UNION ALL
      SELECT 'team', id, organization_id, id, NULL, ceilings FROM teams WHERE status <> 'archived'
      UNION ALL
      SELECT 'key', team_id, organization_id, id, name || ' …' || last_four, ceilings FROM virtual_keys
      WHERE status = 'active'
      UNION ALL
      SELECT 'user', NULL, organization_id, id, NULL, ceilings FROM users
      UNION ALL
      SELECT 'member', team_id, organization_id, user_id, NULL, ceilings FROM members
    )
    SELECT h.kind, h.team_id AS "teamId", h.organization_id AS "organizationId", h.own_id AS "ownId",
      h.name, h.ceilings, o.time_zone AS "timeZone"
    FROM holders h JOIN organizations o ON o.id = h.organization_id
    WHERE h.ceilings -> 'budgets' <> '[]'::jsonb AND o.status <> 'archived'`;
}

function subjectOf({ kind, teamId, organizationId, ownId }: Holder): Subject {
  switch (kind) {
    case 'organization':
      return { kind, organizationId };
    case 'team':
      return { kind, teamId: ownId };
    case 'key':
      return { kind, keyId: ownId };
    case 'user':
      return { kind, organizationId, userId: ownId };
    case 'member':
      // The statement gives a member its team.
      return { kind, teamId: teamId ?? '', userId: ownId };
  }
}

function budgetsOf(
  { teamId, organizationId, name, ceilings, timeZone }: Holder,
  subject: string,
  spends: readonly Spend[],
  at: Date,
): BudgetNow[] {
  return ceilingsFromJson(ceilings).budgets.flatMap((budget) => {
    const startsAtMs = startOf(budget, timeZone, at);
    const spend = spends.find(
      ({ meter, startsAt }) => meter === meterOfBudget(budget) && startsAt.getTime() >= startsAtMs,
    );
    return spend === undefined
      ? []
      : [{ teamId, organizationId, subject, name, budget, ...pickedFrom(spend) }];
  });
}

function pickedFrom({ startsAt, spentNanoUsd }: Spend) {
  return { startsAt, spentNanoUsd };
}

/** Where the present period began; 0 for a budget that counts for ever. */
function startOf({ duration, anchorMs }: Budget, timeZone: string, at: Date): number {
  const parsed = duration === null ? undefined : parseDuration(duration);
  return parsed === undefined || 'complaint' in parsed
    ? 0
    : periodAt(parsed, anchorMs, timeZone, at.getTime()).startsAtMs;
}
