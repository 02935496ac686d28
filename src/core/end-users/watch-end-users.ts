import type { ProjectionSubject } from '../gateway/gate.ts';
import type { Records } from '../stores.ts';

/**
 * Has the gate look at the end users of an organization from now on; answers who is to be told of that. Until the first
 * of them is bounded or blocked it does not, so that their calls cost what all others cost.
 */
export async function watchEndUsers(
  records: Records,
  organizationId: string,
): Promise<readonly ProjectionSubject[]> {
  const organization = await records.organizations.find(organizationId);
  if (organization === undefined || organization.boundsEndUsers) {
    return [];
  }
  await records.organizations.update(organizationId, { boundsEndUsers: true });
  await records.outbox.add({ kind: 'organization.changed', organizationId });
  return [{ organizationId }];
}
