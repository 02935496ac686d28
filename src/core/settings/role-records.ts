import type { RoleGrant } from '../policy.ts';

/** Roles that owners gave, beside those of the configuration file. */
export interface RoleRecords {
  list(): Promise<RoleGrant[]>;
  /** Until this change is over, nobody else gives or takes a role. */
  lock(): Promise<void>;
  /** False if it was given before. */
  add(grant: RoleGrant, givenBy: string): Promise<boolean>;
  /** False if there is no such one. */
  remove(grant: RoleGrant): Promise<boolean>;
}
