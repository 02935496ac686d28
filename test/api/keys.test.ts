import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOfKey, lastFourOf } from '../../src/core/keys/virtual-key.ts';
import type { paths } from '../../src/client/generated/api.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;

beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
});
afterAll(async () => door.close());

let teams = 0;
async function newTeam(): Promise<string> {
  teams += 1;
  const body = {
    organization_id: 'acme',
    team_id: `acme-${teams}`,
    access_groups: ['gpt-models'],
    credits_allocated: 10,
  };
  const { error } = await door.client.POST('/api/teams/create', { body });
  expect(error).toBeUndefined();
  return body.team_id;
}

type Wish = paths['/api/keys/create']['post']['requestBody']['content']['application/json'];

async function newKey(terms: Partial<Wish> = {}) {
  const body = { team_id: await newTeam(), name: 'CI', ...terms };
  return answered(await door.client.POST('/api/keys/create', { body }));
}

/** What was answered; fails with the refusal in place of it. */
function answered<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) {
    throw new Error(`Asking for what must be possible: ${JSON.stringify(error)}`);
  }
  return data;
}

/** The path of a key, as the client is given it. */
const of = (id: string) => ({ params: { path: { id } } });

/** What the gate says of a key; undefined where it may call. */
async function probe(secretKey: string) {
  const hash = hashOfKey(secretKey, door.stores.settings.keyPepper);
  const identity = await door.gate.identify(hash, lastFourOf(secretKey));
  return identity === undefined ? 'unknown' : door.gate.probe(identity, '0'.repeat(32));
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('keys', () => {
  test('a key is made with all its terms; its secret is in this answer and in none after', async () => {
    const made = await newKey({
      user_id: 'ann@acme.com',
      create_user: true,
      expires_at: inAnHour(),
      models: ['gpt-4o', 'gpt-4o'],
      model_aliases: { fast: 'gpt-4o-mini' },
      endpoints: ['chat'],
      addresses: ['10.0.0.0/8'],
      tags: ['ci'],
      metadata: { owner: 'build' },
    });
    expect(made).toMatchObject({
      name: 'CI',
      user_id: 'ann@acme.com',
      status: 'active',
      models: ['gpt-4o'],
      model_aliases: { fast: 'gpt-4o-mini' },
      endpoints: ['chat'],
      addresses: ['10.0.0.0/8'],
      tags: ['ci'],
      metadata: { owner: 'build' },
      created_by: 'api:admin',
      virtual_key: expect.stringMatching(/^sk-[0-9a-f]{48}$/),
    });
    const { virtual_key: secretKey, key_id: id, team_id: team } = made;
    const one = await door.ask('GET', `/api/keys/${id}`);
    const all = await door.ask('GET', `/api/keys?team_id=${team}`);
    expect(all.json).toMatchObject({ team_id: team, total: 2 });
    for (const told of [one, all]) {
      expect(told.status).toBe(200);
      expect(told.text).not.toContain(secretKey);
      expect(told.text).not.toContain(hashOfKey(secretKey, door.stores.settings.keyPepper));
    }
    expect(door.logged()).not.toContain(secretKey);
  });

  test('what is given changes, what is absent stays, and an end is taken away by null', async () => {
    const { key_id: id } = await newKey({ expires_at: inAnHour(), tags: ['ci'] });
    const told = await door.ask('PUT', `/api/keys/${id}`, {
      expires_at: null,
      models: ['gpt-4o'],
    });
    expect(told.json).toMatchObject({ expires_at: null, models: ['gpt-4o'], tags: ['ci'] });
    expect((await door.ask('PUT', `/api/keys/${id}`, { user_id: 'eve' })).status).toBe(422);
  });

  test('a key is blocked, unblocked and revoked for ever, on its next call', async () => {
    const { key_id: id, virtual_key: secretKey } = await newKey();
    const block = async (body?: { reason: string }) =>
      answered(
        await door.client.POST('/api/keys/{id}/block', { ...of(id), ...(body && { body }) }),
      );
    const unblock = async () => door.client.POST('/api/keys/{id}/unblock', of(id));
    expect(await probe(secretKey)).toBeUndefined();
    const blocked = await block({ reason: 'leaked?' });
    expect(blocked).toMatchObject({ key_id: id, status: 'blocked', changed: true });
    expect(await probe(secretKey)).toBe('key_blocked');
    expect(await block()).toMatchObject({ changed: false });
    await unblock();
    expect(await probe(secretKey)).toBeUndefined();
    const revoked = answered(await door.client.DELETE('/api/keys/{id}', of(id)));
    expect(revoked).toMatchObject({ status: 'revoked', changed: true });
    expect(await probe(secretKey)).toBe('key_revoked');
    expect((await unblock()).error).toMatchObject({
      code: 'value_invalid',
      detail: expect.stringContaining('for ever'),
    });
  });

  test('a rotation answers the new secret, and the old one keeps its grace, or none', async () => {
    const { key_id: id, virtual_key: old } = await newKey();
    const rotate = async (seconds: number) =>
      door.client.POST('/api/keys/{id}/rotate', { ...of(id), body: { grace_seconds: seconds } });
    const { virtual_key: renewed, previous_key: previous } = answered(await rotate(3600));
    expect(previous?.key).toBe(`sk-…${old.slice(-4)}`);
    expect([await probe(old), await probe(renewed)]).toEqual([undefined, undefined]);
    const again = answered(await rotate(0));
    expect(await probe(renewed)).toBe('key_revoked');
    expect(await probe(again.virtual_key)).toBeUndefined();
    expect((await rotate(2_592_001)).error).toMatchObject({
      code: 'value_invalid',
      detail: expect.stringContaining('grace_seconds'),
    });
  });

  test('a request that is repeated with its Idempotency-Key makes one key', async () => {
    const team = await newTeam();
    const ask = async () =>
      door.ask('POST', '/api/keys/create', { team_id: team }, { 'idempotency-key': `k-${team}` });
    const told = await Promise.all([ask(), ask(), ask()]);
    expect(told.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect(await door.stores.records.keys.ofTeam(team)).toHaveLength(2);
  });

  test.each<[string, object, number, string]>([
    ['of no team', { team_id: 'nobody' }, 404, "Team 'nobody' not found"],
    ['of nobody', { user_id: 'ghost' }, 404, "User 'ghost' not found in organization 'acme'"],
    ['of an id that is none', { user_id: 'a\0b', create_user: true }, 400, 'user_id'],
    ['ended already', { expires_at: '2020-01-01T00:00:00Z' }, 400, 'it lies in the past'],
    ['with no real end', { expires_at: 'friday' }, 422, ''],
    ['with a chain of names', { model_aliases: { a: 'b', b: 'gpt-4o' } }, 400, 'itself stands'],
    ['from nowhere', { addresses: ['10.0.0.0/40'] }, 400, 'no address and no range'],
    ['for an unknown endpoint', { endpoints: ['images'] }, 400, 'chat, completion, embedding'],
    ['with 1,000 tags', { tags: Array.from({ length: 1_000 }, (_, at) => `${at}`) }, 400, '20'],
    ['with an unknown field', { budget: 5 }, 422, ''],
    ['with a name of its own', { virtual_key: 'sk-mine' }, 422, ''],
  ])('no key is made %s', async (_, wish, status, part) => {
    const team = await newTeam();
    const told = await door.ask('POST', '/api/keys/create', { team_id: team, name: 'x', ...wish });
    expect([told.status, told.text]).toEqual([status, expect.stringContaining(part)]);
    expect(await door.stores.records.keys.ofTeam(team)).toHaveLength(1);
  });

  test.each(['00000000-0000-4000-8000-000000000000', 'a%00b', 'x'.repeat(300)])(
    'a key that is not there: %s',
    async (id) => {
      for (const [method, path] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', '/rotate'],
      ] as const) {
        const told = await door.ask(
          method,
          `/api/keys/${id}${path}`,
          method === 'PUT' ? {} : undefined,
        );
        expect([method, told.status]).toEqual([method, 404]);
      }
    },
  );
});

describe('members', () => {
  test('a person is added, changed, listed and removed, with their keys', async () => {
    const team = await newTeam();
    const path = `/api/teams/${team}/members`;
    const user = { user_id: 'bob@acme.com', user_name: 'Bob', user_email: 'bob@acme.com' };
    expect((await door.ask('POST', path, user)).json).toMatchObject({ code: 'user_unknown' });
    const added = await door.ask('POST', path, { ...user, create_user: true });
    expect(added.json).toMatchObject({ team_id: team, ...user, role: 'user' });
    expect((await door.ask('POST', path, user)).json).toMatchObject({ code: 'member_exists' });
    await door.ask('PUT', `${path}/bob@acme.com`, { role: 'admin' });
    const key = await door.ask('POST', '/api/keys/create', {
      team_id: team,
      user_id: 'bob@acme.com',
    });
    expect((await door.ask('GET', path)).json).toMatchObject({
      total: 1,
      members: [{ user_id: 'bob@acme.com', role: 'admin', user_name: 'Bob' }],
    });
    const removed = await door.ask('DELETE', `${path}/bob@acme.com`);
    expect(removed.json).toMatchObject({ keys_blocked: 1 });
    expect(await probe(key.json.virtual_key)).toBe('key_blocked');
    expect((await door.ask('GET', path)).json).toMatchObject({ total: 0, members: [] });
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PUT', { role: 'user' }],
    ] as const) {
      const told = await door.ask(method, `${path}/bob@acme.com`, body);
      expect([told.status, told.json.code]).toEqual([404, 'member_unknown']);
    }
    expect((await door.ask('POST', path, user)).json).toMatchObject({ role: 'user' });
  });

  test('what cannot be a member is told', async () => {
    const path = `/api/teams/${await newTeam()}/members`;
    const created = { create_user: true };
    expect((await door.ask('POST', path, { user_id: 'a b', ...created })).status).toBe(400);
    expect((await door.ask('POST', path, { user_id: 'a', role: 'removed' })).status).toBe(422);
    expect(
      (await door.ask('POST', path, { user_id: 'a', user_email: 'nobody', ...created })).json
        .detail,
    ).toContain('user_email');
    expect((await door.ask('DELETE', `${path}/a%00b`)).status).toBe(404);
    expect((await door.ask('GET', '/api/teams/nobody/members')).status).toBe(404);
  });
});

