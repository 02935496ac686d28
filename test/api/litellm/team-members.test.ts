// The people of a team in LiteLLM's dialect, and what else happens to one: what is told of it, its state, its models.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDoor } from '../door.ts';
import type { Door } from '../door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

const post = async (path: string, body?: unknown) => door.ask('POST', path, body);
const get = async (path: string) => door.ask('GET', path);

async function newTeam(body: object = {}): Promise<string> {
  const made = await post('/team/new', body);
  expect([made.status, made.text]).toEqual([200, expect.anything()]);
  return made.json.team_id as string;
}

async function infoOf(teamId: string) {
  return (await get(`/team/info?team_id=${teamId}`)).json;
}

describe('members', () => {
  test('join one by one or several at once, by id or by e-mail', async () => {
    const team_id = await newTeam();
    const one = await post('/team/member_add', {
      team_id,
      member: { role: 'user', user_id: 'krrish247652@berri.ai' },
      max_budget_in_team: 2,
    });
    expect(one.json).toMatchObject({
      team_id,
      updated_users: [{ user_id: 'krrish247652@berri.ai', teams: [team_id] }],
      updated_team_memberships: [
        { team_id, user_id: 'krrish247652@berri.ai', litellm_budget_table: { max_budget: 2 } },
      ],
    });
    const several = await post('/team/member_add', {
      team_id,
      member: [
        { role: 'user', user_id: 'krrish247652@berri.ai' },
        { role: 'admin', user_email: 'lea@acme.com' },
      ],
    });
    expect(several.status).toBe(200);
    const { team_info: team } = await infoOf(team_id);
    expect(team.members_with_roles).toEqual(
      expect.arrayContaining([
        { user_id: 'krrish247652@berri.ai', user_email: null, role: 'user' },
        { user_id: expect.any(String), user_email: 'lea@acme.com', role: 'admin' },
      ]),
    );
  });

  test('are not added twice', async () => {
    const team_id = await newTeam({ members_with_roles: [{ role: 'user', user_id: 'ann' }] });
    const member = { role: 'user', user_id: 'ann' };
    const twice = await post('/team/member_add', { team_id, member });
    expect([twice.status, twice.json.error]).toMatchObject([
      400,
      { type: 'team_member_already_in_team', param: 'member', code: '400' },
    ]);
    expect(twice.json.error.message).toContain('User already in team. Member: user_id=ann');
    const all = await post('/team/member_add', { team_id, member: [member, member] });
    expect(all.json.error.message).toContain('All users are already in team.');
  });

  test('are refused in the words of LiteLLM', async () => {
    const team_id = await newTeam();
    await newTeam({
      members_with_roles: [{ role: 'user', user_id: 'x', user_email: 'x@acme.com' }],
    });
    const add = async (member: object) => post('/team/member_add', { team_id, member });
    const cases = [
      [await add({ role: 'user' }), 400, 'Either user_id or user_email must be provided'],
      [
        await add({ role: 'user', user_id: 'y', user_email: 'x@acme.com' }),
        400,
        "user_email 'x@acme.com' and user_id 'y' do not belong to the same user.",
      ],
      [
        await post('/team/member_add', {
          team_id: 'nowhere',
          member: { role: 'user', user_id: 'y' },
        }),
        404,
        'Team not found for team_id=nowhere',
      ],
      [await post('/team/member_delete', { user_id: 'y' }), 400, 'No team id passed in'],
      [
        await post('/team/member_delete', { team_id }),
        400,
        'Either user_id or user_email needs to be passed in',
      ],
      [
        await post('/team/member_delete', { team_id, user_id: 'nobody' }),
        400,
        'User not found in team',
      ],
      [
        await post('/team/member_delete', { team_id: 'nowhere', user_id: 'y' }),
        400,
        'Team id=nowhere does not exist in db',
      ],
      [
        await post('/team/bulk_member_add', { team_id, members: [] }),
        400,
        'At least one member is required',
      ],
    ] as const;
    for (const [told, status, words] of cases) {
      const { detail, error } = told.json;
      expect([told.status, detail?.error ?? error?.message]).toEqual([
        status,
        expect.stringContaining(words),
      ]);
    }
  });

  test('are added in bulk, all of them or none', async () => {
    const team_id = await newTeam();
    const good = await post('/team/bulk_member_add', {
      team_id,
      members: [
        { user_id: 'user1', role: 'user' },
        { user_email: 'user2@example.com', role: 'admin' },
      ],
      max_budget_in_team: 100.0,
    });
    expect(good.json).toMatchObject({
      total_requested: 2,
      successful_additions: 2,
      failed_additions: 0,
      results: [
        { user_id: 'user1', success: true, updated_team_membership: { user_id: 'user1' } },
        { user_email: 'user2@example.com', success: true },
      ],
    });
    const bad = await post('/team/bulk_member_add', {
      team_id,
      members: [
        { user_id: 'user3', role: 'user' },
        { user_id: 'not an id', role: 'user' },
      ],
    });
    expect(bad.json).toMatchObject({
      successful_additions: 0,
      failed_additions: 2,
      updated_team: null,
    });
    expect((await infoOf(team_id)).team_info.members_with_roles).toHaveLength(3);
  });

  test('are bounded by the default of their team, or by what is their own', async () => {
    const team_id = await newTeam({
      team_member_budget: 7,
      budget_duration: '1d',
      members_with_roles: [{ role: 'user', user_id: 'ann' }],
    });
    await post('/team/member_update', {
      team_id,
      user_id: 'ann',
      max_budget_in_team: 3,
      role: 'admin',
    });
    await post('/team/member_add', { team_id, member: { role: 'user', user_id: 'bob' } });
    await post('/team/update', { team_id, team_member_budget: 9 });
    const { team_info: team, team_memberships: rows } = await infoOf(team_id);
    expect(team.team_member_budget_table).toMatchObject({ max_budget: 9, budget_duration: '1d' });
    const budgets = Object.fromEntries(
      rows.map((row: { user_id: string; litellm_budget_table: { max_budget: number } | null }) => [
        row.user_id,
        row.litellm_budget_table?.max_budget,
      ]),
    );
    expect(budgets).toEqual({ ann: 3, bob: 9, default_user_id: 9 });
    expect(team.members_with_roles).toContainEqual({
      user_id: 'ann',
      user_email: null,
      role: 'admin',
    });
  });

  test('who is taken out loses their keys of the team', async () => {
    const team_id = await newTeam();
    const made = await post('/key/generate', { team_id, user_id: 'ann' });
    expect((await post('/team/member_delete', { team_id, user_id: 'ann' })).status).toBe(200);
    expect((await get(`/key/info?key=${made.json.token}`)).status).toBe(404);
    const { team_info: team, keys } = await infoOf(team_id);
    expect(team.members_with_roles).toHaveLength(1);
    expect(keys).toEqual([]);
  });
});

