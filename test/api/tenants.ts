import type { Role } from '../../src/core/permission/caller.ts';
import { ADMIN_KEY } from './door.ts';
import type { Door } from './door.ts';

/** One customer with one team, and a key for each role in it. */
export interface Tenant {
  readonly organizationId: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly userId: string;
  /** An end user of theirs. */
  readonly endUserId: string;
}

export interface Tenants {
  readonly own: Tenant;
  readonly foreign: Tenant;
  /** What somebody of each role in `own` sends. */
  readonly credentials: ReadonlyMap<Role | 'granted_key', string>;
}

/** Two customers that know nothing of each other. */
export async function openTenants(door: Door): Promise<Tenants> {
  const [own, foreign] = [await newTenant(door, 'acme'), await newTenant(door, 'rival')];
  const { records } = door.stores;
  const key = async (body: object): Promise<string> => {
    const made = await door.ask('POST', '/api/keys/create', {
      team_id: own.teamId,
      create_user: true,
      ...body,
    });
    return made.json.virtual_key;
  };
  const boss = await key({ user_id: 'boss@acme' });
  await records.users.update(own.organizationId, 'boss@acme', { role: 'admin' });
  const lead = await key({ user_id: 'lead@acme' });
  await door.ask('PUT', `/api/teams/${own.teamId}/members/lead@acme`, { role: 'admin' });
  return {
    own,
    foreign,
    credentials: new Map<Role | 'granted_key', string>([
      ['owner', ADMIN_KEY],
      ['organization_admin', boss],
      ['team_admin', lead],
      ['member', await key({ user_id: 'mate@acme' })],
      ['team_key', await key({})],
      ['granted_key', await key({ permissions: ['key.create'] })],
    ]),
  };
}

async function newTenant(door: Door, name: string): Promise<Tenant> {
  await door.ask('POST', '/api/organizations/create', { organization_id: name, name });
  const made = await door.ask('POST', '/api/teams/create', {
    organization_id: name,
    team_id: `${name}-prod`,
    access_groups: ['gpt-models'],
    credits_allocated: 100,
  });
  const userId = `boss@${name}`;
  await door.ask('POST', `/api/teams/${name}-prod/members`, { user_id: userId, create_user: true });
  const [key] = await door.stores.records.keys.ofTeam(`${name}-prod`);
  const endUserId = `buyer@${name}`;
  const customer = { organizationId: name, id: endUserId, alias: null, metadata: {} };
  await door.stores.records.endUsers.insert(customer);
  const teamId: string = made.json.team_id;
  return { organizationId: name, teamId, keyId: key?.id ?? '', userId, endUserId };
}
