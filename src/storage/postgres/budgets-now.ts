import { setImmediate as turnOfOthers } from 'node:timers/promises';
import type { Budget } from '../../core/budgets/budget.ts';
import { parseDuration } from '../../core/budgets/duration.ts';
import { isAnchored, periodAt } from '../../core/budgets/period.ts';
import { meterOfBudget } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { ceilingsFromJson } from './ceilings-json.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** A budget with what was spent of its present period. */
export interface BudgetNow {
  /** Null for budgets of organizations, and of people in several teams. */
  readonly teamId: string | null;
  readonly organizationId: string;
  readonly subject: string;
  /** What people call a key or an organization by; null for all other subjects. */
  readonly name: string | null;
  readonly budget: Budget;
  readonly startsAt: Date;
  /** Null for one that counts for ever. */
  readonly endsAt: Date | null;
  readonly spentNanoUsd: bigint;
}

const EVERYBODY = Prisma.sql`TRUE`;

/** Teams that called, or have an alert of a budget, and their organizations. */
function busy(usedSince: Date): Prisma.Sql {
  return Prisma.sql`
    alerts AS (
      SELECT team_id, organization_id FROM alert_episodes WHERE kind = 'budget' AND closed_at IS NULL
    ),
    busy_teams AS (
      SELECT team_id AS id FROM usage_by_team WHERE grain = 'hour' AND starts >= ${usedSince}
      UNION SELECT team_id FROM alerts WHERE team_id IS NOT NULL
    ),
    busy_organizations AS (
      SELECT organization_id AS id FROM teams WHERE id IN (SELECT id FROM busy_teams)
      UNION SELECT organization_id FROM alerts
    ),`;
}

interface Holder {
  readonly kind: Exclude<Subject['kind'], 'end_user'>;
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

/**
 * Budgets that are in force and of which something was spent, but those of end users, who may be more than anybody
 * wants to hear of: all of them, or with `usedSince` those of teams, and
 * of their organizations and people, that called since, or of which an alert is open.
 */
export async function budgetsNow(
  scope: PostgresScope,
  at: Date,
  usedSince?: Date,
): Promise<BudgetNow[]> {
  const holders = await scope.$queryRaw<Holder[]>(holdersStatement(usedSince));
  const subjects = holders.map((holder) => subjectText(subjectOf(holder)));
  // A period is at most a year; what counts for ever began with the first call.
  const spends = await scope.$queryRaw<Spend[]>`
    SELECT subject, meter, starts_at AS "startsAt", spent_nano_usd AS "spentNanoUsd"
    FROM budget_spends WHERE subject = ANY(${subjects})
      AND (starts_at > ${at}::timestamptz - interval '400 days' OR meter LIKE 'budget-ever%')`;
  const bySubject = Map.groupBy(spends, (spend) => spend.subject);
  const periodOf = createPeriods(at);
  const budgets: BudgetNow[] = [];
  for (const [index, holder] of holders.entries()) {
    const subject = subjects[index] ?? '';
    budgets.push(...budgetsOf(holder, subject, bySubject.get(subject) ?? [], periodOf));
    if (index % AT_ONCE === AT_ONCE - 1) {
      await turnOfOthers();
    }
  }
  return budgets;
}

/** Between so many holders a worker does what else waits: a few milliseconds' work. */
const AT_ONCE = 1_000;

/** Who has budgets, and of what kind. */
export function holdersStatement(usedSince: Date | undefined): Prisma.Sql {
  const isAll = usedSince === undefined;
  const ofTeams = (teamId: Prisma.Sql) =>
    isAll ? EVERYBODY : Prisma.sql`${teamId} IN (SELECT id FROM busy_teams)`;
  const ofOrganizations = (id: Prisma.Sql) =>
    isAll ? EVERYBODY : Prisma.sql`${id} IN (SELECT id FROM busy_organizations)`;
  return Prisma.sql`
    WITH ${isAll ? Prisma.empty : busy(usedSince)} holders AS (
      SELECT 'organization' AS kind, NULL AS team_id, id AS organization_id, id AS own_id, name, ceilings
      FROM organizations WHERE ${ofOrganizations(Prisma.sql`id`)}
      UNION ALL
      SELECT 'team', id, organization_id, id, NULL, ceilings FROM teams
      WHERE status <> 'archived' AND ${ofTeams(Prisma.sql`id`)}
      UNION ALL
      SELECT 'key', team_id, organization_id, id, name || ' …' || last_four, ceilings FROM virtual_keys
      WHERE status = 'active' AND ${ofTeams(Prisma.sql`team_id`)}
      UNION ALL
      SELECT 'user', NULL, organization_id, id, NULL, ceilings FROM users
      WHERE ${ofOrganizations(Prisma.sql`organization_id`)}
      UNION ALL
      SELECT 'member', team_id, organization_id, user_id, NULL, ceilings FROM members
      WHERE ${ofTeams(Prisma.sql`team_id`)}
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
  periodOf: PeriodOf,
): BudgetNow[] {
  return ceilingsFromJson(ceilings).budgets.flatMap((budget) => {
    const { startsAtMs, endsAt } = periodOf(budget, timeZone);
    const spend = spends.find(
      ({ meter, startsAt }) => meter === meterOfBudget(budget) && startsAt.getTime() >= startsAtMs,
    );
    return spend === undefined
      ? []
      : [{ teamId, organizationId, subject, name, budget, endsAt, ...pickedFrom(spend) }];
  });
}

function pickedFrom({ startsAt, spentNanoUsd }: Spend) {
  return { startsAt, spentNanoUsd };
}

/** The present period of a budget; one that counts for ever began at 0 and has no end. */
type PeriodOf = (budget: Budget, timeZone: string) => Period;

interface Period {
  readonly startsAtMs: number;
  readonly endsAt: Date | null;
}

const FOR_EVER: Period = { startsAtMs: 0, endsAt: null };

/** Remembers what it reckoned: most budgets of a zone begin together, and reckoning by a calendar is slow. */
function createPeriods(at: Date): PeriodOf {
  const known = new Map<string, Period>();
  return ({ duration, anchorMs }, timeZone) => {
    const parsed = duration === null ? undefined : parseDuration(duration);
    if (parsed === undefined || 'complaint' in parsed) {
      return FOR_EVER;
    }
    const name = `${duration} ${timeZone} ${isAnchored(parsed) ? anchorMs : ''}`;
    const found = known.get(name);
    if (found !== undefined) {
      return found;
    }
    const { startsAtMs, endsAtMs } = periodAt(parsed, anchorMs, timeZone, at.getTime());
    const period = { startsAtMs, endsAt: new Date(endsAtMs) };
    known.set(name, period);
    return period;
  };
}
