import type { BudgetFigure, Figures, UsageFigure } from '../../core/usage/figures.ts';
import { subjectFrom } from '../../core/ceilings/subject.ts';
import { budgetsNow } from './budgets-now.ts';
import type { PostgresScope } from './client.ts';

/** Months alone are summed, so that this reads a few rows of each team, however much it called. */
export async function figuresIn(scope: PostgresScope, limit: number, at: Date): Promise<Figures> {
  const teams = await scope.$queryRaw<Figures['teams'][number][]>`
    SELECT t.id AS "teamId", t.alias, a.balance FROM teams t JOIN credit_accounts a ON a.team_id = t.id
    WHERE t.status <> 'archived' ORDER BY a.used DESC, t.id LIMIT ${limit}`;
  const ids = teams.map(({ teamId }) => teamId);
  const usage = await scope.$queryRaw<UsageRow[]>`
    SELECT team_id, model, sum(calls)::float8 AS calls, sum(input_tokens)::float8 AS input_tokens,
      sum(output_tokens)::float8 AS output_tokens, sum(cost_nano_usd)::bigint AS cost_nano_usd,
      sum(charge)::bigint AS charge
    FROM usage_by_team WHERE grain = 'month' AND model <> '' AND team_id = ANY (${ids})
    GROUP BY team_id, model ORDER BY team_id, model`;
  const aliases = new Map(teams.map(({ teamId, alias }) => [teamId, alias]));
  const all = await scope.team.count({ where: { status: { not: 'archived' } } });
  return {
    teams,
    usage: usage.map((row) => usageFrom(row, aliases.get(row.team_id) ?? row.team_id)),
    budgets: await budgetFigures(scope, aliases, at),
    leftOut: all - teams.length,
  };
}

interface UsageRow {
  readonly team_id: string;
  readonly model: string;
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_nano_usd: bigint;
  readonly charge: bigint;
}

function usageFrom(row: UsageRow, alias: string): UsageFigure {
  return {
    teamId: row.team_id,
    alias,
    model: row.model,
    calls: row.calls,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costNanoUsd: row.cost_nano_usd,
    charge: row.charge,
  };
}

async function budgetFigures(
  scope: PostgresScope,
  aliases: ReadonlyMap<string, string>,
  at: Date,
): Promise<BudgetFigure[]> {
  const tightest = new Map<string, BudgetFigure>();
  for (const { teamId, subject, name, budget, spentNanoUsd } of await budgetsNow(scope, at)) {
    const { boost, model, maxNanoUsd: base } = budget;
    const whose = subjectFrom(subject);
    const alias = teamId === null ? undefined : aliases.get(teamId);
    if (alias === undefined || model !== null || budget.shadow) {
      continue;
    }
    const raised = boost !== null && boost.untilMs > at.getTime() ? boost.byNanoUsd : 0n;
    const money = { maxNanoUsd: base + raised, spentNanoUsd };
    const known = tightest.get(subject);
    if (known !== undefined && leftOf(known) <= leftOf(money)) {
      continue;
    }
    if (whose?.kind === 'team') {
      tightest.set(subject, { kind: 'team', id: whose.teamId, name: alias, ...money });
    } else if (whose?.kind === 'key') {
      tightest.set(subject, { kind: 'key', id: whose.keyId, name: name ?? whose.keyId, ...money });
    }
  }
  return [...tightest.values()];
}

function leftOf({
  maxNanoUsd,
  spentNanoUsd,
}: Pick<BudgetFigure, 'maxNanoUsd' | 'spentNanoUsd'>): bigint {
  return maxNanoUsd - spentNanoUsd;
}
