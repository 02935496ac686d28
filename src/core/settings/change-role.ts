// Giving and taking roles, beside those of the configuration file. The table is locked: two owners who take each
// other's role at the same time do not leave the house without one.

import type { Actor } from '../audit/audit.ts';
import { ROLES } from '../policy.ts';
import type { RoleGrant } from '../policy.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';

export interface RoleChange {
  readonly what: 'give' | 'take';
  readonly grant: RoleGrant;
}

/** What holds beside the records. */
export interface RoleSurroundings {
  /** Roles of the configuration file. */
  readonly fixed: readonly RoleGrant[];
  /** Who holds what now, as people: a group without members and an account that was closed hold nothing. */
  readonly isAlive: (holder: string) => boolean;
}

export interface RoleChanged {
  /** False if it stood so already. */
  readonly changed: boolean;
}

const HOLDER = /^[UWS][A-Z0-9]{2,30}$/;

/** Gives or takes one role. It holds from the commit on: every bot reads roles when it asks for them. */
export async function changeRole(
  stores: Stores,
  actor: Actor,
  { what, grant }: RoleChange,
  { fixed, isAlive }: RoleSurroundings,
): Promise<RoleChanged | Refusal> {
  if (!HOLDER.test(grant.holder) || !ROLES.includes(grant.role)) {
    const complaint = 'it is no person (U…, W…) or user group (S…) with a role';
    return refuse('value_invalid', { field: 'who', complaint });
  }
  return stores.records.change<RoleChanged>(async (records) => {
    await records.roles.lock();
    const { organizationId } = grant;
    const isUnknown =
      organizationId !== null && (await records.organizations.find(organizationId)) === undefined;
    if (isUnknown && what === 'give') {
      return refuse('organization_unknown', { organization: organizationId });
    }
    const before = await records.roles.list();
    if (what === 'take' && !before.some((each) => isSame(each, grant))) {
      return refuse('value_invalid', { field: 'who', complaint: whyNotTaken(fixed, grant) });
    }
    const changed = await (what === 'give'
      ? records.roles.add(grant, actor.id)
      : records.roles.remove(grant));
    const after = await records.roles.list();
    const owners = [...fixed, ...after].filter(isOwnerOfAll);
    if (what === 'take' && isOwnerOfAll(grant) && !owners.some(({ holder }) => isAlive(holder))) {
      return refuse('last_owner');
    }
    if (changed) {
      await note(records, actor, { what, grant }, { before, after });
    }
    return { changed };
  });
}

export function isSame(one: RoleGrant, other: RoleGrant): boolean {
  return (
    one.holder === other.holder &&
    one.role === other.role &&
    one.organizationId === other.organizationId
  );
}

export function isOwnerOfAll({ role, organizationId }: RoleGrant): boolean {
  return role === 'owner' && organizationId === null;
}

function whyNotTaken(fixed: readonly RoleGrant[], grant: RoleGrant): string {
  return fixed.some((each) => isSame(each, grant))
    ? 'this role is given by the configuration file, so take it out there (slack.roles in quartermaster.yaml) and restart'
    : `the role ${roleText(grant)} was not given to them here`;
}

async function note(
  records: Records,
  actor: Actor,
  { what, grant }: RoleChange,
  { before, after }: { before: readonly RoleGrant[]; after: readonly RoleGrant[] },
): Promise<void> {
  const rolesOf = (grants: readonly RoleGrant[]) => ({
    roles: grants.filter(({ holder }) => holder === grant.holder).map(roleText),
  });
  await records.audit.write({
    actor,
    action: what === 'give' ? 'role.given' : 'role.taken',
    target: `slack:${grant.holder}`,
    before: rolesOf(before),
    after: rolesOf(after),
  });
}

/** `manager`, `manager of acme`. */
export function roleText({ role, organizationId }: RoleGrant): string {
  return organizationId === null ? role : `${role} of ${organizationId}`;
}
