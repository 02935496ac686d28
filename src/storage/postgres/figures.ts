import { DAY_MS } from '../../core/time.ts';
import { BUDGET_HOLDERS } from '../../core/usage/figures.ts';
import type { BudgetFigure, Figures, UsageFigure } from '../../core/usage/figures.ts';
import { subjectFrom } from '../../core/ceilings/subject.ts';
import { budgetsNow } from './budgets-now.ts';
import type { BudgetNow } from './budgets-now.ts';
import type { PostgresScope } from './client.ts';

/** Months alone are summed, so that this reads a few rows of each team, however much it called. */
export async function figuresIn(scope: PostgresScope, limit: number, at: Date): Promise<Figures> {
  const teams = await scope.$queryRaw<Figures['teams'][number][]>`
    SELECT t.id AS "teamId", t.alias, a.balance, (
      SELECT count(*)::int FROM members m WHERE m.team_id = t.id AND m.role <> 'removed'
    ) AS members FROM teams t JOIN credit_accounts a ON a.team_id = t.id
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
  const budgets = await budgetFigures(scope, aliases, at);
  return {
    at,
    teams,
    usage: usage.map((row) => usageFrom(row, aliases.get(row.team_id) ?? row.team_id)),
    ...budgets,
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

/** Prometheus holds each series in memory for hours; of each kind of holder there are at most so many. */
const HOLDERS_MAX = 1_000;
/** Who has called nothing for so long is not told: what is left of their budgets stands still. */
const USED_WITHIN_MS = DAY_MS;

async function budgetFigures(
  scope: PostgresScope,
  aliases: ReadonlyMap<string, string>,
  at: Date,
): Promise<Pick<Figures, 'budgets' | 'budgetsLeftOut'>> {
  const tightest = new Map<string, BudgetFigure>();
  const usedSince = new Date(at.getTime() - USED_WITHIN_MS);
  for (const now of await budgetsNow(scope, at, usedSince)) {
    const holder = holderOf(now, aliases);
    const { boost, model, maxNanoUsd: base, shadow } = now.budget;
    if (holder === undefined || model !== null || shadow) {
      continue;
    }
    const raised = boost !== null && boost.untilMs > at.getTime() ? boost.byNanoUsd : 0n;
    const { organizationId, spentNanoUsd, endsAt } = now;
    const figure = { ...holder, organizationId, maxNanoUsd: base + raised, spentNanoUsd, endsAt };
    const known = tightest.get(now.subject);
    if (known === undefined || leftOf(figure) < leftOf(known)) {
      tightest.set(now.subject, figure);
    }
  }
  const byKind = Map.groupBy(tightest.values(), ({ kind }) => kind);
  const budgets = BUDGET_HOLDERS.flatMap((kind) =>
    (byKind.get(kind) ?? []).toSorted((a, b) => partLeft(a) - partLeft(b)).slice(0, HOLDERS_MAX),
  );
  return { budgets, budgetsLeftOut: tightest.size - budgets.length };
}

/** Undefined for members of a team, and for keys and teams that are in no metric. */
function holderOf(
  { subject, teamId, name }: BudgetNow,
  aliases: ReadonlyMap<string, string>,
): Pick<BudgetFigure, 'kind' | 'id' | 'name'> | undefined {
  const whose = subjectFrom(subject);
  const alias = teamId === null ? undefined : aliases.get(teamId);
  switch (whose?.kind) {
    case 'organization':
      return { kind: 'organization', id: whose.organizationId, name: name ?? whose.organizationId };
    case 'user':
      return { kind: 'user', id: whose.userId, name: whose.userId };
    case 'team':
      return alias === undefined ? undefined : { kind: 'team', id: whose.teamId, name: alias };
    case 'key':
      return alias === undefined
        ? undefined
        : { kind: 'key', id: whose.keyId, name: name ?? whose.keyId };
    default:
      return undefined;
  }
}

function leftOf({
  maxNanoUsd,
  spentNanoUsd,
}: Pick<BudgetFigure, 'maxNanoUsd' | 'spentNanoUsd'>): bigint {
  return maxNanoUsd - spentNanoUsd;
}

/** From 1 for a budget that is whole to 0 for one that is spent. */
function partLeft(figure: BudgetFigure): number {
  return figure.maxNanoUsd === 0n ? 0 : Number(leftOf(figure)) / Number(figure.maxNanoUsd);
}
