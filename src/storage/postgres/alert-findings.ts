// What watchers of alerts look at: always all teams at once, by statements that read indexes or roll-ups.

import type {
  AlertRecords,
  EndingCredits,
  EndingKey,
  Failures,
  HoursOfUse,
  SpentBudget,
} from '../../core/alerts/alert-records.ts';
import { meterOfBudget } from '../../core/ceilings/ceilings.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../core/time.ts';
import { budgetsNow } from './budgets-now.ts';
import type { BudgetNow } from './budgets-now.ts';
import type { PostgresScope } from './client.ts';
import { creditCrossings } from './credit-crossings.ts';

export type Findings =
  | 'creditCrossings'
  | 'keysEnding'
  | 'grantsEnding'
  | 'spentBudgets'
  | 'hoursOfUse'
  | 'failures'
  | 'fastUsers';

/** Two weeks hold the week's rhythm twice. */
const USAGE_PAST_MS = 14 * DAY_MS;

export function findingsIn(scope: PostgresScope): Pick<AlertRecords, Findings> {
  return {
    creditCrossings: async (defaultPercents) => creditCrossings(scope, defaultPercents),
    keysEnding: async (after, before) => scope.$queryRaw<EndingKey[]>`
      SELECT k.team_id AS "teamId", k.id AS "keyId", k.name, k.last_four AS "lastFour",
        k.created_at AS "createdAt", k.expires_at AS "expiresAt"
      FROM virtual_keys k JOIN teams t ON t.id = k.team_id
      WHERE k.expires_at > ${after} AND k.expires_at <= ${before} AND k.status = 'active'
        AND t.status <> 'archived'`,
    grantsEnding: async (after, before) => scope.$queryRaw<EndingCredits[]>`
      SELECT g.team_id AS "teamId", g.id AS "grantId", g.remaining, g.expires_at AS "expiresAt"
      FROM credit_grants g JOIN teams t ON t.id = g.team_id
      WHERE g.remaining > 0 AND g.expires_at > ${after} AND g.expires_at <= ${before}
        AND t.status <> 'archived'`,
    spentBudgets: async (sincePercent, at, usedSince) =>
      spentBudgets(await budgetsNow(scope, at, usedSince), sincePercent, at),
    hoursOfUse: async (at) => hoursOfUse(scope, at),
    failures: async (since, leastFailed) => scope.$queryRaw<Failures[]>`
      SELECT team_id AS "teamId", count(*) AS calls,
        count(*) FILTER (WHERE outcome = 'failed') AS failed
      FROM usage_events WHERE started_at >= ${since}
        AND team_id IN (SELECT team_id FROM usage_by_team WHERE grain = 'hour'
          AND starts >= ${since}::timestamptz - interval '2 hours' AND failed_calls > 0)
      GROUP BY team_id HAVING count(*) FILTER (WHERE outcome = 'failed') >= ${leastFailed}`,
    fastUsers: async (since, at, lastsMs) => {
      // An hour's roll-up begins before its calls: from its end on, nobody seems slower than they are.
      const found = await scope.$queryRaw<{ team_id: string }[]>`
        SELECT team_id FROM (
          SELECT team_id, sum(charge) AS charge, greatest(interval '1 minute',
            ${at}::timestamptz - min(starts) - interval '1 hour') AS span
          FROM usage_by_team WHERE grain = 'hour' AND starts >= ${since} AND charge > 0 GROUP BY team_id
        ) AS used JOIN credit_accounts USING (team_id)
        WHERE balance * extract(epoch FROM span) <= charge * ${lastsMs / SECOND_MS}`;
      return found.map((row) => row.team_id);
    },
  };
}

async function hoursOfUse(scope: PostgresScope, at: Date): Promise<HoursOfUse[]> {
  const hourAgo = new Date(at.getTime() - HOUR_MS);
  const past = new Date(at.getTime() - USAGE_PAST_MS);
  const found = await scope.$queryRaw<(Omit<HoursOfUse, 'hours'> & { hours: string[] | null })[]>`
    WITH latest AS (
      SELECT team_id, sum(charge)::bigint AS charge, count(*) AS calls FROM usage_events
      WHERE started_at >= ${hourAgo} AND charge > 0
        AND team_id IN (SELECT team_id FROM usage_by_team WHERE grain = 'hour'
          AND starts >= ${hourAgo}::timestamptz - interval '1 hour')
      GROUP BY team_id
    ), hours AS (
      SELECT u.team_id, u.starts, sum(u.charge)::bigint AS charge
      FROM usage_by_team u JOIN latest USING (team_id)
      WHERE u.grain = 'hour' AND u.starts >= ${past} AND u.starts < ${hourAgo}::timestamptz - interval '1 hour'
      GROUP BY u.team_id, u.starts HAVING sum(u.charge) > 0
    )
    SELECT l.team_id AS "teamId", l.charge AS latest, l.calls,
      array_agg(h.charge::text) FILTER (WHERE h.team_id IS NOT NULL) AS hours,
      count(DISTINCT h.starts::date)::int AS days
    FROM latest l LEFT JOIN hours h USING (team_id) GROUP BY l.team_id, l.charge, l.calls`;
  return found.map(({ hours, ...use }) => ({ ...use, hours: (hours ?? []).map(BigInt) }));
}

/** The present period of each budget, if enough of it is spent. */
function spentBudgets(
  budgets: readonly BudgetNow[],
  sincePercent: number,
  at: Date,
): SpentBudget[] {
  return budgets.flatMap(({ budget, ...rest }) => {
    const { boost, maxNanoUsd, softNanoUsd, shadow } = budget;
    const raised = boost !== null && boost.untilMs > at.getTime() ? boost.byNanoUsd : 0n;
    const most = maxNanoUsd + raised;
    const isReached = rest.spentNanoUsd * 100n >= most * BigInt(sincePercent);
    const isSoft = softNanoUsd !== null && rest.spentNanoUsd >= softNanoUsd;
    return most > 0n && (isReached || isSoft)
      ? [{ ...rest, meter: meterOfBudget(budget), maxNanoUsd: most, softNanoUsd, shadow }]
      : [];
  });
}
