// The one table of who may what. A door says which action each of its routes is; it decides nothing.

import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { isPersonalTeam } from '../teams/personal-team.ts';
import { isOwnKey, ROLES, sees } from './caller.ts';
import type { Caller, Role, Tenant } from './caller.ts';

const STAFF: readonly Role[] = ['owner', 'admin'];
const READERS: readonly Role[] = [...STAFF, 'viewer'];
const ORGANIZATION: readonly Role[] = [...STAFF, 'organization_admin'];
const TEAM: readonly Role[] = [...ORGANIZATION, 'team_admin'];
const ORGANIZATION_READERS: readonly Role[] = [...READERS, 'organization_admin'];
const TEAM_READERS: readonly Role[] = [...ORGANIZATION_READERS, 'team_admin'];
const EVERYBODY: readonly Role[] = [...TEAM_READERS, 'member', 'team_key'];

export const PERMISSIONS = {
  'organization.create': STAFF,
  'organization.read': ORGANIZATION_READERS,
  /** Its name, time zone, status, and what bounds it: an organization does not set its own bounds. */
  'organization.change': STAFF,
  'organization.people.read': ORGANIZATION_READERS,
  'organization.people.change': ORGANIZATION,
  'organization.usage': ORGANIZATION_READERS,

  'team.create': ORGANIZATION,
  'team.read': EVERYBODY,
  /** Its name, notes and own names for models. */
  'team.change': TEAM,
  /** Which models it may use. */
  'team.models': ORGANIZATION,
  /** What it pays, how far it may fall below 0, what bounds it. */
  'team.terms': STAFF,
  /** Suspending and resuming: who is held back must not lift it. */
  'team.status': STAFF,
  'team.delete': STAFF,
  'team.people.read': [...TEAM_READERS, 'member'],
  'team.people.change': TEAM,
  'team.limits': STAFF,
  'team.usage': EVERYBODY,
  'team.jobs': EVERYBODY,

  'person.limits': TEAM,
  'key.read': TEAM_READERS,
  'key.create': TEAM,
  'key.change': TEAM,
  'key.rotate': TEAM,
  /** To let a key manage. */
  'key.grant': TEAM,

  'credits.read': EVERYBODY,
  /** Credits are money: they come from whoever runs this system. */
  'credits.change': STAFF,

  /** What waits for a second person, of every customer. */
  'approval.read': READERS,
  'approval.decide': STAFF,

  'models.read': EVERYBODY,
  /** What serves a model and at what price: nothing for customers. */
  'models.details': READERS,
  'models.change': STAFF,
  'credentials.read': READERS,
  'credentials.change': STAFF,
  'system.read': READERS,
  /** Everything at this door that changes the system as a whole. */
  'system.change': STAFF,
  'staff.read': STAFF,
  'staff.change': STAFF,
  /** One's own account. */
  self: READERS,
  /** Signing in: open to everybody. */
  'session.open': ROLES,
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof PERMISSIONS;

/** What everybody may do with a key of their own. */
const WITH_OWN_KEY: readonly Action[] = ['key.read', 'key.rotate'];

const CHANGES_KEY: readonly Action[] = ['key.change', 'key.rotate'];

const GIVES_SECRET: readonly Action[] = ['key.create', 'key.rotate'];

/** What a key may be granted beside what its role may, within its own team. */
export const GRANTABLE = [
  'team.change',
  'team.people.read',
  'team.people.change',
  'person.limits',
  'key.read',
  'key.create',
  'key.change',
  'key.rotate',
] as const satisfies readonly Action[];

/** Whether an action is the caller's at all, on rows that are in sight. */
export function may({ role, granted = [] }: Caller, action: Action): boolean {
  return (
    rolesOf(action).includes(role) || granted.some((each) => each === action && isGrantable(each))
  );
}

/** Whether the caller may have some row for which this is allowed: asked before the row is known. */
export function mayEver(caller: Caller, action: Action): boolean {
  return may(caller, action) || WITH_OWN_KEY.includes(action);
}

/** Refuses an action on rows; `undefined` among them is one that does not exist. */
export function complaintAboutAction(
  caller: Caller,
  action: Action,
  tenants: readonly (Tenant | undefined)[],
): Refusal | undefined {
  const allowed = may(caller, action);
  const mayOwn = WITH_OWN_KEY.includes(action);
  if (!allowed && !mayOwn) {
    return refuseRole(action);
  }
  for (const tenant of tenants) {
    // Who may not see a row is not told whether it exists.
    if (tenant === undefined ? !isStaff(caller) : !sees(caller, tenant)) {
      return refuse('row_of_another', {
        scope: caller.teamId === undefined ? 'organization' : 'team',
      });
    }
    if (tenant !== undefined && isUnlimited(caller, action, tenant)) {
      return refuseRole('team.terms');
    }
    if (
      tenant !== undefined &&
      !isOwnKey(caller, tenant) &&
      (!allowed || isPersonal(caller, action, tenant))
    ) {
      return refuseRole(action);
    }
  }
  return tenants.length === 0 && !allowed ? refuseRole(action) : undefined;
}

/**
 * Whether a key is another person's and not for this caller to change: whoever gets hold of its secret may do what
 * that person may, which can be more.
 */
function isPersonal({ role }: Caller, action: Action, { userId = null }: Tenant): boolean {
  return userId !== null && CHANGES_KEY.includes(action) && !ORGANIZATION.includes(role);
}

/** Whether it would give the caller a secret for a team without limits. */
function isUnlimited(caller: Caller, action: Action, tenant: Tenant): boolean {
  return (
    GIVES_SECRET.includes(action) &&
    tenant.teamId !== undefined &&
    isPersonalTeam(tenant.teamId) &&
    !isOwnKey(caller, tenant) &&
    !may(caller, 'team.terms')
  );
}

/** Those who see every customer. */
export function isStaff({ organizationId }: Caller): boolean {
  return organizationId === undefined;
}

export function refuseRole(action: Action): Refusal {
  return refuse('role_insufficient', { needed: rolesOf(action).join(', ') });
}

function rolesOf(action: Action): readonly Role[] {
  return PERMISSIONS[action];
}

/** Refuses what no key may be granted. */
export function complaintAboutGranted(
  field: string,
  actions: readonly string[],
): Refusal | undefined {
  const unknown = actions.find((each) => !isGrantable(each));
  const complaint = `"${unknown}" is nothing that can be granted, there are ${GRANTABLE.join(', ')}`;
  return unknown === undefined ? undefined : refuse('value_invalid', { field, complaint });
}

function isGrantable(action: string): boolean {
  return GRANTABLE.some((each) => each === action);
}
