import type { ProjectionSubject } from '../gateway/gate.ts';
import type { Records } from '../stores.ts';

/**
 * Has the gate look at the end users of an organization from now on. Until the first of them is bounded or blocked it
 * does not, so that their calls cost what all others cost.
 */
export async function watchEndUsers(records: Records, organizationId: string): Promise<void> {
  const organization = await records.organizations.find(organizationId);
  if (organization === undefined || organization.boundsEndUsers) {
    return;
  }
  await records.organizations.update(organizationId, { boundsEndUsers: true });
  await records.outbox.add({ kind: 'organization.changed', organizationId });
}

/**
 * What the gate must know for a bound of an end user to hold: whom it bounds, and that it is to look at all. Each change
 * tells both, because the one that had it look may not have told it yet.
 */
export function watchedEndUser(
  organizationId: string,
  endUserId: string,
): readonly ProjectionSubject[] {
  return [{ organizationId, endUserId }, { organizationId }];
}
