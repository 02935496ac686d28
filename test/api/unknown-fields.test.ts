// Fields that are not known: named in a header where the dialect passes them over, refused where it is ours. And
// routes that the other system has: all there, or with the reason why not.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { fieldsIn } from '../../src/api/openapi/schema.ts';
import { SAAS } from '../../src/api/saas/dialect.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';
import { sampleCall } from './sample-call.ts';
import { openTenants } from './tenants.ts';
import type { Tenants } from './tenants.ts';

let door: Door;
let tenants: Tenants;
beforeAll(async () => {
  door = await openDoor();
  tenants = await openTenants(door);
});
afterAll(async () => door.close());

const CHANGES = DIALECTS.flatMap((dialect) =>
  dialect.routes
    .filter(([method, , { body }]) => method !== 'GET' && fieldsIn(body) !== undefined)
    .map((route) => ({
      name: `${route[0]} ${route[1]}`,
      route,
      passes: route[2].isOwn !== true && dialect.passesUnknown.includes('body'),
    })),
);

describe('a field that is not known', () => {
  const answers = async (passes: boolean) => {
    const told = [];
    for (const { name, route } of CHANGES.filter((each) => each.passes === passes)) {
      const [method, path, endpoint] = route;
      const { url, body } = sampleCall(path, endpoint, tenants.own);
      const more = { ...(body as object), no_such_field: 1 };
      const answer = await door.ask(method, url, more);
      told.push({ name, answer });
    }
    return told;
  };

  test('is named in a header by every route that passes it over', async () => {
    const told = await answers(true);
    expect(told.length).toBeGreaterThan(50);
    const silent = told.filter(
      ({ answer }) =>
        answer.status < 400 &&
        answer.headers.get('x-quartermaster-warning')?.includes('no_such_field') !== true,
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(told.filter(({ answer }) => answer.status < 400).length).toBeGreaterThan(20);
  });

  test('is kept, and named where nothing here holds to it', async () => {
    const { teamId: team_id } = tenants.own;
    const hollow = {
      guardrails: ['pii'],
      enforced_params: ['user'],
      policies: [],
      auto_rotate: false,
    };
    const key = await door.ask('POST', '/key/generate', { team_id, ...hollow, max_budget: 1 });
    const warning = (told: Told) => told.headers.get('x-quartermaster-warning');
    expect(warning(key)).toBe('kept, and bind nothing: guardrails; enforced_params');
    expect(key.json.metadata).toMatchObject({ guardrails: ['pii'], enforced_params: ['user'] });
    const both = { team_id, router_settings: { num_retries: 1 }, tpm_limit: 5, no_such_field: 1 };
    expect(warning(await door.ask('POST', '/team/update', both))).toBe(
      'ignored: no_such_field. kept, and bind nothing: router_settings',
    );
    const bound = await door.ask('POST', '/key/generate', { team_id, models: [], tags: ['a'] });
    expect([bound.status, warning(bound)]).toEqual([200, null]);
  });

  test('is named where a route reads no body: it belongs into the query', async () => {
    const url = `/api/credits/teams/${tenants.own.teamId}/check`;
    const told = await door.ask('POST', url, { credits_needed: 500 });
    expect([told.status, told.headers.get('x-quartermaster-warning')]).toEqual([
      200,
      'ignored: credits_needed',
    ]);
  });

  test('is refused by every route of our own', async () => {
    const told = await answers(false);
    expect(told.filter(({ answer }) => answer.status !== 422).map(({ name }) => name)).toEqual([]);
  });
});

/** All routes of the other system's code and documents. */
const THEIRS = `
GET /api/organizations, POST /api/organizations/create, GET /api/organizations/:id, PUT /api/organizations/:id,
DELETE /api/organizations/:id, GET /api/organizations/:id/teams, GET /api/organizations/:id/usage,
PUT /api/organizations/:id/status, POST /api/organizations/:id/resume, GET /api/organizations/:id/costs,
GET /api/teams, POST /api/teams/create, GET /api/teams/:id, PUT /api/teams/:id, DELETE /api/teams/:id,
PUT /api/teams/:id/access-groups, PUT /api/teams/:id/model-groups, PATCH /api/teams/:id/markup,
PUT /api/teams/:id/suspend, POST /api/teams/:id/suspend, PUT /api/teams/:id/resume, POST /api/teams/:id/resume,
POST /api/teams/:id/pause, GET /api/teams/:id/usage, GET /api/teams/:id/jobs, GET /api/teams/:id/credits,
POST /api/teams/:id/credits/allocate, GET /api/teams/:id/credits/transactions,
POST /api/credits/add, GET /api/credits/balance, GET /api/credits/transactions, GET /api/credits/utilization,
GET /api/credits/trends, GET /api/credits/teams/:id/balance, POST /api/credits/teams/:id/add,
GET /api/credits/teams/:id/transactions, POST /api/credits/teams/:id/check, GET /api/credits/teams/:id/conversion-rates,
PATCH /api/credits/teams/:id/conversion-rates, PATCH /api/credits/teams/:id/budget-mode,
POST /api/credits/teams/:id/replenish, POST /api/credits/teams/:id/configure-auto-refill,
POST /api/models/create, GET /api/models, GET /api/models/:id, PUT /api/models/:id, DELETE /api/models/:id,
POST /api/model-aliases/create, GET /api/model-aliases, GET /api/model-aliases/:id, PUT /api/model-aliases/:id,
DELETE /api/model-aliases/:id, POST /api/model-access-groups/create, GET /api/model-access-groups,
GET /api/model-access-groups/:id, PUT /api/model-access-groups/:id, PUT /api/model-access-groups/:id/models,
POST /api/model-access-groups/:id/add-models, POST /api/model-access-groups/:id/remove-models,
DELETE /api/model-access-groups/:id, POST /api/provider-credentials/create, GET /api/provider-credentials,
GET /api/provider-credentials/:id, GET /api/provider-credentials/organization/:id,
GET /api/provider-credentials/organization/:id/provider/:provider, PUT /api/provider-credentials/:id,
DELETE /api/provider-credentials/:id, PUT /api/provider-credentials/:id/activate,
PUT /api/provider-credentials/:id/deactivate, POST /api/jobs/create, POST /api/jobs/:id/llm-call,
POST /api/jobs/:id/llm-call-stream, POST /api/jobs/:id/complete, POST /api/jobs/create-and-call,
POST /api/jobs/create-and-call-stream, GET /api/jobs/:id, PATCH /api/jobs/:id/metadata, GET /api/jobs/:id/costs,
GET /api/jobs/teams/:id, GET /api/jobs/teams/:id/:job, GET /api/jobs/organizations/:id/stats,
GET /api/jobs/organizations/:id/analytics, GET /api/stats/dashboard, GET /api/admin-users/setup/status,
POST /api/admin-users/setup, POST /api/admin-users/login, POST /api/admin-users/logout, GET /api/admin-users/me,
GET /api/admin-users, POST /api/admin-users, PUT /api/admin-users/:id, DELETE /api/admin-users/:id,
POST /api/admin-users/me/change-password, GET /api/admin-users/audit-logs, GET /health,
GET /api/jobs?external_task_id=, POST /api/webhooks/register`;

test('every route of SaaS LiteLLM is there, or has a reason', () => {
  const here = new Set([
    ...DIALECTS.flatMap(({ routes }) => routes.map(([method, path]) => `${method} ${path}`)),
    ...JOB_ROUTES.map(({ method, path }) => `${method} ${path}`),
    ...SAAS.notOffered.map(({ what }) => what),
  ]);
  const theirs = THEIRS.split(',').map((route) => route.trim());
  expect(theirs.length).toBeGreaterThan(90);
  expect(theirs.filter((route) => !here.has(route))).toEqual([]);
});

test('a stranger is told that the server is there, and staff beside what it serves', async () => {
  const alive = { status: 'healthy', service: 'saas-llm-api' };
  const stranger = await door.askBare('GET', '/health');
  expect([stranger.status, stranger.json]).toEqual([200, alive]);
  expect((await door.ask('GET', '/health')).json).toMatchObject({ ...alive, unhealthy_count: 0 });
});

test('the audit trail is listed with its actors, narrowed and page by page', async () => {
  await door.ask('POST', '/api/teams/acme-prod/suspend');
  await door.ask('POST', '/api/teams/acme-prod/resume');
  const path = '/api/admin-users/audit-logs';
  const told = await door.ask('GET', `${path}?resource_type=team&user_id=api:admin&limit=2`);
  expect(told.json).toHaveLength(2);
  expect(told.json[0]).toMatchObject({
    actor: 'api:admin',
    resource_type: 'team',
    resource_id: 'acme-prod',
  });
  const next = await door.ask('GET', `${path}?resource_type=team&limit=1&offset=1`);
  const behind = await door.ask(
    'GET',
    `${path}?resource_type=team&limit=1&before=${told.json[0].audit_id}`,
  );
  expect(next.json).toEqual([told.json[1]]);
  expect(behind.json).toEqual([told.json[1]]);
});
