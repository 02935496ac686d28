// Blocking end users: calls that name one are refused, all other calls of the same key pass.

import type { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { setEndUserStatus } from '../../core/end-users/block-end-user.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import { createEndUser } from '../../core/end-users/end-users.ts';
import { inTurn } from '../../core/in-turn.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { CUSTOMERS_BLOCKED } from './answers/customers.ts';
import { customerViews } from './customer-view.ts';
import { ensureDefault, organizationFrom } from './default-organization.ts';
import { findEndUsers, ofEndUsers, SOME_CUSTOMERS } from './find-customer.ts';

/** LiteLLM blocks whom it does not know, too: their first call is refused. */
export const customerBlockEndpoint = endpoint({
  summary: 'Block end users, all of them or none: calls that name one are refused',
  action: 'organization.people.change',
  target: async (_stores, { body }) => [{ organizationId: organizationFrom(body.organization_id) }],
  body: SOME_CUSTOMERS,
  query: NO_QUERY,
  answer: CUSTOMERS_BLOCKED,
  async handle({ stores, actor, body }) {
    const organizationId = organizationFrom(body.organization_id);
    const done = await together(stores, async (inside) => {
      const refusal = await ensureDefault(inside, actor, organizationId);
      return refusal ?? block(inside, actor, organizationId, body.user_ids);
    });
    return isRefusal(done) ? done : { blocked_users: await customerViews(stores, done) };
  },
});

async function block(
  stores: Stores,
  actor: Actor,
  organizationId: string,
  ids: readonly string[],
): Promise<EndUser[] | Refusal> {
  // In the order in which the drain puts new ones on record: so neither waits for the other in a ring.
  return inTurn([...new Set(ids)].toSorted(), async (id) => {
    const made = await createEndUser(stores, actor, { organizationId, id });
    return isRefusal(made) && made.refused !== 'end_user_exists'
      ? made
      : setEndUserStatus(stores, actor, { organizationId, id }, 'blocked');
  });
}

export const customerUnblockEndpoint = endpoint({
  summary: 'Unblock end users, all of them or none',
  action: 'organization.people.change',
  target: ofEndUsers<z.output<typeof SOME_CUSTOMERS>, unknown>(({ body }) => body),
  body: SOME_CUSTOMERS,
  query: NO_QUERY,
  answer: CUSTOMERS_BLOCKED,
  async handle({ stores, actor, body, within }) {
    const customers = await findEndUsers(stores, within, body);
    if (isAnswer(customers)) {
      return customers;
    }
    const done = await together<EndUser[]>(stores, async (inside) =>
      inTurn(customers, async (customer) => setEndUserStatus(inside, actor, customer, 'active')),
    );
    return isRefusal(done) ? done : { blocked_users: await customerViews(stores, done) };
  },
});
