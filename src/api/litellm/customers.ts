// /customer/*: end users, whom the programs of customers call for. LiteLLM knows each id once; here an end user
// belongs to one organization, as what it uses is counted there. Those without one are in the default organization,
// like teams and people without one.

import { z } from 'zod';
import { createEndUser, removeEndUser, updateEndUser } from '../../core/end-users/end-users.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import { inTurn } from '../../core/in-turn.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { KEPT_OF_CUSTOMER } from './kept-only.ts';
import { boundEndUser, CUSTOMER_BOUNDS } from './customer-bounds.ts';
import { customerView } from './customer-view.ts';
import {
  findEndUser,
  findEndUsers,
  ofEndUsers,
  SOME_CUSTOMERS,
  unknownCustomer,
} from './find-customer.ts';
import { ensureDefault, organizationFrom } from './default-organization.ts';
import { listed, wrapped } from './errors.ts';
import { extrasOf, givenOf, shownMetadata, storedMetadata } from './extras.ts';
import { CUSTOMERS_DELETED, CUSTOMER_TOLD } from './answers/customers.ts';
import { isEmpty } from './unheld.ts';

const CUSTOMER_KEPT = ['default_model', 'object_permission', 'budget_duration'];

const CUSTOMER = z
  .strictObject({
    user_id: z.string(),
    alias: z.string().nullish(),
    organization_id: z.string().nullish(),
    default_model: z.string().nullish(),
    allowed_model_region: z.enum(['eu', 'us']).nullish(),
    models: z.array(z.string()).nullish(),
    object_permission: z.record(z.string(), z.unknown()).nullish(),
    metadata: z.record(z.string(), z.unknown()).nullish(),
    ...CUSTOMER_BOUNDS,
  })
  .refine(({ max_budget: max, budget_id: id }) => max === null || max === undefined || !id, {
    message: "Value error, Set either 'max_budget' or 'budget_id', not both.",
  });
type CustomerBody = z.output<typeof CUSTOMER>;

/** What would have to hold on the next call, and does not: taken silently it would be a false promise. */
const UNHELD = ['models', 'allowed_model_region'] as const;

function complaintAbout(body: CustomerBody): Answer | Refusal | undefined {
  const fields = body as Readonly<Record<string, unknown>>;
  const unheld = UNHELD.find((field) => !isEmpty(fields[field]));
  if (unheld !== undefined) {
    const error = `${unheld} is not offered for end users: nothing would hold their calls to it. Give the end user a key of their own, and bound that.`;
    return wrapped(400, { error }, { param: unheld });
  }
  return complaintAboutMetadata(body.metadata);
}

export const customerNewEndpoint = endpoint({
  summary: 'Put an end user on record; calls that name one do so, too',
  action: 'organization.people.change',
  target: async (_stores, { body }) => [{ organizationId: organizationFrom(body.organization_id) }],
  body: CUSTOMER,
  keptOnly: KEPT_OF_CUSTOMER,
  query: NO_QUERY,
  answer: CUSTOMER_TOLD,
  async handle({ stores, actor, body }) {
    const mistake = complaintAbout(body);
    if (mistake !== undefined) {
      return mistake;
    }
    const organizationId = organizationFrom(body.organization_id);
    const made = await together(stores, async (inside) => {
      const refusal = await ensureDefault(inside, actor, organizationId);
      const endUser =
        refusal ??
        (await createEndUser(inside, actor, {
          organizationId,
          id: body.user_id,
          alias: body.alias || null,
          metadata: storedMetadata(body.metadata ?? {}, givenOf(body, CUSTOMER_KEPT)),
        }));
      return isRefusal(endUser) ? endUser : boundEndUser(inside, actor, endUser, body);
    });
    if (isRefusal(made)) {
      return made.refused === 'end_user_exists' ? taken(body.user_id) : made;
    }
    return customerView(stores, made);
  },
});

function taken(id: string): Answer {
  const message = `Customer already exists, passed user_id=${id}. Please pass a new user_id.`;
  return wrapped(400, message, { type: 'bad_request', param: 'user_id' });
}

export const customerUpdateEndpoint = endpoint({
  summary: 'Change what an end user is called, and what bounds them',
  action: 'organization.people.change',
  target: ofEndUsers<CustomerBody, unknown>(({ body }) => ({ ...body, user_ids: [body.user_id] })),
  body: CUSTOMER,
  keptOnly: KEPT_OF_CUSTOMER,
  query: NO_QUERY,
  answer: CUSTOMER_TOLD,
  async handle({ stores, actor, body, within }) {
    const mistake = complaintAbout(body);
    if (mistake !== undefined) {
      return mistake;
    }
    const known = await findEndUser(stores, within, body.user_id, body.organization_id);
    if (known === undefined || isAnswer(known)) {
      return known ?? unknownCustomer(body.user_id, 'user_id');
    }
    const shown = body.metadata === undefined ? shownMetadata(known.metadata) : body.metadata;
    const extras = { ...extrasOf(known.metadata), ...givenOf(body, CUSTOMER_KEPT) };
    const changed = await together(stores, async (inside) => {
      const told = await updateEndUser(inside, actor, known, {
        ...(body.alias === undefined ? {} : { alias: body.alias || null }),
        metadata: storedMetadata(shown ?? {}, extras),
      });
      return isRefusal(told) ? told : boundEndUser(inside, actor, known, body);
    });
    return isRefusal(changed) ? changed : customerView(stores, changed);
  },
});

export const customerDeleteEndpoint = endpoint({
  summary: 'Forget end users, all of them or none; what was used for them stays on record',
  action: 'organization.people.change',
  target: ofEndUsers<z.output<typeof SOME_CUSTOMERS>, unknown>(({ body }) => body),
  body: SOME_CUSTOMERS,
  query: NO_QUERY,
  answer: CUSTOMERS_DELETED,
  async handle({ stores, actor, body, within }) {
    const customers = await findEndUsers(stores, within, body);
    if (isAnswer(customers)) {
      return customers;
    }
    const done = await together<EndUser[]>(stores, async (inside) =>
      inTurn(customers, async (customer) => removeEndUser(inside, actor, customer)),
    );
    return isRefusal(done)
      ? done
      : {
          deleted_customers: customers.length,
          message: `Successfully deleted customers with ids: ${listed(body.user_ids)}`,
        };
  },
});

const INFO = z.strictObject({
  end_user_id: z.string(),
  organization_id: z.string().optional(),
});

export const customerInfoEndpoint = endpoint({
  summary: 'An end user, with what was spent for them',
  action: 'organization.people.read',
  target: ofEndUsers<unknown, z.output<typeof INFO>>(({ query }) => ({
    ...query,
    user_ids: [query.end_user_id],
  })),
  body: NOTHING,
  query: INFO,
  answer: CUSTOMER_TOLD,
  async handle({ stores, query, within }) {
    const { end_user_id: id } = query;
    const known = await findEndUser(stores, within, id, query.organization_id);
    if (known === undefined || isAnswer(known)) {
      return known ?? unknownCustomer(id, 'end_user_id');
    }
    return customerView(stores, known);
  },
});
