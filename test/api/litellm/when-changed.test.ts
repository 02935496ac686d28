// When something was changed last, as both dialects tell it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
const OLD = new Date('2026-01-01T00:00:00.000Z');
const made = { key: '', other: '' };

beforeAll(async () => {
  door = await openDoor();
  await post('/organization/new', { organization_id: 'acme', organization_alias: 'Acme' });
  await post('/user/new', { user_id: 'ann', organizations: ['acme'], auto_create_key: false });
  await post('/team/new', { team_id: 'red', organization_id: 'acme' });
  const keyOf = async (key_alias: string): Promise<string> =>
    (await post('/key/generate', { team_id: 'red', key_alias })).json.token;
  made.key = await keyOf('first');
  made.other = await keyOf('second');
  const data = { createdAt: OLD, updatedAt: OLD };
  const { organization, user, team, virtualKey } = door.postgres;
  await organization.updateMany({ data });
  await user.updateMany({ data });
  await team.updateMany({ data });
  await virtualKey.updateMany({ data });
});
afterAll(async () => door.close());

const post = async (path: string, body: object) => door.ask('POST', path, body);
const get = async (path: string) => (await door.ask('GET', path)).json;

test.each<
  [string, () => Promise<{ created_at: string; updated_at: string }>, () => Promise<unknown>]
>([
  [
    'an organization',
    async () => get('/organization/info?organization_id=acme'),
    async () =>
      door.ask('PATCH', '/organization/update', {
        organization_id: 'acme',
        organization_alias: 'A',
      }),
  ],
  [
    'an organization of the other dialect',
    async () => get('/api/organizations/acme'),
    async () => door.ask('PUT', '/api/organizations/acme', { name: 'Again' }),
  ],
  [
    'a person',
    async () => get('/v2/user/info?user_id=ann'),
    async () => post('/user/update', { user_id: 'ann', user_alias: 'Ann' }),
  ],
  [
    'a team',
    async () => (await get('/team/info?team_id=red')).team_info,
    async () => post('/team/update', { team_id: 'red', team_alias: 'Red' }),
  ],
  [
    'a team of the other dialect',
    async () => get('/api/teams/red'),
    async () => door.ask('PUT', '/api/teams/red', { team_alias: 'Again' }),
  ],
  [
    'a key',
    async () => (await get(`/key/info?key=${made.key}`)).info,
    async () => post('/key/update', { key: made.key, key_alias: 'renamed' }),
  ],
])('of %s it is told', async (_, read, change) => {
  const before = await read();
  await change();
  const after = await read();
  expect(after.created_at).toBe(OLD.toISOString());
  expect(Date.parse(after.updated_at)).toBeGreaterThan(Date.parse(before.created_at));
  // What did not change since keeps its moment.
  expect((await read()).updated_at).toBe(after.updated_at);
});

test('a change answers it as it is from then on', async () => {
  const told = await door.ask('PUT', '/api/teams/red', { team_alias: 'Once more' });
  expect(told.json.updated_at).toBe((await get('/api/teams/red')).updated_at);
});

test('keys are listed in the order of their changes', async () => {
  await post('/key/update', { key: made.other, key_alias: 'last' });
  const list = async (order: string): Promise<string[]> =>
    (await get(`/key/list?team_id=red&sort_by=updated_at&sort_order=${order}`)).keys;
  expect((await list('desc'))[0]).toBe(made.other);
  expect(await list('asc')).toEqual((await list('desc')).toReversed());
});
