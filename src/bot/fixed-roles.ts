import type { SlackRoles } from '../config/settings.ts';
import type { Role, RoleGrant } from '../core/policy.ts';

/** The roles of the configuration file, one by one. */
export function fixedGrants({ organizations = {}, ...all }: SlackRoles): RoleGrant[] {
  const scopes: [string | null, Omit<SlackRoles, 'organizations'>][] = [
    [null, all],
    ...Object.entries(organizations),
  ];
  return scopes.flatMap(([organizationId, { owners = [], managers, approvers, viewers }]) =>
    Object.entries({
      owner: owners,
      manager: managers,
      approver: approvers,
      viewer: viewers,
    }).flatMap(([role, holders]) =>
      holders.map((holder) => ({ holder, role: role as Role, organizationId })),
    ),
  );
}
