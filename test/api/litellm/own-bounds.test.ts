// Nobody lifts what bounds them, by whatever route.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door, Told } from '../door.ts';
import { openTenants } from '../tenants.ts';
import type { Tenants } from '../tenants.ts';

let door: Door;
let tenants: Tenants;
beforeAll(async () => {
  door = await openDoor();
  tenants = await openTenants(door);
});
afterAll(async () => door.close());

type Who = Parameters<Tenants['credentials']['get']>[0];

const asKey = async (key: string, method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, path, body, { authorization: `Bearer ${key}` });
const as = async (who: Who, method: string, path: string, body?: unknown): Promise<Told> =>
  asKey(tenants.credentials.get(who) ?? '', method, path, body);

async function newKey(fields: object): Promise<{ readonly key: string; readonly token: string }> {
  const made = await door.ask('POST', '/key/generate', { team_id: 'acme-prod', ...fields });
  return made.json;
}

test('a member renews their key, and changes nothing of what it may with that', async () => {
  const { key, token } = await newKey({ user_id: 'mate@acme', max_budget: 1, models: ['gpt-4o'] });
  const changes = [
    { max_budget: 1_000 },
    { max_budget: null },
    { models: ['*'] },
    { duration: '-1' },
    { allowed_routes: [] },
    { budget_id: '' },
    { metadata: {} },
  ];
  for (const change of changes) {
    const told = await asKey(key, 'POST', '/key/regenerate', { key, ...change });
    expect([change, told.status]).toEqual([change, 403]);
  }
  const renewed = await asKey(key, 'POST', `/key/${token}/regenerate`, { grace_period: '1h' });
  expect(renewed.json).toMatchObject({ token, max_budget: 1, models: ['gpt-4o'] });
  const byLead = { key: (await newKey({})).key, tpm_limit: 7 };
  expect((await as('team_admin', 'POST', '/key/regenerate', byLead)).json.tpm_limit).toBe(7);
});

test('who may change keys, and bounds of people not, lifts no bound of a key', async () => {
  const granted = await door.ask('POST', '/api/keys/create', {
    team_id: 'acme-prod',
    permissions: ['key.change', 'key.rotate'],
  });
  const { key } = await newKey({ max_parallel_requests: 1 });
  for (const bound of [{ max_parallel_requests: 9 }, { budget_id: 'large' }, { tpm_limit: 9 }]) {
    for (const path of ['/key/update', '/key/regenerate']) {
      const told = await asKey(granted.json.virtual_key, 'POST', path, { key, ...bound });
      expect([path, bound, told.status]).toEqual([path, bound, 403]);
    }
  }
  const { json } = await asKey(granted.json.virtual_key, 'POST', '/key/bulk_update', {
    keys: [
      { key, max_budget: 9 },
      { key, budget_id: 'large' },
      { key, tags: ['blue'] },
    ],
  });
  expect([json.failed_updates.length, json.successful_updates.length]).toEqual([2, 1]);
});

test('a key that is confined to some endpoints gets hold of no other key of its owner', async () => {
  const confined = await newKey({ user_id: 'boss@acme', allowed_routes: ['/v1/embeddings'] });
  const free = await newKey({ user_id: 'boss@acme' });
  for (const path of [`/api/keys/${free.token}/rotate`, `/key/${free.token}/regenerate`]) {
    expect([path, (await asKey(confined.key, 'POST', path)).status]).toEqual([path, 403]);
  }
  const listed = await asKey(confined.key, 'GET', '/key/list');
  expect(listed.json.keys).toEqual([confined.token]);
  const renewed = await asKey(confined.key, 'POST', `/key/${confined.token}/regenerate`);
  expect(renewed.json.token).toBe(confined.token);
});

test('a confined key that may make keys makes none of its owner', async () => {
  const made = await door.ask('POST', '/api/keys/create', {
    team_id: 'acme-prod',
    user_id: 'boss@acme',
    endpoints: ['chat'],
    permissions: ['key.create'],
  });
  const wish = { team_id: 'acme-prod', user_id: 'boss@acme' };
  const told = await asKey(made.json.virtual_key, 'POST', '/key/generate', wish);
  expect([made.status, told.status]).toEqual([200, 403]);
});

test('keys of teams without limits are made by whoever runs this system alone', async () => {
  const free = await door.ask('POST', '/key/generate', {
    organization_id: 'acme',
    user_id: 'mate@acme',
  });
  const key = await door.stores.records.keys.find(free.json.token);
  const wish = { team_id: key?.teamId };
  const asked = [
    await as('organization_admin', 'POST', '/key/generate', wish),
    await as('organization_admin', 'POST', '/key/service-account/generate', wish),
    await as('organization_admin', 'POST', '/api/keys/create', wish),
    await as('organization_admin', 'POST', `/api/keys/${free.json.token}/rotate`),
  ];
  expect(asked.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  const own = await asKey(free.json.key, 'POST', `/key/${free.json.token}/regenerate`);
  expect(own.status).toBe(200);
});

test('a key that may change people makes nobody an admin, and opens no routes to members', async () => {
  const made = await door.ask('POST', '/api/keys/create', {
    team_id: 'acme-prod',
    permissions: ['team.people.change', 'team.change'],
  });
  const ask = async (method: string, path: string, body: object): Promise<number> =>
    (await asKey(made.json.virtual_key, method, path, { team_id: 'acme-prod', ...body })).status;
  const admin = { user_id: 'eve@acme', role: 'admin' };
  const members = '/api/teams/acme-prod/members';
  const inPath = async (method: string, path: string, body: object): Promise<number> =>
    (await asKey(made.json.virtual_key, method, path, body)).status;
  const refused = [
    await ask('POST', '/team/member_add', { member: admin }),
    await ask('POST', '/team/bulk_member_add', { members: [admin] }),
    await ask('POST', '/team/member_update', { user_id: 'mate@acme', role: 'admin' }),
    await ask('POST', '/team/permissions_update', { team_member_permissions: ['/key/generate'] }),
    await ask('POST', '/team/update', { team_member_permissions: ['/key/generate'] }),
    await inPath('POST', members, { ...admin, create_user: true }),
    await inPath('PUT', `${members}/mate@acme`, { role: 'admin' }),
  ];
  expect(refused).toEqual(refused.map(() => 403));
  const joined = { member: { user_id: 'eve@acme', role: 'user' } };
  expect(await ask('POST', '/team/member_add', joined)).toBe(200);
});
