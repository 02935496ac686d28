// The same id or name at two customers are two things, and no field of a request reaches what is another's.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../../src/core/ids.ts';
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
type Headers = Readonly<Record<string, string>>;

const post = async (path: string, body?: unknown, headers: Headers = {}): Promise<Told> =>
  door.ask('POST', path, body, headers);
const bearer = (who: Who): Headers => ({
  authorization: `Bearer ${tenants.credentials.get(who)}`,
});

test('a team reaches no plan but its own, whatever its metadata says', async () => {
  await post('/budget/new', { budget_id: 'gold', max_budget: 5 });
  const spoofed = { team_member_budget_id: 'gold', _litellm: { team_member_budget_id: 'gold' } };
  const boss = bearer('organization_admin');
  const made = await post('/team/new', { organization_id: 'acme', metadata: spoofed }, boss);
  const saas = { organization_id: 'acme', team_id: 'acme-spoof', access_groups: [] };
  await post('/api/teams/create', { ...saas, metadata: spoofed }, boss);
  await door.ask('PUT', '/api/teams/acme-prod', { metadata: spoofed }, boss);
  await post('/team/update', { team_id: made.json.team_id, metadata: spoofed }, boss);
  for (const team_id of [made.json.team_id, 'acme-spoof', 'acme-prod']) {
    const told = await post('/team/update', { team_id, team_member_budget: 1_000 }, boss);
    expect([team_id, told.status]).toEqual([team_id, 200]);
    expect(told.json.data.metadata.team_member_budget_id).not.toBe('gold');
  }
  expect((await door.stores.records.plans.find('gold'))?.ceilings.budgets).toMatchObject([
    { maxNanoUsd: 5_000_000_000n },
  ]);
});

test('metadata that is replaced in one dialect keeps what the other keeps beside it', async () => {
  const { team_id } = (await post('/team/new', { team_member_budget: 7 })).json;
  const put = await door.ask('PUT', `/api/teams/${team_id}`, { metadata: { note: 'new' } });
  expect(put.json.metadata).toEqual({ note: 'new' });
  const { team_info: team } = (await door.ask('GET', `/team/info?team_id=${team_id}`)).json;
  expect(team.metadata).toMatchObject({ note: 'new' });
  expect(team.team_member_budget_table).toMatchObject({ max_budget: 7 });
});

test('an Idempotency-Key of a person is not that of their namesake at another customer', async () => {
  const keys = await Promise.all(
    ['acme-prod', 'rival-prod'].map(async (team_id) => {
      const body = { team_id, user_id: 'twin', create_user: true };
      return (await post('/api/keys/create', body)).json;
    }),
  );
  const told = await Promise.all(
    keys.map(async ({ virtual_key: key, key_id: id }) => {
      const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'same' };
      const rotated = await post(`/api/keys/${id}/rotate`, undefined, headers);
      return [rotated.status, rotated.json.key_id === id];
    }),
  );
  expect(told).toEqual([
    [200, true],
    [200, true],
  ]);
});

test('signing in is answered from no receipt, and no receipt tells a password by its digest', async () => {
  const person = { email: 'ops@acme.com', display_name: 'Ops', password: 'correct horse battery' };
  const setUp = await post('/api/admin-users/setup', person, { 'idempotency-key': 'setup' });
  const once = { 'idempotency-key': 'sign-in' };
  const { display_name: _name, ...account } = person;
  const first = await post('/api/admin-users/login', account, once);
  const again = await post('/api/admin-users/login', account, once);
  const wrong = { ...account, password: 'a wrong password' };
  const refused = await post('/api/admin-users/login', wrong, once);
  expect([setUp, first, again, refused].map(({ status }) => status)).toEqual([200, 200, 200, 401]);
  expect(again.json.access_token).not.toBe(first.json.access_token);
  const fingerprints = (await door.postgres.receipt.findMany()).map((row) => JSON.stringify(row));
  const plain = sha256(`POST /api/admin-users/setup\0${JSON.stringify(person)}`);
  expect(fingerprints).toEqual(fingerprints.map(() => expect.not.stringContaining(plain)));
});

test('a person who was deleted is back with their next key, at that customer alone', async () => {
  for (const team_id of ['acme-prod', 'rival-prod']) {
    await post('/key/generate', { team_id, user_id: 'leaver' });
  }
  await post('/user/delete', { user_ids: ['leaver'] });
  expect((await door.ask('GET', '/user/info?user_id=leaver')).status).toBe(404);
  await post('/key/generate', { team_id: 'rival-prod', user_id: 'leaver' });
  const info = await door.ask('GET', '/user/info?user_id=leaver');
  expect(info.json).toMatchObject({
    keys: [{ team_id: 'rival-prod' }],
    user_info: { organization_memberships: [{ organization_id: 'rival' }], teams: ['rival-prod'] },
  });
});

test('an alias is searched where the caller sees, and deletes nothing where two have it', async () => {
  const ids: string[] = [];
  for (const team_id of ['rival-prod', 'acme-prod']) {
    ids.push((await post('/api/keys/create', { team_id, name: 'deploy' })).json.key_id);
  }
  const both = await post('/key/delete', { key_aliases: ['deploy'] });
  expect([both.status, both.json.error.message]).toEqual([
    400,
    expect.stringContaining("More than one key has the alias 'deploy'"),
  ]);
  const own = await post('/key/delete', { key_aliases: ['deploy'] }, bearer('organization_admin'));
  expect(own.json).toEqual({ deleted_keys: ['deploy'] });
  const rows = await Promise.all(ids.map(async (id) => door.stores.records.keys.find(id)));
  expect(rows.map((key) => key?.status)).toEqual(['active', 'revoked']);
});

test('nobody learns by making a person who is known to another customer', async () => {
  await post('/user/new', {
    organizations: ['rival'],
    user_id: 'known',
    user_email: 'known@rival.com',
    auto_create_key: false,
  });
  const body = { organizations: ['acme'], user_id: 'known', user_email: 'known@rival.com' };
  const told = await post('/user/new', body, bearer('organization_admin'));
  expect([told.status, told.text]).toEqual([200, expect.not.stringContaining('"rival"')]);
  expect((await post('/user/new', body, bearer('organization_admin'))).status).toBe(409);
});

test('a team is told to each as far as they may know its keys and people', async () => {
  const paths = ['/team/info?team_id=acme-prod', '/team/list', '/v2/team/list', '/team/filter/ui'];
  const listed = await Promise.all(
    paths.map(async (path) => (await door.ask('GET', path, undefined, bearer('team_key'))).text),
  );
  expect(listed).toEqual(paths.map(() => expect.not.stringContaining('boss@acme')));
  const [team] = (await door.ask('GET', '/team/list', undefined, bearer('team_key'))).json;
  expect([team.keys.length, team.members_with_roles, team.team_memberships]).toEqual([1, [], []]);
  const info = await door.ask('GET', paths[0] ?? '', undefined, bearer('member'));
  const owners = info.json.keys.map((key: { user_id: string }) => key.user_id);
  expect(new Set(owners)).toEqual(new Set(['mate@acme']));
  expect(info.text).toContain('boss@acme');
  const lead = await door.ask('GET', paths[0] ?? '', undefined, bearer('team_admin'));
  expect(lead.json.keys.length).toBeGreaterThan(3);
});
