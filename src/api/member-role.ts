import type { Caller } from '../core/permission/caller.ts';
import { may, refuseRole } from '../core/permission/permissions.ts';
import type { Refusal } from '../core/refusals.ts';

/** Whoever makes team admins can become one: a key that may change people must not let others manage. */
export function complaintAboutRoles(
  caller: Caller,
  members: readonly { readonly role?: string | null | undefined }[],
): Refusal | undefined {
  return members.some(({ role }) => role === 'admin') && !may(caller, 'key.grant')
    ? refuseRole('key.grant')
    : undefined;
}
