import type { Ceilings } from '../ceilings/ceilings.ts';

/** A person of a customer, to whom keys and memberships belong. Of one organization only. */
export interface User {
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: OrganizationRole;
  readonly ceilings: Ceilings;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
  /** When somebody changed it last. */
  readonly updatedAt: Date;
}

/**
 * A person in a team. One that was removed stays on record, because the gate looks for the member of each
 * key that belongs to a person; its keys of this team are blocked.
 */
export interface Member {
  readonly teamId: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly role: MemberRole;
  readonly ceilings: Ceilings;
  readonly version: bigint;
  readonly createdAt: Date;
}

export const ORGANIZATION_ROLES = ['admin', 'member'] as const;
/** What a person may in the organization as a whole. */
export type OrganizationRole = (typeof ORGANIZATION_ROLES)[number];

export const TEAM_ROLES = ['admin', 'user'] as const;
/** What a member may be given. */
export type TeamRole = (typeof TEAM_ROLES)[number];
export type MemberRole = TeamRole | 'removed';

/** As long as an e-mail address may be (RFC 5321), for those who use it as the id. */
export const USER_ID_MAX_LENGTH = 254;

const USER_ID = /^[A-Za-z0-9][A-Za-z0-9._@+:|~-]*$/;
const EMAIL = /^[^\s@<>,;\p{Cc}\p{Cf}\p{Cs}]+@[^\s@<>,;\p{Cc}\p{Cf}\p{Cs}]+$/u;

/** What is wrong with the id of a person, or undefined if nothing is. E-mail addresses are ids, too. */
export function complaintAboutUserId(id: string): string | undefined {
  if (id.length > USER_ID_MAX_LENGTH) {
    return `it has ${id.length} characters, at most ${USER_ID_MAX_LENGTH} are allowed`;
  }
  return USER_ID.test(id)
    ? undefined
    : 'only letters, digits and . _ @ + : | ~ - are allowed, and the first must be a letter or digit';
}

/** What is wrong with an e-mail address, or undefined if nothing is. */
export function complaintAboutEmail(email: string): string | undefined {
  if (email.length > USER_ID_MAX_LENGTH) {
    return `it has ${email.length} characters, at most ${USER_ID_MAX_LENGTH} are allowed`;
  }
  return EMAIL.test(email) ? undefined : 'it is no e-mail address';
}
