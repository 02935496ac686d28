// Changes that meet something in use, or say the same thing twice: told what becomes of them, and never half done.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHeldProvider, wishFor } from '../support/held-provider.ts';
import type { HeldProvider } from '../support/held-provider.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { openManagement } from './management.ts';
import type { Management, Told } from './management.ts';

const CONFIG = `
models:
  gpt-4o: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  claude-sonnet-4-5: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  slow: { max_output_tokens: 100, price: { input: 1, output: 2 }, deployments: [{ base_url: os.environ/HELD }] }
access_groups:
  gpt-models: { models: [gpt-4o, slow] }
  claude-models: { models: [claude-sonnet-4-5] }
`;

let held: HeldProvider;
let qm: Quartermaster;
let door: Management;
beforeAll(async () => {
  held = await startHeldProvider();
  qm = await startQuartermaster({ configText: CONFIG, addresses: { HELD: held.url } });
  door = await openManagement(qm.stores);
  await ask('POST', '/organization/new', { organization_id: 'acme', organization_alias: 'ACME' });
});
afterAll(async () => {
  await door.close();
  await qm[Symbol.asyncDispose]();
  await held.close();
});

const ask = async (method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, path, body);

async function call(secretKey: string, model: string): Promise<string | number> {
  const response = await qm.call(secretKey, {
    model,
    max_tokens: 20,
    ...wishFor({ input: 10, output: 10 }),
  });
  const json = (await response.json()) as { error?: { code: string } };
  return json.error?.code ?? response.status;
}

