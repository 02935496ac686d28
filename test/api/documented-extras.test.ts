// The routes that the documents have beside the first page: each as documented, on one team that has calls.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await ask('POST', '/api/organizations/create', {
    organization_id: 'acme',
    name: 'ACME',
    create_default_team: true,
    default_team_access_groups: ['gpt-models'],
  });
  await ask('POST', '/api/teams/create', {
    organization_id: 'acme',
    team_id: 'acme-prod',
    access_groups: ['gpt-models'],
    credits_allocated: 100,
  });
});
afterAll(async () => door.close());

const ask = async (method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, path, body);

describe('what a credit is worth', () => {
  const rates = '/api/credits/teams/acme-prod/conversion-rates';

  test('is told with what stands by default, and changed', async () => {
    expect((await ask('GET', rates)).json).toMatchObject({
      team_id: 'acme-prod',
      tokens_per_credit: 10_000,
      credits_per_dollar: 10,
      budget_mode: 'job_based',
      using_defaults: { tokens_per_credit: true, credits_per_dollar: true },
    });
    const told = await ask('PATCH', rates, { tokens_per_credit: 500, credits_per_dollar: null });
    expect(told.json).toMatchObject({
      tokens_per_credit: 500,
      credits_per_dollar: 10,
      message: 'Conversion rates updated successfully',
    });
    expect((await ask('GET', rates)).json.using_defaults.tokens_per_credit).toBe(false);
  });

  test.each([
    [{ tokens_per_credit: 0 }, 'tokens_per_credit must be a positive integer'],
    [{ tokens_per_credit: 1.5 }, 'tokens_per_credit must be a positive integer'],
    [{ credits_per_dollar: -1 }, 'credits_per_dollar must be a positive number'],
  ])('is not %j', async (body, detail) => {
    const told = await ask('PATCH', rates, body);
    expect([told.status, told.json.detail]).toEqual([400, detail]);
  });

  test('goes by the mode that is set, and by a markup', async () => {
    const path = '/api/credits/teams/acme-prod/budget-mode';
    const mode = await ask('PATCH', path, {
      budget_mode: 'consumption_usd',
      credits_per_dollar: 20,
    });
    expect(mode.json).toMatchObject({
      budget_mode: 'consumption_usd',
      credits_per_dollar: 20,
      message: 'Budget mode updated successfully',
    });
    const wrong = await ask('PATCH', path, { budget_mode: 'hard_limit' });
    expect([wrong.status, wrong.json.detail]).toEqual([
      400,
      'budget_mode must be one of: job_based, consumption_usd, consumption_tokens',
    ]);
    const markup = { cost_markup_percentage: 50 };
    expect((await ask('PATCH', '/api/teams/acme-prod/markup', markup)).json).toMatchObject(markup);
  });
});

describe('auto-refill', () => {
  const path = '/api/credits/teams/acme-prod/configure-auto-refill';

  test('is switched on and off', async () => {
    const wish = { enabled: true, refill_amount: 1000, refill_period: 'monthly' };
    expect((await ask('POST', path, wish)).json).toEqual({
      team_id: 'acme-prod',
      auto_refill_enabled: true,
      refill_amount: 1000,
      refill_period: 'monthly',
      last_refill_at: null,
      message: 'Auto-refill enabled successfully',
    });
    expect((await ask('POST', path, { enabled: false })).json).toMatchObject({
      auto_refill_enabled: false,
      message: 'Auto-refill disabled successfully',
    });
  });

  test.each([
    [
      { refill_amount: 5, refill_period: 'yearly' },
      "refill_period must be 'monthly', 'weekly', or 'daily'",
    ],
    [
      { refill_period: 'daily' },
      'refill_amount must be a positive integer when enabling auto-refill',
    ],
    [{ refill_amount: 5 }, 'refill_period must be specified when enabling auto-refill'],
  ])('is not switched on with %j', async (body, detail) => {
    const told = await ask('POST', path, { enabled: true, ...body });
    expect([told.status, told.json.detail]).toEqual([400, detail]);
  });
});

