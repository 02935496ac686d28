// What the installation used and has left, by LiteLLM's names where they mean the same, so that its dashboards show
// it. Read from the records when somebody scrapes: calls pay nothing for it, and no label is made for them.

import type { Registry } from 'prom-client';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import { HOUR_MS } from '../../core/time.ts';
import { BUDGET_HOLDERS } from '../../core/usage/figures.ts';
import type { BudgetFigure, BudgetHolder, Figures, UsageFigure } from '../../core/usage/figures.ts';
import { addCounter, addGauge } from './add.ts';
import type { MetricRow } from './add.ts';

export function addUsageMetrics(registry: Registry, figures: Figures): void {
  const { teams, usage, leftOut } = figures;
  const counter = (name: string, help: string, valueOf: (use: UsageFigure) => number): void =>
    addCounter(
      registry,
      { name, help },
      usage.map((use) => ({
        labels: { team: use.teamId, team_alias: use.alias, model: use.model },
        value: valueOf(use),
      })),
    );
  counter('litellm_requests_metric_total', 'Calls that were served.', (use) => use.calls);
  counter('litellm_spend_metric_total', 'What they cost at the provider, in USD.', (use) =>
    usdToNumber(use.costNanoUsd),
  );
  counter(
    'litellm_input_tokens_metric_total',
    'Usage tokens that went in.',
    (use) => use.inputTokens,
  );
  counter(
    'litellm_output_tokens_metric_total',
    'Usage tokens that came out.',
    (use) => use.outputTokens,
  );
  counter(
    'litellm_total_tokens_metric_total',
    'Both together.',
    (use) => use.inputTokens + use.outputTokens,
  );
  counter('quartermaster_credits_charged_total', 'Credits that they were charged.', (use) =>
    creditsToNumber(use.charge),
  );
  addGauge(
    registry,
    { name: 'quartermaster_team_credits', help: 'The balance of a team, by the ledger.' },
    teams.map(({ teamId, alias, balance }) => ({
      labels: { team: teamId, team_alias: alias },
      value: creditsToNumber(balance),
    })),
  );
  addGauge(
    registry,
    {
      name: 'quartermaster_metrics_teams_left_out',
      help: 'Teams that are in no metric: those that used least.',
    },
    [{ labels: {}, value: leftOut }],
  );
  addGauge(
    registry,
    {
      name: 'quartermaster_metrics_budgets_left_out',
      help: 'Holders of budgets that are in no metric: those with the greatest part left.',
    },
    [{ labels: {}, value: figures.budgetsLeftOut }],
  );
  addGauge(
    registry,
    { name: 'litellm_team_members_metric', help: 'People in a team.' },
    teams.map(({ teamId, alias, members }) => ({
      labels: { team: teamId, team_alias: alias },
      value: members,
    })),
  );
  addBudgets(registry, figures);
}

/** How LiteLLM calls each kind of holder, and by which labels it tells them. */
const HOLDERS: Readonly<
  Record<
    BudgetHolder,
    { readonly name: string; readonly labels: (budget: BudgetFigure) => MetricRow['labels'] }
  >
> = {
  organization: { name: 'org', labels: ({ id, name }) => ({ org_id: id, org_alias: name }) },
  // By the label of LiteLLM's code and by that of its page on budgets, which dashboards were made after.
  team: {
    name: 'team',
    labels: ({ id, name }) => ({ team: id, team_id: id, team_alias: name }),
  },
  key: {
    name: 'api_key',
    labels: ({ id, name }) => ({ hashed_api_key: id, api_key_alias: name }),
  },
  // The organization beside it, because each bounds the person by itself.
  user: {
    name: 'user',
    labels: ({ id, organizationId }) => ({ user: id, org_id: organizationId }),
  },
};

const OF_THOSE_WITH_SPEND = 'of those with spend that called within a day';

/** Of several budgets of one holder the one with the least left: it decides. */
function addBudgets(registry: Registry, { at, budgets }: Figures): void {
  for (const kind of BUDGET_HOLDERS) {
    const { name, labels } = HOLDERS[kind];
    const own = budgets.filter((budget) => budget.kind === kind);
    const gauge = (
      metric: string,
      help: string,
      valueOf: (budget: BudgetFigure) => number | null,
    ): void =>
      addGauge(
        registry,
        { name: metric, help: `${help}, ${OF_THOSE_WITH_SPEND}.` },
        own
          .map((budget): MetricRow => ({ labels: labels(budget), value: valueOf(budget) }))
          .filter(({ value }) => value !== null),
      );
    gauge(`litellm_remaining_${name}_budget_metric`, 'USD left of the budget', (budget) =>
      usdToNumber(budget.maxNanoUsd - budget.spentNanoUsd),
    );
    gauge(`litellm_${name}_max_budget_metric`, 'The budget in USD', ({ maxNanoUsd }) =>
      usdToNumber(maxNanoUsd),
    );
    gauge(
      `litellm_${name}_budget_remaining_hours_metric`,
      'Hours until the budget is full again',
      ({ endsAt }) => endsAt && Math.max(0, endsAt.getTime() - at.getTime()) / HOUR_MS,
    );
  }
}
