// What Prometheus reads: counted in plain numbers while calls go on, put into words when somebody asks.

import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addUsageMetrics } from '../../src/api/metrics/usage.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { createCallMeters } from '../../src/core/gateway/call-meters.ts';
import { createProcessMetrics } from '../../src/process-metrics.ts';
import { BY_COST, CREDIT, use } from '../support/credits.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

const USD = 1_000_000_000n;

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

test('a proxy tells how many calls it served of each model, how long they took and what it added', async () => {
  const { secretKey } = await qm.team();
  await (await qm.call(secretKey)).text();
  await (await qm.call(secretKey, { stream: true })).text();
  qm.provider.plan({ fault: 500, times: 3 });
  await (await qm.call(secretKey)).text();
  const text = await createProcessMetrics(qm.meters)();
  expect(text).toContain('quartermaster_calls_total{model="gpt-4o",outcome="served"} 2\n');
  expect(text).toContain('quartermaster_calls_total{model="gpt-4o",outcome="failed"} 1\n');
  for (const name of ['request_total', 'llm_api']) {
    expect(text).toContain(`litellm_${name}_latency_metric_count{model="gpt-4o"} 3\n`);
    expect(text).toContain(`litellm_${name}_latency_metric_bucket{model="gpt-4o",le="+Inf"} 3\n`);
  }
  expect(text).toContain('litellm_overhead_latency_metric_count{model_group="gpt-4o"} 3\n');
  expect(text).toContain('process_resident_memory_bytes ');
});

test('a value stands in the first bucket that holds it, and buckets add up', async () => {
  const meters = createCallMeters();
  meters.ended('a "model"', 100, 99.4, false);
  meters.ended('a "model"', 400_000, 399_990, false);
  meters.refused('budget_exceeded');
  const text = await createProcessMetrics(meters)();
  const named = (name: string, le: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${name}_bucket{`) && line.includes(`le="${le}"`));
  const bucket = (name: string, le: string) => named(name, le)?.split(' ').at(-1);
  expect(named('litellm_request_total_latency_metric', '0.1')).toContain(String.raw`a \"model\"`);
  expect(bucket('litellm_request_total_latency_metric', '0.025')).toBe('0');
  expect(bucket('litellm_request_total_latency_metric', '0.1')).toBe('1');
  expect(bucket('litellm_request_total_latency_metric', '300')).toBe('1');
  expect(bucket('litellm_request_total_latency_metric', '+Inf')).toBe('2');
  expect(bucket('litellm_overhead_latency_metric', '0.0005')).toBe('0');
  expect(bucket('litellm_overhead_latency_metric', '0.001')).toBe('1');
  expect(text).toContain('quartermaster_refusals_total{code="budget_exceeded"} 1\n');
});

test('requests are counted by status, and refused ones by reason, under the names of LiteLLM', async () => {
  const meters = createCallMeters();
  meters.ended('gpt-4o', 100, 99, false);
  meters.ended('gpt-4o', 100, 99, true);
  meters.refused('request_limit_reached');
  meters.refused('budget_exceeded');
  const text = await createProcessMetrics(meters, () => 3)();
  for (const line of [
    'litellm_proxy_total_requests_metric_total{requested_model="gpt-4o",status_code="200"} 1',
    'litellm_proxy_total_requests_metric_total{requested_model="",status_code="429"} 2',
    'litellm_proxy_failed_requests_metric_total{exception_status="429",exception_class="budget_exceeded"} 1',
    'litellm_in_flight_requests 3',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('spend, requests and what is left of budgets have the names that LiteLLM gives them', async () => {
  const team = await qm.team({ ...BY_COST, alias: 'Acme', credits: 100n * CREDIT });
  const subject = { kind: 'team', teamId: team.id } as const;
  const budget = { set: 'budget', duration: null, model: null, maxNanoUsd: 10n * USD } as const;
  await changeCeilings(qm.stores, SYSTEM, subject, [budget]);
  await use(qm, team, 3n * CREDIT);
  await qm.drain();
  const registry = new Registry();
  addUsageMetrics(registry, await qm.stores.records.totals.figures(1, new Date()));
  const text = await registry.metrics();
  const labels = `team="${team.id}",team_alias="Acme"`;
  const ofBudget = `team="${team.id}",team_id="${team.id}",team_alias="Acme"`;
  for (const line of [
    `litellm_requests_metric_total{${labels},model="gpt-4o"} 1`,
    `litellm_spend_metric_total{${labels},model="gpt-4o"} 3`,
    `quartermaster_credits_charged_total{${labels},model="gpt-4o"} 3`,
    `litellm_remaining_team_budget_metric{${ofBudget}} 7`,
    `litellm_team_max_budget_metric{${ofBudget}} 10`,
    `quartermaster_team_credits{${labels}} 97`,
    `litellm_team_members_metric{${labels}} 0`,
    // Of two teams the one that used less is in no metric.
    'quartermaster_metrics_teams_left_out 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('budgets of organizations and keys are told with the hours until they are full again', async () => {
  const team = await qm.team({ ...BY_COST, credits: 100n * CREDIT });
  const daily = { set: 'budget', duration: '1d', model: null, maxNanoUsd: 8n * USD } as const;
  const { keyId } = team;
  const { organizationId = '' } = (await qm.stores.records.teams.find(team.id)) ?? {};
  for (const subject of [
    { kind: 'organization', organizationId },
    { kind: 'key', keyId },
  ] as const) {
    await changeCeilings(qm.stores, SYSTEM, subject, [daily]);
  }
  await use(qm, team, 2n * CREDIT);
  await qm.drain();
  const figures = await qm.stores.records.totals.figures(1_000, new Date());
  const registry = new Registry();
  addUsageMetrics(registry, figures);
  const text = await registry.metrics();
  const valueOf = (name: string, label: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name}{`) && line.includes(label))
        ?.split(' ')
        .at(-1),
    );
  for (const [name, label] of [
    ['org', `org_id="${organizationId}"`],
    ['api_key', `hashed_api_key="${keyId}"`],
  ] as const) {
    expect(valueOf(`litellm_${name}_max_budget_metric`, label)).toBe(8);
    const hours = valueOf(`litellm_${name}_budget_remaining_hours_metric`, label);
    expect([hours > 0, hours <= 24]).toEqual([true, true]);
  }
  // The organization's other teams have called, too.
  expect(valueOf('litellm_remaining_api_key_budget_metric', keyId)).toBe(6);
  expect(valueOf('litellm_remaining_org_budget_metric', organizationId)).toBeLessThanOrEqual(6);
  expect(figures.budgetsLeftOut).toBe(0);
  expect(text).toContain('quartermaster_metrics_budgets_left_out 0\n');
});
