import { SUSPENDED_STAGE } from '../../core/alerts/low-credit.ts';
import { CREDITS_EXHAUSTED } from '../../core/credits/fund.ts';
import type { PostgresScope } from './client.ts';

/**
 * Teams whose credits stand on another side of a threshold than their alert says. Asked every second: most accounts
 * are far above any threshold that somebody set, and are passed over before anything else is looked up for them.
 */
export async function creditCrossings(
  scope: PostgresScope,
  defaultPercents: readonly number[],
): Promise<string[]> {
  // From 0 a small refund leads back up to a threshold; from there only a real funding does.
  const found = await scope.$queryRaw<{ team_id: string }[]>`
    WITH near AS MATERIALIZED (
      SELECT a.team_id, a.balance, a.allotment, e.id AS episode_id, e.stage
      FROM credit_accounts a
      LEFT JOIN alert_episodes e ON e.team_id = a.team_id AND e.kind = 'low_credit' AND e.closed_at IS NULL
      WHERE a.allotment > 0 AND (e.id IS NOT NULL OR a.balance * 100 <= a.allotment * (
        SELECT max(percent::int) FROM (
          SELECT unnest(${[...defaultPercents, 0]}::int[])::text AS percent
          UNION ALL SELECT jsonb_array_elements_text(policy -> 'creditPercents') FROM alert_policies
          UNION ALL SELECT jsonb_array_elements_text(policy -> 'creditPercents') FROM organization_alert_policies
        ) AS all_percents))
    )
    SELECT near.team_id FROM near JOIN teams t ON t.id = near.team_id
    LEFT JOIN alert_policies own ON own.team_id = near.team_id
    LEFT JOIN organization_alert_policies shared ON shared.organization_id = t.organization_id
    CROSS JOIN LATERAL (
      SELECT coalesce(shared.policy, '{}') || coalesce(own.policy, '{}') AS policy
    ) AS p
    CROSS JOIN LATERAL (
      SELECT CASE WHEN min(percent) = 0 AND t.status = 'suspended'
          AND t.status_reason = ${CREDITS_EXHAUSTED} THEN ${SUSPENDED_STAGE}::int
        ELSE min(percent) END AS stage FROM (
        SELECT unnest(${[...defaultPercents]}::int[]) AS percent
          WHERE NOT p.policy ? 'creditPercents'
        UNION ALL SELECT jsonb_array_elements_text(p.policy -> 'creditPercents')::int
        UNION ALL SELECT 0
      ) AS percents WHERE near.balance * 100 <= near.allotment * percent
    ) AS now
    WHERE ((now.stage IS NULL) <> (near.episode_id IS NULL) OR now.stage < near.stage
        OR (near.stage <= 0 AND now.stage > near.stage))
      AND (near.episode_id IS NOT NULL OR NOT coalesce(p.policy -> 'off' ? 'low_credit', false))`;
  return found.map((row) => row.team_id);
}
