import { DEFAULT_TIME_ZONE } from '../time-zone.ts';
import { NO_CEILINGS } from '../ceilings/ceilings.ts';
import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { complaintAboutId, complaintAboutName } from '../ids.ts';
import { complaintAboutModels } from '../models/model-rules.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Organization } from './organization.ts';

export interface OrganizationWish {
  readonly id: string;
  readonly name: string;
  /** Where its news are told; nowhere if absent. */
  readonly channelId?: string | undefined;
  /** What its teams may use at most; all models if absent or empty. */
  readonly models?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Creates a customer. */
export async function createOrganization(
  stores: Stores,
  actor: Actor,
  wish: OrganizationWish,
): Promise<Organization | Refusal> {
  const created = await stores.records.change(async (records) => {
    const refusal = await insertOrganization(records, actor, wish);
    // Read back in the same transaction: what was inserted is there.
    return refusal ?? ((await records.organizations.find(wish.id)) as Organization);
  });
  if (!isRefusal(created) && created.models.length > 0) {
    await tellGate(stores, { catalog: true });
  }
  return created;
}

/** Creates a customer as a part of a larger change. */
export async function insertOrganization(
  records: Records,
  actor: Actor,
  wish: OrganizationWish,
): Promise<Refusal | undefined> {
  const aboutId = complaintAboutId(wish.id);
  if (aboutId !== undefined) {
    return refuse('value_invalid', { field: 'organization_id', complaint: aboutId });
  }
  const aboutName = complaintAboutName(wish.name);
  if (aboutName !== undefined) {
    return refuse('value_invalid', { field: 'name', complaint: aboutName });
  }
  const aboutModels = complaintAboutModels(wish.models ?? []);
  if (aboutModels !== undefined) {
    return aboutModels;
  }
  const inserted = await records.organizations.insert({
    id: wish.id,
    name: wish.name,
    status: 'active',
    statusReason: null,
    statusUntil: null,
    timeZone: DEFAULT_TIME_ZONE,
    ceilings: NO_CEILINGS,
    overAllocation: 'allowed',
    boundsEndUsers: false,
    usageRetentionDays: null,
    channelId: wish.channelId ?? null,
    models: [...(wish.models ?? [])],
    metadata: wish.metadata ?? {},
  });
  if (!inserted) {
    return refuse('organization_exists', { organization: wish.id });
  }
  await records.audit.write({
    actor,
    action: 'organization.created',
    target: `organization:${wish.id}`,
    after: { name: wish.name },
  });
  await records.outbox.add({ kind: 'organization.changed', organizationId: wish.id });
  if ((wish.models ?? []).length > 0) {
    await records.catalog.lockForChange();
    await records.outbox.add({ kind: 'catalog.changed' });
  }
  return undefined;
}
