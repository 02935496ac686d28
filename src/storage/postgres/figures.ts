import type { BudgetFigure, Figures, UsageFigure } from '../../core/usage/figures.ts';
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
  for (const { teamId, subject, budget, spentNanoUsd } of await budgetsNow(scope, at)) {
    const [kind, id] = subject.split(':') as ['team' | 'key', string];
    const { boost, model, maxNanoUsd: base } = budget;
    if (model === null && !budget.shadow && aliases.has(teamId)) {
      const raised = boost !== null && boost.untilMs > at.getTime() ? boost.byNanoUsd : 0n;
      const figure = {
        kind,
        id,
        name: aliases.get(id) ?? id,
        maxNanoUsd: base + raised,
        spentNanoUsd,
      };
      const known = tightest.get(subject);
      if (known === undefined || leftOf(figure) < leftOf(known)) {
        tightest.set(subject, figure);
      }
    }
  }
  const keyIds = [...tightest.values()].flatMap(({ kind, id }) => (kind === 'key' ? [id] : []));
  const keys = await scope.virtualKey.findMany({
    where: { id: { in: keyIds } },
    select: { id: true, name: true },
  });
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  return [...tightest.values()].map((each) =>
    each.kind === 'key' ? { ...each, name: names.get(each.id) ?? each.id } : each,
  );
}

function leftOf({ maxNanoUsd, spentNanoUsd }: BudgetFigure): bigint {
  return maxNanoUsd - spentNanoUsd;
}