describe('a team', () => {
  test('gets its access groups from a bare list', async () => {
    const told = await ask('PUT', '/api/teams/acme-prod/access-groups', ['claude-models']);
    expect(told.json).toEqual({
      team_id: 'acme-prod',
      access_groups: ['claude-models'],
      allowed_model_aliases: ['claude-sonnet'],
      message: 'Model access groups assigned successfully',
    });
    const unknown = await ask('PUT', '/api/teams/acme-prod/access-groups', ['none']);
    expect([unknown.status, unknown.json.detail]).toEqual([
      404,
      "Model access group 'none' not found",
    ]);
  });

  test('that is deleted calls no more, and keeps its ledger', async () => {
    const team = {
      organization_id: 'acme',
      team_id: 'gone',
      access_groups: [],
      credits_allocated: 5,
    };
    await ask('POST', '/api/teams/create', team);
    const told = await ask('DELETE', '/api/teams/gone');
    expect(told.json).toEqual({ team_id: 'gone', message: "Team 'gone' deleted successfully" });
    expect((await ask('GET', '/api/credits/balance?team_id=gone')).json).toMatchObject({
      status: 'archived',
      credits_remaining: 5,
    });
  });

  test('that is the default of its organization stays', async () => {
    const told = await ask('DELETE', '/api/teams/acme_default');
    expect([told.status, told.json.detail]).toEqual([
      400,
      "Cannot delete default team 'acme_default'. Default teams are protected from deletion.",
    ]);
  });

  test('has credits under the other names of the documents', async () => {
    const added = await ask('POST', '/api/teams/acme-prod/credits/allocate', {
      credits_amount: 25,
      reason: 'Extra',
    });
    expect(added.json).toMatchObject({ credits_added: 25, credits_remaining: 125 });
    const balance = await ask('GET', '/api/teams/acme-prod/credits');
    expect(balance.json).toMatchObject({ credits_remaining: 125, credits_allocated: 125 });
    const lines = await ask('GET', '/api/teams/acme-prod/credits/transactions');
    expect(lines.json.transactions[0]).toMatchObject({ reason: 'Extra', credits_amount: 25 });
  });
});

describe('an organization', () => {
  test('is suspended and resumed by its status, and tells the one before', async () => {
    const set = async (status: string): Promise<Told> =>
      ask('PUT', '/api/organizations/acme/status', { status, reason: 'Overdue' });
    expect((await set('suspended')).json).toMatchObject({
      organization_id: 'acme',
      status: 'suspended',
      previous_status: 'active',
      reason: 'Overdue',
    });
    expect((await set('active')).json.previous_status).toBe('suspended');
    expect((await set('gone')).status).toBe(422);
  });

  test('has usage, costs, stats and analytics, empty while nobody called', async () => {
    const usage = await ask('GET', '/api/organizations/acme/usage?period=2026-11');
    expect(usage.json).toMatchObject({
      organization_id: 'acme',
      period: '2026-11',
      summary: { total_jobs: 0, completed_jobs: 0, failed_jobs: 0, credits_used: 0 },
      teams: {},
    });
    const costs = await ask(
      'GET',
      '/api/organizations/acme/costs?start_date=2026-11-01&end_date=2026-11-30',
    );
    expect(costs.json).toMatchObject({
      start_date: '2026-11-01',
      end_date: '2026-11-30',
      daily: [],
    });
    const stats = await ask('GET', '/api/jobs/organizations/acme/stats');
    expect(stats.json).toMatchObject({ organization_name: 'ACME', total_jobs: 0, top_teams: [] });
    const analytics = await ask('GET', '/api/jobs/organizations/acme/analytics');
    expect(analytics.json).toMatchObject({ total_spend: 0, daily_spend: [], top_models: [] });
  });

  test.each(['usage?period=x', 'costs?start_date=x', 'costs?end_date=2026-13-01'])(
    'refuses %s',
    async (path) => {
      const told = await ask('GET', `/api/organizations/acme/${path}`);
      expect([told.status, told.json.code]).toEqual([400, 'value_invalid']);
    },
  );
});

