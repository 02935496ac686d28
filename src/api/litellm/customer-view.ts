import { usdToNumber } from '../../core/money.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import type { CeilingPlan } from '../../core/plans/plan.ts';
import type { Stores } from '../../core/stores.ts';
import { boundsView } from './bounds.ts';
import { shownOrganization } from './default-organization.ts';
import { extrasOf, shownMetadata } from './extras.ts';
import type { Json } from './extras.ts';
import type { CUSTOMER_TOLD } from './answers/customers.ts';
import type { Told } from '../told.ts';

const NOTHING: ReadonlyMap<string, bigint> = new Map();
const NO_PLANS: ReadonlyMap<string, CeilingPlan> = new Map();

/** End users as LiteLLM shows them. */
export async function customerViews(
  { records }: Stores,
  customers: readonly EndUser[],
): Promise<Told<typeof CUSTOMER_TOLD>[]> {
  const ids = customers.map(({ id }) => id);
  const names = customers.map(nameOf);
  const [used, brought, plans] =
    ids.length === 0
      ? [[], NOTHING, NO_PLANS]
      : await Promise.all([
          records.usage.ofEndUsers({ endUserIds: ids, each: 'end_user' }),
          records.broughtSpends.amounts(names),
          records.plans.followed(names),
        ]);
  const spends = new Map(
    used.map(({ organizationId, endUserId: id, costNanoUsd }) => [
      nameOf({ organizationId, id }),
      costNanoUsd,
    ]),
  );
  return customers.map((customer) => {
    const { organizationId, id, alias, status, ceilings, metadata, createdAt } = customer;
    const extras = extrasOf(metadata);
    const name = nameOf(customer);
    const plan = plans.get(name);
    const budgetId = plan?.id ?? null;
    const spelled = extras['budget_duration'] ?? extrasOf(plan?.metadata ?? {})['budget_duration'];
    const isBounded = ceilings.limits.length + ceilings.budgets.length > 0;
    return {
      user_id: id,
      organization_id: shownOrganization(organizationId),
      alias,
      blocked: status === 'blocked',
      spend: usdToNumber((spends.get(name) ?? 0n) + (brought.get(name) ?? 0n)),
      allowed_model_region: null,
      default_model: (extras['default_model'] ?? null) as string | null,
      models: [],
      budget_id: budgetId,
      litellm_budget_table: isBounded
        ? { budget_id: budgetId, ...boundsView(ceilings, spelled) }
        : null,
      object_permission_id: null,
      object_permission: (extras['object_permission'] ?? null) as Json | null,
      metadata: shownMetadata(metadata),
      created_at: createdAt.toISOString(),
    };
  });
}

function nameOf({ organizationId, id }: Pick<EndUser, 'organizationId' | 'id'>): string {
  return subjectText({ kind: 'end_user', organizationId, endUserId: id });
}

export async function customerView(
  stores: Stores,
  customer: EndUser,
): Promise<Told<typeof CUSTOMER_TOLD>> {
  const [view] = await customerViews(stores, [customer]);
  // One for each that was asked for.
  return view as Told<typeof CUSTOMER_TOLD>;
}
