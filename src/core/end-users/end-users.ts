// End users of customers: made, changed, forgotten. Each change locks the organization first, so that none waits for
// another in a ring, whichever end users they are about.

import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import { tellGate } from '../change.ts';
import { complaintAboutName } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { complaintAboutEndUserId } from './end-user.ts';
import type { EndUser } from './end-user.ts';

export type EndUserChange = Partial<Pick<EndUser, 'alias' | 'metadata'>>;
export type EndUserWish = Pick<EndUser, 'organizationId' | 'id'> & EndUserChange;

/** Makes an end user of an organization that is there. */
export async function createEndUser(
  stores: Stores,
  actor: Actor,
  { organizationId, id, alias = null, metadata = {} }: EndUserWish,
): Promise<EndUser | Refusal> {
  const complaint = complaintAboutEndUserId(id);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'user_id', complaint });
  }
  const refusal = complaintAboutAlias(alias);
  if (refusal !== undefined) {
    return refusal;
  }
  return stores.records.change<EndUser>(async (records) => {
    if ((await records.organizations.locked(organizationId)) === undefined) {
      return refuse('organization_unknown', { organization: organizationId });
    }
    if (!(await records.endUsers.insert({ organizationId, id, alias, metadata }))) {
      return refuse('end_user_exists', { endUser: id, organization: organizationId });
    }
    const target = targetOf(organizationId, id);
    await records.audit.write({ actor, action: 'end_user.created', target, after: { alias } });
    // Read back in the same transaction: what was inserted is there.
    return (await records.endUsers.find(organizationId, id)) as EndUser;
  });
}

/** Changes what an end user is called. */
export async function updateEndUser(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<EndUser, 'organizationId' | 'id'>,
  change: EndUserChange,
): Promise<EndUser | Refusal> {
  const refusal = complaintAboutAlias(change.alias ?? null);
  if (refusal !== undefined) {
    return refusal;
  }
  return stores.records.change<EndUser>(async (records) => {
    await records.organizations.locked(organizationId);
    const before = await findEndUser(records, organizationId, id);
    if ('refused' in before) {
      return before;
    }
    await records.endUsers.update(organizationId, id, change);
    await records.audit.write({
      actor,
      action: 'end_user.updated',
      target: targetOf(organizationId, id),
      before: { alias: before.alias },
      after: { ...change },
    });
    return { ...before, ...change };
  });
}

/** Forgets an end user, and with them what bounds them. What was used for them stays on record. */
export async function removeEndUser(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<EndUser, 'organizationId' | 'id'>,
): Promise<EndUser | Refusal> {
  const removed = await stores.records.change<EndUser>(async (records) => {
    await records.organizations.locked(organizationId);
    const endUser = await findEndUser(records, organizationId, id);
    if ('refused' in endUser) {
      return endUser;
    }
    const target = targetOf(organizationId, id);
    await records.plans.follow(target, null);
    await records.endUsers.remove(organizationId, id);
    const before = { alias: endUser.alias };
    await records.audit.write({ actor, action: 'end_user.removed', target, before });
    await records.outbox.add({ kind: 'end_user.changed', organizationId, endUserId: id });
    return endUser;
  });
  if (!('refused' in removed)) {
    await tellGate(stores, { organizationId, endUserId: id });
  }
  return removed;
}

/** One that is there. */
export async function findEndUser(
  { endUsers }: Pick<Records, 'endUsers'>,
  organizationId: string,
  id: string,
): Promise<EndUser | Refusal> {
  const endUser =
    complaintAboutEndUserId(id) === undefined ? await endUsers.find(organizationId, id) : undefined;
  return endUser ?? refuse('end_user_unknown', { endUser: id, organization: organizationId });
}

function targetOf(organizationId: string, endUserId: string): string {
  return subjectText({ kind: 'end_user', organizationId, endUserId });
}

function complaintAboutAlias(alias: string | null): Refusal | undefined {
  const complaint = alias === null ? undefined : complaintAboutName(alias);
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'alias', complaint });
}
