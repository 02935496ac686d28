// Routes that forgot to ask, elsewhere: here the tables of routes are walked, so that a new one is tried too.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { JOB_ROUTES } from '../../src/proxy/jobs/routes.ts';
import { ROUTES } from '../../src/proxy/server.ts';
import { answered, budgetFor, setCeilings, startField } from '../support/field-scene.ts';
import type { Field } from '../support/field-scene.ts';

let field: Field;
beforeAll(async () => {
  field = await startField();
});
afterAll(async () => field[Symbol.asyncDispose]());

/** How often any provider was asked. */
const asked = (): number => field.qm.provider.stats().calls + field.held.calls();

const modelFor = (path: string): string => {
  if (path.includes('messages')) {
    return 'claude';
  }
  return path.includes('embedding') ? 'text-embedding-3-small' : 'held';
};

const bodyFor = (path: string): object => ({
  model: modelFor(path),
  messages: [{ role: 'user', content: '{"input":40,"output":10}' }],
  prompt: 'hi',
  input: 'hi',
  max_tokens: 20,
  job_type: 'test',
});

const withoutExtras = (path: string): object => {
  const { model, messages, prompt, input, max_tokens } = bodyFor(path) as Record<string, unknown>;
  return path.includes('chat') || path.includes('messages')
    ? { model, messages, max_tokens }
    : { model, prompt, input, max_tokens };
};

test('other routes skip budgets: each route that reaches a provider asks the gate first', async () => {
  const { qm } = field;
  const team = await qm.team();
  const reaching = Object.entries(ROUTES).filter(([, route]) => route.method === 'POST');
  expect(reaching.length).toBeGreaterThanOrEqual(8);
  await setCeilings(qm, { kind: 'team', teamId: team.id }, budgetFor(0));
  for (const [path] of reaching) {
    const refused = await answered(qm.call(team.secretKey, withoutExtras(path), path));
    expect(refused, path).toMatchObject({ status: 429, code: 'budget_exceeded' });
  }
  expect(asked()).toBe(0);
});

test('other routes skip the status: no route of this door answers a suspended team', async () => {
  const { qm } = field;
  const team = await qm.team();
  await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'suspended' });
  for (const [path, { method }] of Object.entries(ROUTES)) {
    const request = fetch(qm.url + path, {
      method,
      headers: { authorization: `Bearer ${team.secretKey}` },
      ...(method === 'POST' ? { body: JSON.stringify(withoutExtras(path)) } : {}),
    });
    expect(await answered(request), path).toMatchObject({ status: 403, code: 'team_suspended' });
  }
  expect(asked()).toBe(0);
});

test('jobs skip budgets: no route of a job reaches a provider for a team whose budget is spent', async () => {
  const { qm } = field;
  const team = await qm.team();
  const ask = async (method: string, path: string, body: object) =>
    fetch(qm.url + path, {
      method,
      headers: { authorization: `Bearer ${team.secretKey}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
  const opening = { team_id: team.id, job_type: 'test' };
  const created = await ask('POST', '/api/jobs/create', opening);
  const { job_id: jobId } = (await created.json()) as { job_id: string };
  expect(jobId).toBeTruthy();
  await setCeilings(qm, { kind: 'team', teamId: team.id }, budgetFor(0));
  const calling = JOB_ROUTES.filter(
    ({ method, path }) => method === 'POST' && path.includes('call'),
  );
  expect(calling.length).toBeGreaterThanOrEqual(4);
  for (const { method, path: route } of calling) {
    const { model, messages } = bodyFor(route) as { model: string; messages: object[] };
    const isNew = route.includes('create');
    const body = { model, messages, max_tokens: 20, ...(isNew ? opening : {}) };
    const response = await ask(method, route.replace(':id', jobId), body);
    const text = await response.text();
    expect(response.status, `${route}: ${text}`).toBe(429);
    expect(text, route).toContain('Budget has been exceeded');
  }
  expect(asked()).toBe(0);
});
