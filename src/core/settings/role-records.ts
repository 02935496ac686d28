import type { RoleGrant } from '../policy.ts';

/** A role that an owner gave. */
export interface GivenRole extends RoleGrant {
  /** The actor. */
  readonly givenBy: string;
  readonly givenAt: Date;
}

/** Roles that owners gave, beside those of the configuration file. */
export interface RoleRecords {
  /** In the order of their giving. */
  list(): Promise<GivenRole[]>;
  /** Until this change is over, nobody else gives or takes a role. */
  lock(): Promise<void>;
  /** False if it was given before. */
  add(grant: RoleGrant, givenBy: string): Promise<boolean>;
  /** False if there is no such one. */
  remove(grant: RoleGrant): Promise<boolean>;
}
