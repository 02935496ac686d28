// The documented requests, word for word, in the order in which a client is brought on board.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import { callOnce } from './one-call.ts';

let door: Door;
const keys: string[] = [];
const laterAnswers: string[] = [];

beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

async function later(method: string, path: string, body?: unknown) {
  const told = await door.ask(method, path, body);
  laterAnswers.push(told.text);
  expect([method, path, told.status]).toEqual([method, path, 200]);
  return told;
}

describe('the documented flow', () => {
  it('creates an organization', async () => {
    const told = await door.ask(
      'POST',
      '/api/organizations/create',
      `{
    "organization_id": "org_newclient",
    "name": "New Client Inc"
  }`,
    );
    expect(told.status).toBe(200);
    expect(told.json).toMatchObject({
      organization_id: 'org_newclient',
      name: 'New Client Inc',
      status: 'active',
      metadata: {},
      default_team: { team_id: 'org_newclient_default', credits_remaining: 0 },
    });
  });

  it('creates a production and a development team, each with a key of its own', async () => {
    const production = await door.ask(
      'POST',
      '/api/teams/create',
      `{
    "organization_id": "org_newclient",
    "team_id": "newclient-prod",
    "team_alias": "Production",
    "access_groups": ["gpt-models"],
    "credits_allocated": 1000
  }`,
    );
    expect(production.status).toBe(200);
    expect(production.json).toMatchObject({
      team_id: 'newclient-prod',
      organization_id: 'org_newclient',
      team_alias: 'Production',
      credits_allocated: 1000,
      credits_remaining: 1000,
      credits_used: 0,
      status: 'active',
      access_groups: ['gpt-models'],
      allowed_model_aliases: ['gpt-4o', 'gpt-4o-mini'],
      budget_mode: 'job_based',
    });
    expect(production.json.virtual_key).toMatch(/^sk-[0-9a-f]{48}$/);
    const development = await door.ask(
      'POST',
      '/api/teams/create',
      `{
    "organization_id": "org_newclient",
    "team_id": "newclient-dev",
    "team_alias": "Development",
    "access_groups": ["gpt-models"],
    "credits_allocated": 500
  }`,
    );
    expect(development.json).toMatchObject({ credits_remaining: 500, status: 'active' });
    keys.push(production.json.virtual_key, development.json.virtual_key);
    expect(new Set(keys).size).toBe(2);
  });

  it('shows all teams and one team, with the key masked', async () => {
    const all = await later('GET', '/api/teams');
    expect(all.json.map((team: { team_id: string }) => team.team_id)).toEqual([
      'newclient-dev',
      'newclient-prod',
      'org_newclient_default',
    ]);
    const one = await later('GET', '/api/teams/newclient-prod');
    expect(one.json).toMatchObject({
      team_id: 'newclient-prod',
      virtual_key: `sk-…${keys[0]?.slice(-4)}`,
      usage_summary: { total_jobs: 0, total_cost_usd: 0 },
    });
    expect(new Date(one.json.created_at).getTime()).toBeGreaterThan(0);
  });

  it('adds credits, with and without a description', async () => {
    const described = await later(
      'POST',
      '/api/credits/add',
      `{
    "team_id": "newclient-prod",
    "amount": 500,
    "description": "Monthly credit top-up"
  }`,
    );
    expect(described.json).toMatchObject({
      team_id: 'newclient-prod',
      credits_added: 500,
      credits_remaining: 1500,
      transaction: { reason: 'Monthly credit top-up', credits_before: 1000, credits_after: 1500 },
    });
    const bare = await later(
      'POST',
      '/api/credits/add',
      `{
  "team_id": "newclient-prod",
  "amount": 500
}`,
    );
    expect(bare.json).toMatchObject({ credits_remaining: 2000, repeated: false });
  });

  it('tells the balance in both families of routes', async () => {
    const balance = await later('GET', '/api/credits/balance?team_id=newclient-prod');
    expect(balance.json).toMatchObject({
      team_id: 'newclient-prod',
      credits_remaining: 2000,
      credits_allocated: 2000,
      credits_used: 0,
      credits_reserved: 0,
      percentage_used: 0,
      status: 'active',
    });
    const other = await later('GET', '/api/credits/teams/newclient-prod/balance');
    expect(other.json).toEqual(balance.json);
  });

  it('changes access groups, name and metadata', async () => {
    const groups = await later(
      'PUT',
      '/api/teams/newclient-prod',
      `{
    "access_groups": ["gpt-models", "claude-models", "gemini-models"]
  }`,
    );
    expect(groups.json.allowed_model_aliases).toContain('gemini-pro');
    const told = await later(
      'PUT',
      '/api/teams/newclient-prod',
      `{
    "team_alias": "ACME Production (Updated)",
    "access_groups": ["gpt-models", "claude-models"],
    "metadata": {
      "environment": "production",
      "contact": "tech@acme.com"
    }
  }`,
    );
    expect(told.status).toBe(200);
    const one = await later('GET', '/api/teams/newclient-prod');
    expect(one.json).toMatchObject({
      team_alias: 'ACME Production (Updated)',
      access_groups: ['gpt-models', 'claude-models'],
      metadata: { environment: 'production', contact: 'tech@acme.com' },
    });
  });

  it('suspends and resumes on an empty body, twice without harm', async () => {
    for (const changed of [true, false]) {
      const told = await later('POST', '/api/teams/newclient-prod/suspend');
      expect(told.json).toMatchObject({
        team_id: 'newclient-prod',
        status: 'suspended',
        message: "Team 'newclient-prod' has been suspended",
        changed,
      });
    }
    const resumed = await later('POST', '/api/teams/newclient-prod/resume');
    expect(resumed.json).toMatchObject({ status: 'active', changed: true });
    const paused = await later('PUT', '/api/teams/newclient-prod/pause', { reason: 'Holidays' });
    expect(paused.json.status).toBe('paused');
    const one = await later('GET', '/api/teams/newclient-prod');
    expect(one.json).toMatchObject({ status: 'paused', status_reason: 'Holidays' });
    await later('PUT', '/api/teams/newclient-prod/resume');
  });

  it('tells usage of a month that was empty', async () => {
    const told = await later('GET', '/api/teams/newclient-prod/usage?period=2024-10');
    expect(told.json).toEqual({
      team_id: 'newclient-prod',
      period: '2024-10',
      summary: {
        total_jobs: 0,
        successful_jobs: 0,
        failed_jobs: 0,
        total_cost_usd: 0,
        total_tokens: 0,
        credits_used: 0,
        avg_cost_per_job: 0,
      },
      by_job_type: {},
      job_types: {},
      by_model: {},
    });
  });

  it('tells usage of a call at once, though it is drained only after the question', async () => {
    const drain = await callOnce(door, {
      secretKey: keys[0] ?? '',
      model: 'gpt-4o',
      jobType: 'chat_session',
      costNanoUsd: 45_670_000n,
    });
    const asked = later('GET', '/api/teams/newclient-prod/usage');
    await drain();
    const { json } = await asked;
    expect(json.summary).toEqual({
      total_jobs: 1,
      successful_jobs: 1,
      failed_jobs: 0,
      total_cost_usd: 0.04567,
      total_tokens: 120,
      credits_used: 1,
      avg_cost_per_job: 0.04567,
    });
    expect(json.by_job_type).toEqual({ chat_session: 1 });
    expect(json.by_model).toMatchObject({ 'gpt-4o': { calls: 1, input_tokens: 100 } });
    const today = await later(
      'GET',
      `/api/teams/newclient-prod/usage?period=${new Date().toISOString().slice(0, 10)}`,
    );
    expect(today.json.summary.total_jobs).toBe(1);
    const one = await later('GET', '/api/teams/newclient-prod');
    expect(one.json.usage_summary).toEqual({ total_jobs: 1, total_cost_usd: 0.04567 });
    expect(one.json).toMatchObject({ credits_used: 1, credits_remaining: 1999 });
    expect(one.json.credits).toMatchObject({
      credits_allocated: 2000,
      credits_remaining: 1999,
      budget_mode: 'job_based',
      cost_markup_percentage: 0,
      auto_refill: false,
      refill_amount: null,
      last_refill_at: null,
    });
  });

  it('lists every movement of credits, adding up to the balance', async () => {
    const told = await later('GET', '/api/credits/transactions?team_id=newclient-prod');
    const amounts: number[] = told.json.transactions.map((one: { amount: number }) => one.amount);
    expect(amounts).toEqual([-1, 500, 500, 1000]);
    expect(told.json.transactions[0]).toMatchObject({ type: 'deduction', balance_after: 1999 });
    const other = await later('GET', '/api/credits/teams/newclient-prod/transactions?limit=1');
    expect(other.json.transactions).toMatchObject([
      {
        transaction_type: 'deduction',
        credits_amount: 1,
        credits_before: 2000,
        credits_after: 1999,
      },
    ]);
  });

  it('shows the organization with its teams', async () => {
    const all = await later('GET', '/api/organizations');
    expect(all.json).toMatchObject([{ organization_id: 'org_newclient' }]);
    const one = await later('GET', '/api/organizations/org_newclient');
    expect(one.json).toMatchObject({
      team_count: 3,
      default_team: null,
      usage_summary: { total_jobs: 1, total_cost_usd: 0.04567, credits_used: 1 },
    });
    const teams = await later('GET', '/api/organizations/org_newclient/teams');
    expect(teams.json.teams[1]).toMatchObject({ credits_allocated: 2000, credits_remaining: 1999 });
  });

  it('never shows a key again, and logs none', () => {
    expect(laterAnswers.length).toBeGreaterThan(20);
    for (const key of keys) {
      expect(laterAnswers.join('\n')).not.toContain(key);
      expect(door.logged()).not.toContain(key);
    }
  });
});
