import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import { PERMISSIONS } from '../../src/core/permission/permissions.ts';
import type { Role } from '../../src/core/permission/caller.ts';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';
import { sampleCall } from './sample-call.ts';

const USERS = '/api/admin-users';
const PASSWORD = 'correct horse battery';

let door: Door;
let owner: string;
beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const person = { email: 'Olga@x.io', display_name: 'Olga', password: PASSWORD };
  owner = (await door.ask('POST', `${USERS}/setup`, person)).json.access_token;
});
afterAll(async () => door.close());

const as = async (session: string, method: string, path: string, body?: unknown): Promise<Told> =>
  door.ask(method, path, body, { authorization: `Bearer ${session}` });

const signIn = async (email: string, password = PASSWORD): Promise<Told> =>
  as('nobody', 'POST', `${USERS}/login`, { email, password });

async function newPerson(name: string, role: string, session = owner): Promise<Told> {
  const person = { email: `${name}@x.io`, display_name: name, password: PASSWORD, role };
  return as(session, 'POST', USERS, person);
}

describe('setting up', () => {
  test('is done once, with the admin key alone', async () => {
    const person = { email: 'eve@x.io', display_name: 'Eve', password: PASSWORD };
    expect((await as('nobody', 'POST', `${USERS}/setup`, person)).status).toBe(401);
    const again = await door.ask('POST', `${USERS}/setup`, person);
    expect([again.status, again.json.detail]).toEqual([
      400,
      'Setup already completed. Owner account exists.',
    ]);
    const status = await as('nobody', 'GET', `${USERS}/setup/status`);
    expect(status.json).toEqual({ needs_setup: false, has_users: true });
  });

  test('leaves no password and no session in the tables', async () => {
    const rows = [
      await door.postgres.staff.findMany(),
      await door.postgres.staffSession.findMany(),
    ];
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).not.toContain(owner);
    expect(JSON.stringify(rows)).toContain('scrypt$');
  });
});

test('two people who use the same Idempotency-Key each add their credits', async () => {
  const made = { team_id: 'shared', organization_id: 'acme', access_groups: [] };
  await door.ask('POST', '/api/teams/create', made);
  await newPerson('kim', 'admin');
  const other = (await signIn('kim@x.io')).json.access_token;
  const body = { team_id: 'shared', amount: 5 };
  const add = async (session: string): Promise<Told> =>
    door.ask('POST', '/api/credits/add', body, {
      authorization: `Bearer ${session}`,
      'idempotency-key': 'monday',
    });
  const [first, second, again] = [await add(owner), await add(other), await add(other)];
  expect([first.json.credits_remaining, second.json.credits_remaining]).toEqual([5, 10]);
  expect(again.json.transaction_id).toBe(second.json.transaction_id);
});

describe('signing in', () => {
  test('opens a session that ends with signing out', async () => {
    const told = await signIn('OLGA@x.io ');
    expect(told.json).toMatchObject({
      token_type: 'bearer',
      user: { email: 'olga@x.io', role: 'owner', is_active: true },
    });
    const session = told.json.access_token;
    expect((await as(session, 'GET', `${USERS}/me`)).json.email).toBe('olga@x.io');
    await as(session, 'POST', `${USERS}/logout`);
    expect((await as(session, 'GET', `${USERS}/me`)).status).toBe(401);
  });

  test('tells nobody whether an address is known, and waits after five wrong passwords', async () => {
    await newPerson('tim', 'user');
    const unknown = await signIn('nobody@x.io', 'wrong password');
    const wrong = await signIn('tim@x.io', 'wrong password');
    expect(wrong.json).toEqual(unknown.json);
    expect([wrong.status, wrong.json.detail]).toEqual([401, 'Invalid email or password']);
    for (let at = 0; at < 4; at += 1) {
      await signIn('tim@x.io', 'wrong password');
    }
    const locked = await signIn('tim@x.io');
    expect([locked.status, locked.json.code]).toEqual([429, 'sign_in_throttled']);
    expect((await signIn('olga@x.io')).status).toBe(200);
  });

  test('by a new password ends every session before', async () => {
    await newPerson('pam', 'admin');
    const session = (await signIn('pam@x.io')).json.access_token;
    const change = async (current_password: string): Promise<Told> =>
      as(session, 'POST', `${USERS}/me/change-password`, {
        current_password,
        new_password: `${PASSWORD}!`,
      });
    const wrong = await change('not it');
    expect([wrong.status, wrong.json.detail]).toEqual([401, 'Current password is incorrect']);
    expect((await change(PASSWORD)).status).toBe(200);
    expect((await as(session, 'GET', `${USERS}/me`)).status).toBe(401);
    expect((await signIn('pam@x.io')).status).toBe(401);
    expect((await signIn('pam@x.io', `${PASSWORD}!`)).status).toBe(200);
  });
});

