// Who may do what in Slack: one table. A person may hold several roles, for all organizations or for one; what a
// role of one organization allows, it allows there alone.

/** From the least to the most. */
export const ROLES = ['viewer', 'approver', 'manager', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** What people may do, in as many kinds as are told apart, and the least role that may. Who is above it may, too. */
export const POLICY = {
  /** Teams, credits, usage, proposals; keys without their secrets. */
  look: 'viewer',
  /** To search, verify and export the audit trail. */
  audit: 'approver',
  /** To approve, reject and ask about what others proposed, where a proposal names nobody else. */
  decide: 'approver',
  /** To change what bounds and funds a customer; above the approval policy's amounts, to propose it. */
  change: 'manager',
  /** To give and take roles. */
  settings: 'owner',
} as const satisfies Record<string, Role>;

/** A role as it is given: by the file or by an owner. */
export interface RoleGrant {
  /** A person (U…, W…) or a user group (S…). */
  readonly holder: string;
  readonly role: Role;
  /** Null for all organizations. */
  readonly organizationId: string | null;
}

/** Whether a role is as good as the needed one. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Whether a role counts for an organization; without one, whether it counts for all of them. */
export function countsFor(
  { organizationId: of }: RoleGrant,
  organizationId: string | undefined,
): boolean {
  return of === null || of === organizationId;
}