describe('states', () => {
  test.each(['POST', 'PUT'])(
    'an organization is suspended with %s, its teams keep their states',
    async (method) => {
      const team = await newTeam();
      await door.ask('PUT', `/api/teams/${team}/pause`);
      const until = inAnHour();
      const told = await door.ask(method, '/api/organizations/acme/suspend', {
        reason: 'May',
        until,
      });
      expect(told.json).toEqual({
        organization_id: 'acme',
        status: 'suspended',
        status_until: until,
        message: "Organization 'acme' has been suspended",
        changed: true,
      });
      expect((await door.ask('GET', '/api/organizations/acme')).json).toMatchObject({
        status: 'suspended',
        status_reason: 'May',
        status_until: until,
      });
      expect((await door.ask('GET', `/api/teams/${team}`)).json.status).toBe('paused');
      expect((await door.ask(method, '/api/organizations/acme/resume')).json).toMatchObject({
        status: 'active',
        changed: true,
      });
    },
  );

  test('a team is archived, paused until a moment, and resumed', async () => {
    const team = await newTeam();
    const archived = await door.ask('PUT', `/api/teams/${team}/archive`);
    expect(archived.json).toMatchObject({ team_id: team, status: 'archived', changed: true });
    const until = inAnHour();
    await door.ask('PUT', `/api/teams/${team}/pause`, { until });
    expect((await door.ask('GET', `/api/teams/${team}`)).json).toMatchObject({
      status: 'paused',
      status_until: until,
    });
    const past = await door.ask('PUT', `/api/teams/${team}/suspend`, {
      until: '2020-01-01T00:00:00Z',
    });
    expect(past.json).toMatchObject({ code: 'value_invalid' });
    const odd = await door.ask('PUT', `/api/teams/${team}/suspend`, { until: 'friday' });
    expect(odd.status).toBe(422);
    expect((await door.ask('PUT', '/api/organizations/nobody/archive')).status).toBe(404);
  });

  test('extra models and own names of a team are set and shown', async () => {
    const team = await newTeam();
    const change = { models: ['claude-*'], model_aliases: { fast: 'gpt-4o-mini' } };
    const told = await door.ask('PUT', `/api/teams/${team}`, change);
    expect(told.json).toMatchObject(change);
    const chain = await door.ask('PUT', `/api/teams/${team}`, {
      model_aliases: { fast: 'faster', faster: 'gpt-4o' },
    });
    expect(chain.json).toMatchObject({ code: 'value_invalid' });
  });
});
