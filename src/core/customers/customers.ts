// End users of customers: made, changed, forgotten.

import type { Actor } from '../audit/audit.ts';
import { complaintAboutName } from '../ids.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { complaintAboutCustomerId } from './customer.ts';
import type { Customer } from './customer.ts';

export type CustomerChange = Partial<Pick<Customer, 'alias' | 'metadata'>>;
export type CustomerWish = Pick<Customer, 'organizationId' | 'id'> & CustomerChange;

/** Makes an end user of an organization that is there. */
export async function createCustomer(
  stores: Stores,
  actor: Actor,
  { organizationId, id, alias = null, metadata = {} }: CustomerWish,
): Promise<Customer | Refusal> {
  const complaint = complaintAboutCustomerId(id);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: 'user_id', complaint });
  }
  const refusal = complaintAboutAlias(alias);
  if (refusal !== undefined) {
    return refusal;
  }
  return stores.records.change<Customer>(async (records) => {
    if ((await records.organizations.find(organizationId)) === undefined) {
      return refuse('organization_unknown', { organization: organizationId });
    }
    if (!(await records.customers.insert({ organizationId, id, alias, metadata }))) {
      return refuse('customer_exists', { customer: id, organization: organizationId });
    }
    const target = targetOf(organizationId, id);
    await records.audit.write({ actor, action: 'customer.created', target, after: { alias } });
    // Read back in the same transaction: what was inserted is there.
    return (await records.customers.find(organizationId, id)) as Customer;
  });
}

/** Changes what an end user is called. */
export async function updateCustomer(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<Customer, 'organizationId' | 'id'>,
  change: CustomerChange,
): Promise<Customer | Refusal> {
  const refusal = complaintAboutAlias(change.alias ?? null);
  if (refusal !== undefined) {
    return refusal;
  }
  return stores.records.change<Customer>(async (records) => {
    const before = await found(records, organizationId, id);
    if ('refused' in before) {
      return before;
    }
    await records.customers.update(organizationId, id, change);
    await records.audit.write({
      actor,
      action: 'customer.updated',
      target: targetOf(organizationId, id),
      before: { alias: before.alias },
      after: { ...change },
    });
    return { ...before, ...change };
  });
}

/** Forgets an end user. What was used for them stays on record. */
export async function removeCustomer(
  stores: Stores,
  actor: Actor,
  { organizationId, id }: Pick<Customer, 'organizationId' | 'id'>,
): Promise<Customer | Refusal> {
  return stores.records.change<Customer>(async (records) => {
    const customer = await found(records, organizationId, id);
    if ('refused' in customer) {
      return customer;
    }
    await records.customers.remove(organizationId, id);
    const target = targetOf(organizationId, id);
    const before = { alias: customer.alias };
    await records.audit.write({ actor, action: 'customer.removed', target, before });
    return customer;
  });
}

async function found(
  { customers }: Records,
  organizationId: string,
  id: string,
): Promise<Customer | Refusal> {
  const customer =
    complaintAboutCustomerId(id) === undefined
      ? await customers.find(organizationId, id)
      : undefined;
  return customer ?? refuse('customer_unknown', { customer: id, organization: organizationId });
}

function complaintAboutAlias(alias: string | null): Refusal | undefined {
  const complaint = alias === null ? undefined : complaintAboutName(alias);
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'alias', complaint });
}

function targetOf(organizationId: string, id: string): string {
  return `customer:${organizationId}/${id}`;
}
