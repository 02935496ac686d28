import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import { callOnce } from './one-call.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const wish = { organization_id: 'acme', team_id: 'acme-prod', access_groups: ['gpt-models'] };
  await door.ask('POST', '/api/teams/create', { ...wish, credits_allocated: 10 });
});
afterAll(async () => door.close());

it('is live and ready, told to anybody', async () => {
  const live = await door.askBare('GET', '/health/live');
  expect([live.status, live.json]).toEqual([200, { status: 'live' }]);
  const ready = await door.askBare('GET', '/health/ready');
  expect(ready.json).toEqual({ status: 'ready', parts: { records: 'up', gate: 'up' } });
  door.health.ok = false;
  const unready = await door.askBare('GET', '/health/ready');
  expect([unready.status, unready.json.parts.gate]).toEqual([503, 'down']);
  const front = await door.askBare('GET', '/');
  expect(front.text).toContain('/health/ready');
});

it('tells what usage does not hold yet while nobody drains', async () => {
  const wish = { organization_id: 'acme', team_id: 'busy', access_groups: ['gpt-models'] };
  const made = await door.ask('POST', '/api/teams/create', { ...wish, credits_allocated: 10 });
  const secretKey: string = made.json.virtual_key;
  const call = { secretKey, model: 'gpt-4o', jobType: 'chat', costNanoUsd: 1_000n };
  const drain = await callOnce(door, call);
  const before = await door.ask('GET', '/api/teams/busy/usage');
  expect(before.json).toMatchObject({ summary: { total_jobs: 0 }, credits_not_yet_counted: 1 });
  await drain();
  const after = await door.ask('GET', '/api/teams/busy/usage');
  expect(after.json.summary.total_jobs).toBe(1);
  expect(after.json).not.toHaveProperty('credits_not_yet_counted');
});

it('goes on from the ledger while the gate is away, and says so', async () => {
  door.gate.close();
  const added = await door.ask('POST', '/api/credits/add', { team_id: 'acme-prod', amount: 5 });
  expect(added.json).toMatchObject({ credits_added: 5, credits_remaining: 15, stale: true });
  const one = await door.ask('GET', '/api/teams/acme-prod');
  expect(one.json).toMatchObject({ credits_remaining: 15, stale: true });
  const teams: readonly { stale?: boolean }[] = (await door.ask('GET', '/api/teams')).json;
  expect(teams.length).toBeGreaterThan(1);
  expect(teams.filter(({ stale }) => stale !== true)).toEqual([]);
  expect((await door.ask('GET', '/api/teams/acme-prod/usage')).status).toBe(200);
});

it('does not again what is saved and waits for the gate', async () => {
  const suspend = async () =>
    door.ask('POST', '/api/teams/busy/suspend', undefined, { 'idempotency-key': 'late' });
  const first = await suspend();
  const again = await suspend();
  for (const told of [first, again]) {
    expect([told.status, told.json.code]).toEqual([503, 'not_yet_in_force']);
  }
  expect(again.headers.get('idempotent-replayed')).toBe('true');
});

it('refuses with 503 and Retry-After while Postgres is away', async () => {
  const nowhere = connectPostgres('postgres://nobody:nothing@127.0.0.1:1/none');
  const lame = await openDoor({ records: createRecords(nowhere) });
  try {
    for (const [method, path, body] of [
      ['GET', '/api/teams', undefined],
      ['POST', '/api/teams/acme-prod/suspend', undefined],
      ['POST', '/api/credits/add', { team_id: 'acme-prod', amount: 5 }],
    ] as const) {
      const told = await lame.ask(method, path, body);
      expect([told.status, told.json.code]).toEqual([503, 'records_unavailable']);
      expect(Number(told.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const page = await lame.askBare('GET', '/reveal/secret-of-a-link');
    expect(page.status).toBe(503);
    expect(page.text).toContain('cannot be reached');
    expect(lame.logged()).not.toContain('secret-of-a-link');
  } finally {
    await nowhere.$disconnect();
    await lame.close();
  }
});
