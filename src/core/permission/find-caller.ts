import type { KeyIdentity } from '../gateway/gate.ts';
import type { VirtualKey } from '../keys/virtual-key.ts';
import type { Records } from '../stores.ts';
import type { Caller, Role } from './caller.ts';

/**
 * Who stands behind a virtual key that the gate let in. A person manages what their roles say, by any key
 * that is not confined to some endpoints; a key of nobody reads what is its team's.
 */
export async function callerBehind(
  records: Records,
  { keyId, teamId, organizationId, userId }: KeyIdentity,
): Promise<Caller> {
  const key = await records.keys.find(keyId);
  const role = await roleOf(records, key, { teamId, organizationId, userId });
  const team = role === 'member' ? await records.teams.find(teamId) : undefined;
  const bounds = {
    organizationId,
    keyId,
    // A key of nobody is no member: what its team grants to members is not for it.
    granted: [...(key?.permissions ?? []), ...(team?.memberPermissions ?? [])],
    ...(role === 'organization_admin' ? {} : { teamId }),
  };
  return userId === undefined
    ? { role, actor: { id: `api:key:${keyId}`, door: 'api' }, ...bounds }
    : { role, actor: { id: `api:user:${userId}`, door: 'api' }, userId, ...bounds };
}

async function roleOf(
  records: Records,
  key: VirtualKey | undefined,
  { teamId, organizationId, userId }: Pick<KeyIdentity, 'teamId' | 'organizationId' | 'userId'>,
): Promise<Role> {
  if (userId === undefined || key === undefined || key.endpoints.length > 0) {
    return 'team_key';
  }
  const [user, member] = await Promise.all([
    records.users.find(organizationId, userId),
    records.members.find(teamId, userId),
  ]);
  if (user?.role === 'admin') {
    return 'organization_admin';
  }
  return member?.role === 'admin' ? 'team_admin' : 'member';
}
