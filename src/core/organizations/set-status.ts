import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { complaintAboutStatus, spokenStanding, standingAfter, verbOf } from '../status.ts';
import type { StatusChange } from '../status.ts';
import type { Stores } from '../stores.ts';
import type { Organization } from './organization.ts';

export interface OrganizationStatusSet {
  readonly organization: Organization;
  /** False if the organization had this status already. */
  readonly changed: boolean;
}

/**
 * Suspends, pauses, archives or resumes a customer, for good or until a moment. Holds on the next request of
 * every replica. Its teams keep their own states, which count again when it is resumed.
 */
export async function setOrganizationStatus(
  stores: Stores,
  actor: Actor,
  wish: StatusChange & { readonly organizationId: string },
): Promise<OrganizationStatusSet | Refusal> {
  const { organizationId } = wish;
  const set = await stores.records.change<OrganizationStatusSet>(async (records) => {
    const organization = await records.organizations.locked(organizationId);
    if (organization === undefined) {
      return refuse('organization_unknown', { organization: organizationId });
    }
    const refusal = complaintAboutStatus(wish, stores.clock());
    if (refusal !== undefined) {
      return refusal;
    }
    const after = standingAfter(organization, wish);
    if (after === undefined) {
      return { organization, changed: false };
    }
    await records.organizations.update(organizationId, after);
    await records.audit.write({
      actor,
      action: `organization.${verbOf(wish.status)}`,
      target: `organization:${organizationId}`,
      before: spokenStanding(organization),
      after: spokenStanding(after),
      ...(wish.reason === undefined ? {} : { reason: wish.reason }),
    });
    await records.outbox.add({ kind: 'organization.changed', organizationId });
    return { organization: { ...organization, ...after }, changed: true };
  });
  if (!isRefusal(set)) {
    await tellGate(stores, { organizationId });
  }
  return set;
}
