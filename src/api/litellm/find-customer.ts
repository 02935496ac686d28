// End users by the ids that requests name.

import { z } from 'zod';
import type { EndUser } from '../../core/end-users/end-user.ts';
import type { Within } from '../../core/permission/caller.ts';
import type { Stores } from '../../core/stores.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { FindRows } from '../target.ts';
import { organizationFrom } from './default-organization.ts';
import { wrapped } from './errors.ts';

/** As many as one transaction changes in a moment. */
const CUSTOMERS_AT_ONCE_MAX = 500;

export const SOME_CUSTOMERS = z.strictObject({
  user_ids: z.array(z.string()).min(1).max(CUSTOMERS_AT_ONCE_MAX),
  organization_id: z.string().nullish(),
});

/** The end user of an id in sight. Where several organizations have one of that id, it must be said whose is meant. */
export async function findEndUser(
  { records }: Stores,
  { organizationId: seen }: Within,
  id: string,
  asked: string | null | undefined,
): Promise<EndUser | Answer | undefined> {
  const organizationId = asked === undefined || asked === null ? seen : organizationFrom(asked);
  const { rows } = await records.endUsers.search({
    ...(organizationId === undefined ? {} : { organizationId }),
    ids: [id],
    offset: 0,
    limit: 2,
  });
  const [one, other] = rows;
  if (other === undefined) {
    return one;
  }
  const error = `More than one organization has an end user '${id}': say whose is meant by organization_id.`;
  return wrapped(400, { error });
}

/** All of these, or what of them is missing. */
export async function findEndUsers(
  stores: Stores,
  within: Within,
  { user_ids: asked, organization_id: organizationId }: Named,
): Promise<EndUser[] | Answer> {
  const customers: EndUser[] = [];
  const missing: string[] = [];
  for (const id of new Set(asked)) {
    const known = await findEndUser(stores, within, id, organizationId);
    if (known === undefined) {
      missing.push(id);
    } else if (isAnswer(known)) {
      return known;
    } else {
      customers.push(known);
    }
  }
  const message = `End User Id(s)=${missing.join(', ')} do not exist in db`;
  return missing.length === 0
    ? customers
    : wrapped(404, message, { type: 'not_found', param: 'user_ids' });
}

export function unknownCustomer(id: string, param: string): Answer {
  const message = `End User Id=${id} does not exist in db`;
  return wrapped(404, message, { type: 'not_found', param });
}

interface Named {
  readonly user_ids: readonly string[];
  readonly organization_id?: string | null | undefined;
}

/** Whose the end users of these ids are. */
export function ofEndUsers<Body, Query>(
  pick: (given: { readonly body: Body; readonly query: Query }) => Named,
): FindRows<Body, Query> {
  return async (stores, given, { organizationId = '' }) => {
    const { user_ids: ids, organization_id: asked } = pick(given);
    const found = ids.map(async (id) => findEndUser(stores, { organizationId }, id, asked));
    return (await Promise.all(found)).map((customer) =>
      customer === undefined || isAnswer(customer) ? undefined : customer,
    );
  };
}
