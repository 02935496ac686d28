// Every route × every role: allowed or refused as docs/permissions.md says, and never a row of another customer.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../src/api/dialects.ts';
import type { Route } from '../../src/api/dialect.ts';
import { PERMISSIONS } from '../../src/core/permission/permissions.ts';
import type { Role } from '../../src/core/permission/caller.ts';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';
import { sampleCall } from './sample-call.ts';
import { openTenants } from './tenants.ts';
import type { Tenant, Tenants } from './tenants.ts';

const ROUTES = DIALECTS.flatMap(({ routes }) => routes);
const CASES = ROUTES.map((route) => [`${route[0]} ${route[1]}`, route] as const);
const BOUND_ROLES = ['organization_admin', 'team_admin', 'member', 'team_key'] as const;

let door: Door;
let tenants: Tenants;
beforeAll(async () => {
  door = await openDoor();
  tenants = await openTenants(door);
});
afterAll(async () => door.close());

async function askAs(role: Role | 'granted_key', route: Route, tenant: Tenant): Promise<Told> {
  const [method, path, endpoint] = route;
  const { url, body } = sampleCall(path, endpoint, tenant);
  const authorization = `Bearer ${tenants.credentials.get(role)}`;
  return door.ask(method, url, body, { authorization });
}

/** Refused because of who asks; everything else was let in. */
function isRefused(told: Told): boolean {
  return /role_insufficient|row_of_another|admin_key_required/.test(told.text);
}

describe.each(BOUND_ROLES)('a %s', (role) => {
  const forbidden = CASES.filter(([, [, , { action }]]) => !rolesOf(action).includes(role));
  const withOwnKey = new Set(['key.read', 'key.rotate']);

  test('is refused every route whose action is not for that role', async () => {
    const letIn: string[] = [];
    for (const [name, route] of forbidden) {
      const told = await askAs(role, route, tenants.own);
      const isOwnKeyOnly = withOwnKey.has(route[2].action) && told.status === 422;
      if (!(told.status === 403 && isRefused(told)) && !isOwnKeyOnly) {
        letIn.push(`${name}: ${told.status}`);
      }
    }
    expect(letIn).toEqual([]);
  });

  test('is let in to the reading routes whose action is for that role', async () => {
    const reads = CASES.filter(
      ([name, [, , { action }]]) => name.startsWith('GET ') && rolesOf(action).includes(role),
    );
    const refused: string[] = [];
    // Of whom nobody is named: some routes tell about the caller alone.
    const ofNobody = { ...tenants.own, userId: '' };
    for (const [name, route] of reads) {
      const told = await askAs(role, route, ofNobody);
      if (isRefused(told)) {
        refused.push(`${name}: ${told.text}`);
      }
    }
    expect(refused).toEqual([]);
  });

  test('never gets or changes a row of another customer, by any route', async () => {
    const before = await everythingOf(tenants.foreign);
    const leaks: string[] = [];
    for (const [name, route] of CASES) {
      const told = await askAs(role, route, tenants.foreign);
      const isTold = told.text.replaceAll(route[1], '').includes('rival') && told.status < 400;
      const names = route[2].target === 'rows' && ![403, 422].includes(told.status);
      if (isTold || names) {
        leaks.push(`${name}: ${told.status} ${told.text.slice(0, 200)}`);
      }
    }
    expect(leaks).toEqual([]);
    expect(await everythingOf(tenants.foreign)).toEqual(before);
  });
});

test('a row that does not exist is told like a row of another customer', async () => {
  const as = { authorization: `Bearer ${tenants.credentials.get('team_key')}` };
  const foreign = await door.ask('GET', '/api/teams/rival-prod', undefined, as);
  const missing = await door.ask('GET', '/api/teams/nowhere', undefined, as);
  expect(foreign.status).toBe(403);
  expect(missing.json).toEqual(foreign.json);
});

test('a key that was granted an action may do it in its own team, and nowhere else', async () => {
  const as = { authorization: `Bearer ${tenants.credentials.get('granted_key')}` };
  const own = await door.ask('POST', '/api/keys/create', { team_id: 'acme-prod' }, as);
  const foreign = await door.ask('POST', '/api/keys/create', { team_id: 'rival-prod' }, as);
  const forSomebody = { team_id: 'acme-prod', user_id: 'boss@acme' };
  const stronger = await door.ask('POST', '/api/keys/create', forSomebody, as);
  expect([own.status, foreign.status, stronger.status]).toEqual([200, 403, 403]);
});

test('a team admin gets hold of no key of a person who may do more', async () => {
  const keys = await door.stores.records.keys.ofTeam('acme-prod');
  const boss = keys.find((key) => key.userId === 'boss@acme')?.id ?? '';
  const as = { authorization: `Bearer ${tenants.credentials.get('team_admin')}` };
  const rotated = await door.ask('POST', `/api/keys/${boss}/rotate`, undefined, as);
  expect([rotated.status, rotated.json.code]).toEqual([403, 'role_insufficient']);
});

test('an organization admin sets no prices and gives no credits', async () => {
  const as = { authorization: `Bearer ${tenants.credentials.get('organization_admin')}` };
  const team = { organization_id: 'acme', team_id: 'acme-dev', access_groups: [] };
  for (const part of [{ credits_allocated: 5 }, { markup_percent: 0 }, { tokens_per_credit: 9 }]) {
    const told = await door.ask('POST', '/api/teams/create', { ...team, ...part }, as);
    expect([part, told.status]).toEqual([part, 403]);
  }
  expect((await door.ask('POST', '/api/teams/create', team, as)).status).toBe(200);
  const by = await door.stores.records.keys.ofTeam('acme-dev');
  expect(by[0]?.createdBy).toBe('api:user:boss@acme');
});

function rolesOf(action: Route[2]['action']): readonly Role[] {
  return PERMISSIONS[action];
}

async function everythingOf({ teamId, organizationId, keyId }: Tenant): Promise<unknown> {
  const { teams, organizations, keys, members, users, ledger } = door.stores.records;
  return Promise.all([
    teams.find(teamId),
    organizations.find(organizationId),
    keys.find(keyId),
    keys.ofTeam(teamId),
    members.ofTeam(teamId),
    users.list(organizationId),
    ledger.account(teamId),
  ]);
}