describe('jobs', () => {
  beforeAll(async () => {
    const keys = await door.stores.records.keys.ofTeam('acme-prod');
    for (let at = 0; at < 5; at += 1) {
      await door.stores.records.jobs.insert({
        id: `job-${at}`,
        teamId: 'acme-prod',
        organizationId: 'acme',
        keyId: keys[0]?.id ?? '',
        userId: null,
        jobType: at === 0 ? 'analysis' : 'chat',
        metadata: { at },
        // Two were made in one moment.
        createdAt: new Date(Date.UTC(2026, 10, 1 + Math.min(at, 3))),
        expiresAt: new Date(Date.UTC(2026, 11, 1)),
      });
    }
  });

  test('come page by page, and by what is asked for', async () => {
    const first = await ask('GET', '/api/jobs/teams/acme-prod?page_size=2');
    expect(first.json).toMatchObject({ total: 5, page: 1, page_size: 2, total_pages: 3 });
    expect(first.json.jobs.map((job: { job_id: string }) => job.job_id)).toEqual([
      'job-4',
      'job-3',
    ]);
    const next = await ask(
      'GET',
      `/api/jobs/teams/acme-prod?page_size=2&after=${first.json.next_after}`,
    );
    const second = await ask('GET', '/api/jobs/teams/acme-prod?page_size=2&page=2');
    expect(next.json.jobs).toEqual(second.json.jobs);
    const nowhere = await ask('GET', '/api/jobs/teams/acme-prod?after=of-nobody');
    expect(nowhere.json).toMatchObject({ jobs: [], total: 5 });
    const one = await ask(
      'GET',
      '/api/jobs/teams/acme-prod?status=Pending&job_type=analysis&start_date=2026-11-01&end_date=2026-11-01&job_id_filter=ob-0',
    );
    expect(one.json).toMatchObject({ total: 1, jobs: [{ job_id: 'job-0', total_calls: 0 }] });
    const wrong = await ask('GET', '/api/jobs/teams/acme-prod?status=odd');
    expect(wrong.json.detail).toMatch(
      /^Invalid status: odd\. Must be one of: pending, in_progress/,
    );
  });

  test('are told one by one', async () => {
    const one = await ask('GET', '/api/jobs/teams/acme-prod/job-0');
    expect(one.json).toMatchObject({ job: { job_id: 'job-0', status: 'PENDING' }, calls: [] });
    const none = await ask('GET', '/api/jobs/teams/acme-prod/job-9');
    expect([none.status, none.json.detail]).toEqual([
      404,
      "Job 'job-9' not found for team 'acme-prod'",
    ]);
  });

  test('tell what each call was for, and how many were made again', async () => {
    const [key] = await door.stores.records.keys.ofTeam('acme-prod');
    const at = new Date(door.stores.clock());
    const whose = { teamId: 'acme-prod', organizationId: 'acme', keyId: key?.id ?? '' };
    const used = { inputTokens: 1n, outputTokens: 1n, costNanoUsd: 1n, charge: 0n };
    const calls = Array.from({ length: 5 }, () => newId()).sort();
    await door.postgres.usageEvent.createMany({
      data: calls.map((id) => ({
        ...whose,
        ...used,
        id,
        model: 'gpt-4o',
        deployment: '',
        jobType: 'chat',
        outcome: 'completed',
        startedAt: at,
        endedAt: at,
        jobId: 'job-1',
      })),
    });
    for (const [index, purpose] of ['read', 'sum', 'read'].entries()) {
      await door.stores.records.jobs.notePurpose({
        jobId: 'job-1',
        callId: calls[index] ?? '',
        organizationId: 'acme',
        purpose,
        createdAt: at,
      });
    }
    const told = await ask('GET', '/api/jobs/teams/acme-prod/job-1');
    expect(told.json.calls.map((call: { purpose: string | null }) => call.purpose)).toEqual([
      'read',
      'sum',
      'read',
      null,
      null,
    ]);
    expect(told.json.job).toMatchObject({ total_calls: 5, retry_count: 2 });
  });

  test('are in the older list', async () => {
    const list = await ask('GET', '/api/teams/acme-prod/jobs?limit=2&offset=1&status=pending');
    expect(list.json).toMatchObject({ team_id: 'acme-prod', total: 5 });
    expect(list.json.jobs).toHaveLength(2);
  });
});

describe('figures over all teams', () => {
  test('are on the dashboard', async () => {
    const told = await ask('GET', '/api/stats/dashboard');
    expect(told.json).toMatchObject({ organizations: 1, modelGroups: 3, creditsUsed: 0 });
    expect(told.json.totalCredits).toBe(told.json.creditsRemaining);
  });

  test('say who needs credits, and how long they will last', async () => {
    const all = await ask('GET', '/api/credits/utilization');
    expect(all.json.by_status).toMatchObject({ warning: 0, critical: 0 });
    expect(all.json.summary.total_used).toBe(0);
    const trend = await ask('GET', '/api/credits/trends?team_id=acme-prod&days=7');
    expect(trend.json).toMatchObject({ days: 7, estimated_days_remaining: null });
  });
});