describe('the models of an organization', () => {
  test('hold on the next call of every team, whatever the team was given', async () => {
    const { secretKey } = await qm.team({ accessGroups: ['gpt-models', 'claude-models'] });
    const set = async (models: readonly string[]) =>
      ask('PATCH', '/organization/update', { organization_id: 'acme', models });
    const both = async () => [
      await call(secretKey, 'gpt-4o'),
      await call(secretKey, 'claude-sonnet-4-5'),
    ];
    expect(await both()).toEqual([200, 200]);
    expect((await set(['claude-models'])).json.models).toEqual(['claude-models']);
    expect(await both()).toEqual(['model_not_allowed', 200]);
    const listed = await fetch(`${qm.url}/v1/models`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    const { data } = (await listed.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(['claude-sonnet-4-5']);
    await set(['gpt-*']);
    expect(await both()).toEqual([200, 'model_not_allowed']);
    await set(['no-default-models']);
    expect(await both()).toEqual(['model_not_allowed', 'model_not_allowed']);
    const told = await ask('PUT', '/api/organizations/acme', { models: [] });
    expect(told.json.models).toEqual([]);
    expect(await both()).toEqual([200, 200]);
  });

  test('hold for its own teams alone, and from the first call where it was made with them', async () => {
    const made = await ask('POST', '/api/organizations/create', {
      organization_id: 'narrow',
      name: 'Narrow',
      models: ['claude-sonnet-4-5'],
      default_team_access_groups: ['gpt-models', 'claude-models'],
      default_team_credits: 100,
    });
    const key = made.json.default_team.virtual_key as string;
    expect(await call(key, 'gpt-4o')).toBe('model_not_allowed');
    expect(await call(key, 'claude-sonnet-4-5')).toBe(200);
    const other = await qm.team();
    expect(await call(other.secretKey, 'gpt-4o')).toBe(200);
  });

  test('are names that models can have', async () => {
    const told = await ask('PUT', '/api/organizations/acme', { models: ['a b'] });
    expect([told.status, told.json.code]).toEqual([400, 'value_invalid']);
  });
});

describe('a new organization', () => {
  test('has a default team unless it is told not to', async () => {
    const made = await ask('POST', '/api/organizations/create', {
      organization_id: 'plain',
      name: 'Plain',
    });
    expect(made.json.default_team).toMatchObject({
      team_id: 'plain_default',
      team_alias: 'Plain',
      access_groups: [],
      allowed_model_aliases: [],
      credits_allocated: 0,
    });
    const bare = { organization_id: 'bare', name: 'Bare', create_default_team: false };
    expect((await ask('POST', '/api/organizations/create', bare)).json.default_team).toBeNull();
  });
});

describe('a new team', () => {
  test('may use models and names of its own from its first call on', async () => {
    const made = await ask('POST', '/api/teams/create', {
      organization_id: 'acme',
      team_id: 'with-models',
      access_groups: [],
      models: ['gpt-*'],
      model_aliases: { best: 'gpt-4o' },
      credits_allocated: 10,
    });
    expect(made.json).toMatchObject({ models: ['gpt-*'], model_aliases: { best: 'gpt-4o' } });
    expect(await call(made.json.virtual_key, 'best')).toBe(200);
    expect(await call(made.json.virtual_key, 'claude-sonnet-4-5')).toBe('model_not_allowed');
  });

  test.each([
    [{ models: ['no-such-model'] }, 'models is not acceptable'],
    [{ models: ['a b'] }, 'models is not acceptable'],
    [{ model_aliases: { a: 'no-such-model' } }, 'model_aliases is not acceptable'],
    [{ model_aliases: { a: 'b', b: 'gpt-4o' } }, 'model_aliases is not acceptable'],
    [{ credits_allocated: -1 }, 'credits_allocated is not acceptable'],
    [{ access_groups: ['none'] }, 'not found'],
    [{ budget_mode: 'never' }, 'Invalid budget_mode'],
  ])('is not made with %j, and neither is a part of it', async (wrong, words) => {
    const team = { organization_id: 'acme', team_id: 'half', access_groups: [] };
    const told = await ask('POST', '/api/teams/create', { ...team, ...wrong });
    expect([told.status < 500, told.json.detail]).toEqual([true, expect.stringContaining(words)]);
    expect((await ask('GET', '/api/teams/half')).status).toBe(404);
    expect(await qm.stores.records.keys.ofTeam('half')).toEqual([]);
  });

  test('of the other dialect with a member twice has them once, with the role that was said first', async () => {
    const member = (role: string) => ({ user_id: 'twin', role });
    const made = await ask('POST', '/team/new', {
      team_id: 'twins',
      members_with_roles: [member('admin'), member('user'), member('admin')],
    });
    const twins = made.json.members_with_roles.filter(
      ({ user_id: id }: { user_id: string }) => id === 'twin',
    );
    expect(twins).toEqual([{ user_id: 'twin', role: 'admin', user_email: null }]);
  });
});

describe('a team', () => {
  test.each([
    ['POST', '/team/update', { team_id: 'stays', organization_id: 'narrow' }, 403, 'Cannot move'],
    ['PUT', '/api/teams/stays', { organization_id: 'narrow' }, 422, 'never moves'],
  ])('never moves: %s %s', async (method, path, body, status, words) => {
    await ask('POST', '/team/new', { team_id: 'stays', organization_id: 'acme' });
    const told = await ask(method, path, body);
    expect(told.status).toBe(status);
    expect(told.text).toContain(words);
    expect((await qm.stores.records.teams.find('stays'))?.organizationId).toBe('acme');
  });

  test('whose limit is lowered below what it used keeps what it did and is held back from then on', async () => {
    const { id, secretKey } = await qm.team();
    await ask('POST', '/team/update', { team_id: id, rpm_limit: 3, max_budget: 10 });
    expect([await call(secretKey, 'gpt-4o'), await call(secretKey, 'gpt-4o')]).toEqual([200, 200]);
    const lowered = await ask('POST', '/team/update', { team_id: id, rpm_limit: 1 });
    expect([lowered.status, lowered.json.data.rpm_limit]).toEqual([200, 1]);
    expect(await call(secretKey, 'gpt-4o')).toBe('request_limit_reached');
    await ask('POST', '/team/update', { team_id: id, rpm_limit: null, max_budget: 0.000001 });
    expect(await call(secretKey, 'gpt-4o')).toBe('budget_exceeded');
    await ask('POST', '/team/update', { team_id: id, max_budget: 10 });
    expect(await call(secretKey, 'gpt-4o')).toBe(200);
    expect(await qm.drift(id)).toBe(0n);
  });

  test('that is deleted with a call under way lets that end, charges it, and lets no other in', async () => {
    const { id, secretKey } = await qm.team();
    held.reset();
    const underWay = call(secretKey, 'slow');
    await held.arrived(1);
    expect((await ask('POST', '/team/delete', { team_ids: [id] })).status).toBe(200);
    expect(await call(secretKey, 'gpt-4o')).toBe('key_revoked');
    held.allow('last byte');
    expect(await underWay).toBe(200);
    await qm.drain();
    const account = await qm.stores.records.ledger.account(id);
    expect(account?.used).toBe(1_000_000n);
    expect(await qm.drift(id)).toBe(0n);
  });

  test('is deleted with others or not at all', async () => {
    const { id, secretKey } = await qm.team();
    const told = await ask('POST', '/team/delete', { team_ids: [id, 'no-such-team'] });
    expect(told.status).toBe(404);
    expect(await call(secretKey, 'gpt-4o')).toBe(200);
    const twice = await ask('POST', '/team/delete', { team_ids: [id, id] });
    expect([twice.status, twice.json]).toEqual([200, [id]]);
  });

  test('takes a person in once; a second role is a change, told by its own route', async () => {
    const { id } = await qm.team();
    const add = async (member: unknown) => ask('POST', '/team/member_add', { team_id: id, member });
    const rolesOf = async () =>
      (await qm.stores.records.members.ofTeam(id)).map(({ userId, role }) => [userId, role]);
    expect((await add({ user_id: 'ann', role: 'user' })).status).toBe(200);
    const again = await add({ user_id: 'ann', role: 'admin' });
    expect([again.status, again.json.error.message]).toEqual([
      400,
      expect.stringContaining('User already in team'),
    ]);
    expect(await rolesOf()).toEqual([['ann', 'user']]);
    const both = [
      { user_id: 'ann', role: 'admin' },
      { user_id: 'bob', role: 'admin' },
      { user_id: 'bob', role: 'user' },
    ];
    expect((await add(both)).status).toBe(200);
    expect(await rolesOf()).toEqual([
      ['ann', 'user'],
      ['bob', 'admin'],
    ]);
    const changed = { team_id: id, user_id: 'ann', role: 'admin' };
    expect((await ask('POST', '/team/member_update', changed)).status).toBe(200);
    expect((await rolesOf())[0]).toEqual(['ann', 'admin']);
    const many = Array.from({ length: 501 }, (_each, at) => ({ user_id: `m${at}`, role: 'user' }));
    expect((await add(many)).status).toBe(422);
    const broken = await add([
      { user_id: 'new', role: 'user' },
      { user_id: 'a b\u0007', role: 'user' },
    ]);
    expect(broken.status).toBe(400);
    expect((await rolesOf()).length).toBe(2);
  });
});
