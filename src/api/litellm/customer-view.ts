import { usdToNumber } from '../../core/money.ts';
import { endUserText } from '../../core/end-users/end-user.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import type { Stores } from '../../core/stores.ts';
import { shownOrganization } from './default-organization.ts';
import { extrasOf, shownMetadata } from './extras.ts';
import type { Json } from './extras.ts';
import type { CUSTOMER_TOLD } from './answers/customers.ts';
import type { Told } from '../told.ts';

const NOTHING: ReadonlyMap<string, bigint> = new Map();

/** End users as LiteLLM shows them. */
export async function customerViews(
  { records }: Stores,
  customers: readonly EndUser[],
): Promise<Told<typeof CUSTOMER_TOLD>[]> {
  const ids = customers.map(({ id }) => id);
  const [used, brought] =
    ids.length === 0
      ? [[], NOTHING]
      : await Promise.all([
          records.usage.ofEndUsers({ endUserIds: ids, each: 'end_user' }),
          records.broughtSpends.amounts(
            customers.map(({ organizationId, id }) => endUserText(organizationId, id)),
          ),
        ]);
  const spends = new Map(
    used.map(({ organizationId, endUserId, costNanoUsd }) => [
      endUserText(organizationId, endUserId),
      costNanoUsd,
    ]),
  );
  return customers.map(({ organizationId, id, alias, metadata, createdAt }) => {
    const extras = extrasOf(metadata);
    const name = endUserText(organizationId, id);
    return {
      user_id: id,
      organization_id: shownOrganization(organizationId),
      alias,
      blocked: false,
      spend: usdToNumber((spends.get(name) ?? 0n) + (brought.get(name) ?? 0n)),
      allowed_model_region: null,
      default_model: (extras['default_model'] ?? null) as string | null,
      models: [],
      budget_id: null,
      litellm_budget_table: null,
      object_permission_id: null,
      object_permission: (extras['object_permission'] ?? null) as Json | null,
      metadata: shownMetadata(metadata),
      created_at: createdAt.toISOString(),
    };
  });
}

export async function customerView(
  stores: Stores,
  customer: EndUser,
): Promise<Told<typeof CUSTOMER_TOLD>> {
  const [view] = await customerViews(stores, [customer]);
  // One for each that was asked for.
  return view as Told<typeof CUSTOMER_TOLD>;
}