describe('people', () => {
  test('are managed by owners; admins manage those who only look', async () => {
    await newPerson('ada', 'admin');
    const ada = (await signIn('ada@x.io')).json;
    const vic = await newPerson('vic', 'user', ada.access_token);
    expect(vic.json).toMatchObject({ role: 'user', created_by: 'api:ada@x.io' });
    const more = await newPerson('eli', 'admin', ada.access_token);
    expect([more.status, more.json.detail]).toEqual([
      403,
      "Admins can only create users with 'user' role",
    ]);
    const olga = (await as(owner, 'GET', `${USERS}/me`)).json.user_id;
    const cases = [
      [
        'PUT',
        `${USERS}/${olga}`,
        { display_name: 'x' },
        403,
        'Admins cannot modify owner or admin users',
      ],
      ['DELETE', `${USERS}/${olga}`, undefined, 403, 'Admins cannot delete owner or admin users'],
      [
        'PUT',
        `${USERS}/${vic.json.user_id}`,
        { role: 'admin' },
        403,
        'Admins cannot promote users to owner or admin',
      ],
      ['PUT', `${USERS}/nobody`, {}, 404, 'User not found'],
    ] as const;
    for (const [method, path, body, status, detail] of cases) {
      const told = await as(ada.access_token, method, path, body);
      expect([told.status, told.json.detail]).toEqual([status, detail]);
    }
    const own = await as(owner, 'DELETE', `${USERS}/${olga}`);
    expect([own.status, own.json.detail]).toEqual([400, 'Cannot delete your own account']);
    const taken = await newPerson('vic', 'user');
    expect([taken.status, taken.json.detail]).toEqual([400, 'Email already registered']);
  });

  test('who are deactivated are out at once', async () => {
    const made = await newPerson('gus', 'user');
    const session = (await signIn('gus@x.io')).json.access_token;
    const told = await as(owner, 'DELETE', `${USERS}/${made.json.user_id}`);
    expect(told.json).toEqual({ message: 'User gus@x.io deactivated successfully' });
    expect((await as(session, 'GET', '/api/teams')).status).toBe(401);
    expect((await signIn('gus@x.io')).status).toBe(401);
  });

  test.each<[Role, string]>([
    ['admin', 'admin'],
    ['viewer', 'user'],
  ])('with the role %s get through where that role may, and nowhere else', async (role, given) => {
    const name = `role-${role}`;
    await newPerson(name, given);
    const session = (await signIn(`${name}@x.io`)).json.access_token;
    const tenant = {
      organizationId: 'none',
      teamId: 'none',
      keyId: 'none',
      userId: 'none',
      endUserId: '',
    };
    const wrong: string[] = [];
    for (const [method, path, endpoint] of DIALECTS.flatMap(({ routes }) => routes)) {
      const { url, body } = sampleCall(path, endpoint, tenant);
      const roles: readonly Role[] = PERMISSIONS[endpoint.action];
      if (endpoint.action !== 'self') {
        const told = await as(session, method, url, body);
        const isRefused =
          told.json?.code === 'role_insufficient' || told.text.includes('Required roles');
        if (isRefused === roles.includes(role)) {
          wrong.push(`${method} ${path}: ${told.status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('provider credentials', () => {
  const given = {
    organization_id: 'acme',
    provider: 'openai',
    api_key: 'sk-provider-secret',
    credential_name: 'Main',
  };

  test('are kept sealed, and never shown again', async () => {
    const made = await door.ask('POST', '/api/provider-credentials/create', given);
    expect(made.json).toMatchObject({ has_api_key: true, is_active: true, api_base: null });
    const path = `/api/provider-credentials/${made.json.credential_id}`;
    const shown = await door.ask('GET', `${path}?include_api_key=true`);
    expect(shown.text).not.toContain('provider-secret');
    const [row] = await door.postgres.providerCredential.findMany();
    const sealed = Buffer.from(row?.sealed ?? []);
    expect(sealed.includes('provider-secret')).toBe(false);
    const place = `credential:${made.json.credential_id}`;
    expect(door.stores.sealer.open(sealed, place)).toBe('sk-provider-secret');
    expect(door.logged()).not.toContain('provider-secret');
  });

  test('are one active of each provider', async () => {
    const second = await door.ask('POST', '/api/provider-credentials/create', given);
    expect([second.status, second.json.detail]).toEqual([
      400,
      "Organization 'acme' already has an active credential for provider 'openai'. Deactivate the existing one first or update it.",
    ]);
    const list = await door.ask('GET', '/api/provider-credentials/organization/acme');
    const first = list.json.credentials[0].credential_id;
    await door.ask('PUT', `/api/provider-credentials/${first}/deactivate`);
    const none = await door.ask(
      'GET',
      '/api/provider-credentials/organization/acme/provider/openai',
    );
    expect([none.status, none.json.detail]).toEqual([
      404,
      "No active credential found for organization 'acme' and provider 'openai'",
    ]);
    await door.ask('POST', '/api/provider-credentials/create', given);
    const activate = await door.ask('PUT', `/api/provider-credentials/${first}/activate`);
    expect(activate.json.detail).toBe(
      'Cannot activate: organization already has an active credential for this provider. Deactivate the other one first.',
    );
    const gone = await door.ask('DELETE', `/api/provider-credentials/${first}`);
    expect(gone.status).toBe(200);
    expect((await door.ask('GET', `/api/provider-credentials/${first}`)).status).toBe(404);
  });

  test.each([
    [
      { provider: 'other' },
      400,
      'Invalid provider: other. Must be one of: openai, anthropic, gemini, fireworks',
    ],
    [{ organization_id: 'nowhere' }, 404, "Organization 'nowhere' not found"],
    [{ api_base: 'file:///etc' }, 400, 'api_base is not acceptable'],
    [{ api_key: '' }, 400, 'api_key is not acceptable'],
  ])('are refused with %j', async (part, status, detail) => {
    const told = await door.ask('POST', '/api/provider-credentials/create', { ...given, ...part });
    expect([told.status, told.json.detail]).toEqual([status, expect.stringContaining(detail)]);
  });
});