describe('a team', () => {
  test('is told with its keys, without their ids, and its members', async () => {
    const team_id = await newTeam({ team_alias: 'Told' });
    await post('/key/generate', { team_id, key_alias: 'its-key' });
    const info = await infoOf(team_id);
    expect(info).toMatchObject({
      team_id,
      team_info: { team_alias: 'Told', team_member_budget_table: null },
      keys: [{ key_alias: 'its-key', team_id }],
      team_memberships: [{ user_id: 'default_user_id' }],
    });
    expect(info.keys[0].token).toBeUndefined();
    const unknown = await get('/team/info?team_id=nowhere');
    expect([unknown.status, unknown.json.error]).toMatchObject([
      404,
      { message: "{'message': 'Team not found, passed team id: nowhere.'}", type: 'auth_error' },
    ]);
    expect((await get('/team/info')).json.error).toMatchObject({
      message: "{'message': 'Malformed request. No team id passed in.'}",
      code: '422',
    });
  });

  test('is blocked and unblocked', async () => {
    const team_id = await newTeam();
    expect((await post('/team/block', { team_id })).json).toMatchObject({ team_id, blocked: true });
    expect((await post('/team/unblock', { team_id })).json).toMatchObject({ blocked: false });
    const unknown = await post('/team/block', { team_id: 'nowhere' });
    expect([unknown.status, unknown.json]).toEqual([
      404,
      { detail: { error: 'Team not found, passed team_id=nowhere' } },
    ]);
  });

  test('is given models and loses them, and never has all by having lost the last', async () => {
    const team_id = await newTeam();
    const change = async (what: string, models: string[]) =>
      (await post(`/team/model/${what}`, { team_id, models })).json.models;
    expect(await change('add', ['gpt-4o'])).toEqual(['all-proxy-models', 'gpt-4o']);
    expect(await change('delete', ['all-proxy-models'])).toEqual(['gpt-4o']);
    expect(await change('delete', ['gpt-4o'])).toEqual(['no-default-models']);
    expect(await change('add', ['claude-models'])).toEqual(['claude-models']);
    expect((await post('/team/model/add', { team_id: 'nowhere', models: [] })).status).toBe(404);
  });

  test('opens routes to its members', async () => {
    const team_id = await newTeam();
    const listed = await get(`/team/permissions_list?team_id=${team_id}`);
    expect(listed.json).toMatchObject({
      team_id,
      team_member_permissions: ['/key/info', '/key/health'],
      all_available_permissions: expect.arrayContaining(['/key/generate', '/team/daily/activity']),
    });
    const made = await post('/key/generate', { team_id, user_id: 'ann' });
    const as = { authorization: `Bearer ${made.json.key}` };
    const ask = async () => door.ask('POST', '/key/generate', { team_id, key_alias: 'anns' }, as);
    expect((await ask()).status).toBe(403);
    const body = { team_id, team_member_permissions: ['/key/generate'] };
    expect((await post('/team/permissions_update', body)).json).toMatchObject(body);
    expect((await ask()).status).toBe(200);
    const unknown = await post('/team/permissions_update', {
      team_id,
      team_member_permissions: ['/x'],
    });
    expect(unknown.json.detail.error).toContain('Unknown permission /x');
  });

  test('is deleted with its keys, or none of them is', async () => {
    const team_id = await newTeam();
    const key = await post('/key/generate', { team_id });
    const mixed = await post('/team/delete', { team_ids: [team_id, 'nowhere'] });
    expect([mixed.status, mixed.json]).toEqual([
      404,
      { detail: { error: 'Team not found, passed team_id=nowhere' } },
    ]);
    expect((await infoOf(team_id)).team_id).toBe(team_id);
    expect((await post('/team/delete', { team_ids: [team_id] })).json).toEqual([team_id]);
    expect((await get(`/team/info?team_id=${team_id}`)).status).toBe(404);
    expect((await get(`/key/info?key=${key.json.key}`)).status).toBe(404);
    const deleted = await get('/v2/team/list?status=deleted');
    expect(deleted.json.teams).toMatchObject([{ team_id }]);
  });
});
