import type { Ceilings } from '../ceilings/ceilings.ts';

/** A person of a customer, to whom keys and memberships belong. Of one organization only. */
export interface User {
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly ceilings: Ceilings;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
}

/** A person in a team. */
export interface Member {
  readonly teamId: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly role: MemberRole;
  readonly ceilings: Ceilings;
  readonly version: bigint;
  readonly createdAt: Date;
}

export type MemberRole = 'admin' | 'user';
