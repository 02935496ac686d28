import type { Actor } from '../audit/audit.ts';

/**
 * Who may what, from the most to the least. The first three belong to whoever runs this system and see all
 * customers; the others see one organization, or one team.
 */
export const ROLES = [
  /** The admin key, and whoever may make other people admins. */
  'owner',
  'admin',
  /** Sees everything and changes nothing. */
  'viewer',
  /** A person who manages one organization. */
  'organization_admin',
  /** A person who manages one team. */
  'team_admin',
  /** A person in one team. */
  'member',
  /** A key that belongs to a team and to nobody. */
  'team_key',
  /** Somebody who is not known: may sign in. */
  'stranger',
] as const;
export type Role = (typeof ROLES)[number];

/** Who asks at the management door. */
export interface Caller {
  readonly role: Role;
  readonly actor: Actor;
  /** Where the caller's sight ends; undefined where it does not. */
  readonly organizationId?: string;
  /** Undefined for those who see a whole organization. */
  readonly teamId?: string;
  readonly userId?: string;
  readonly keyId?: string;
  /** Who signed in with a password, and the secret of the session. */
  readonly staffId?: string;
  readonly sessionSecret?: string;
  /** What the key may beside what its role may. */
  readonly granted?: readonly string[];
}

/** What lists are confined to. */
export interface Within {
  readonly organizationId?: string;
  readonly teamId?: string;
}

/** Whose a row is. */
export interface Tenant {
  readonly organizationId: string;
  /** Absent for what belongs to the organization as a whole. */
  readonly teamId?: string;
  /** Whose key it is, and which. */
  readonly userId?: string | null;
  readonly keyId?: string;
}

/** Sees nothing: no organization is called so. */
export const STRANGER: Caller = {
  role: 'stranger',
  actor: { id: 'api:stranger', door: 'api' },
  organizationId: '',
};

/** How far a caller sees. */
export function withinOf({ organizationId, teamId }: Caller): Within {
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(teamId === undefined ? {} : { teamId }),
  };
}

/** Whether a row lies in the caller's sight. */
export function sees(caller: Caller, tenant: Tenant): boolean {
  return (
    (caller.organizationId === undefined || caller.organizationId === tenant.organizationId) &&
    (caller.teamId === undefined || caller.teamId === tenant.teamId)
  );
}

/**
 * Whether a key is the caller's own. A key that is confined to some endpoints has but itself: the other keys of its
 * owner may do more.
 */
export function isOwnKey({ role, userId, keyId }: Caller, tenant: Tenant): boolean {
  const isOwner = role !== 'team_key' && userId !== undefined && tenant.userId === userId;
  return tenant.keyId !== undefined && (tenant.keyId === keyId || isOwner);
}
