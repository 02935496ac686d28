import type { Ceilings } from '../ceilings/ceilings.ts';

/**
 * Whom a customer's own program calls for: an end user, by the name that calls give. Made by hand or with the first
 * call that names it; of one organization only, as what it uses is counted there.
 */
export interface EndUser {
  readonly organizationId: string;
  readonly id: string;
  readonly alias: string | null;
  readonly status: EndUserStatus;
  readonly ceilings: Ceilings;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
}

/** The calls that name one who is blocked are refused; all other calls of the same key pass. */
export type EndUserStatus = 'active' | 'blocked';

/** As long as the id of a person may be. */
export const END_USER_ID_MAX_LENGTH = 254;

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** What is wrong with the id of an end user, or undefined if nothing is: programs name them as they like. */
export function complaintAboutEndUserId(id: string): string | undefined {
  if (id === '' || id.length > END_USER_ID_MAX_LENGTH) {
    return `it has ${id.length} characters, 1 to ${END_USER_ID_MAX_LENGTH} are allowed`;
  }
  return UNPRINTABLE.test(id) ? 'it holds characters that cannot be seen' : undefined;
}
