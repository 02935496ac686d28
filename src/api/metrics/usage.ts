// What the installation used and has left, by LiteLLM's names where they mean the same, so that its dashboards show
// it. Read from the records when somebody scrapes: calls pay nothing for it, and no label is made for them.

import type { Registry } from 'prom-client';
import { creditsToNumber, usdToNumber } from '../../core/money.ts';
import type { Figures, UsageFigure } from '../../core/usage/figures.ts';
import { addCounter, addGauge } from './add.ts';
import type { MetricRow } from './add.ts';

export function addUsageMetrics(registry: Registry, figures: Figures): void {
  const { teams, usage, budgets, leftOut } = figures;
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
  addBudgets(registry, budgets);
}

/** Of several budgets of one subject the one with the least left: it decides. */
function addBudgets(registry: Registry, budgets: Figures['budgets']): void {
  const rows = (kind: 'team' | 'key', valueOf: (budget: Figures['budgets'][number]) => bigint) =>
    budgets
      .filter((each) => each.kind === kind)
      .map((budget): MetricRow => ({
        labels:
          kind === 'team'
            ? { team: budget.id, team_alias: budget.name }
            : { hashed_api_key: budget.id, api_key_alias: budget.name },
        value: usdToNumber(valueOf(budget)),
      }));
  const left = { help: 'What is left of the budget, in USD; of those with spend.' };
  const most = { help: 'The size of the budget, in USD; of those with spend.' };
  for (const [kind, name] of [
    ['team', 'team'],
    ['key', 'api_key'],
  ] as const) {
    addGauge(
      registry,
      { name: `litellm_remaining_${name}_budget_metric`, ...left },
      rows(kind, (budget) => budget.maxNanoUsd - budget.spentNanoUsd),
    );
    addGauge(
      registry,
      { name: `litellm_${name}_max_budget_metric`, ...most },
      rows(kind, (budget) => budget.maxNanoUsd),
    );
  }
}
