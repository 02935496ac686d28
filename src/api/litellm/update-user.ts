// People changed, one or many at once.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { newId } from '../../core/ids.ts';
import { isDeleted } from '../../core/members/deleted.ts';
import { rowsOfPerson } from '../../core/members/remove-person.ts';
import { isRefusal, publicSentence } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { KEPT_OF_PERSON } from './kept-only.ts';
import { messageOf, wrapped } from './errors.ts';
import { USER_FIELDS } from './user-fields.ts';
import type { UserFields } from './user-fields.ts';
import { userView } from './user-view.ts';
import { changePerson, complaintAboutPerson, makePerson, tenantsOf, USERS_MAX } from './users.ts';
import { USERS_UPDATED, USER_UPDATED } from './answers/changes.ts';
import type { Told } from '../told.ts';

const UPDATE = z.strictObject(USER_FIELDS);

/** More than have one address by mistake. */
const NAMESAKES_MAX = 10;

/** The people that a request may mean: more than one where an address is that of several. */
async function idsOf(
  { records }: Stores,
  { user_id: id, user_email: email }: UserFields,
): Promise<readonly string[]> {
  if (id || !email) {
    return id ? [id] : [];
  }
  const part = { sort: 'id', descending: false, offset: 0, limit: NAMESAKES_MAX } as const;
  const { rows } = await records.directory.people({ email, ...part });
  return [...new Set(rows.filter((user) => !isDeleted(user)).map((user) => user.id))];
}

async function tenantsOfAll(stores: Stores, bodies: readonly UserFields[]) {
  const tenants = bodies.map(async (body) => {
    const ids = await idsOf(stores, body);
    // Who names nobody who is known would make somebody, and is told like who names a stranger.
    return ids.length === 0
      ? [undefined]
      : (await Promise.all(ids.map(async (id) => tenantsOf(stores, id)))).flat();
  });
  return (await Promise.all(tenants)).flat();
}

export const userUpdateEndpoint = endpoint({
  summary: 'Change a person, in every organization that they belong to',
  action: 'organization.people.change',
  target: async (stores, { body }) => tenantsOfAll(stores, [body]),
  body: UPDATE,
  keptOnly: KEPT_OF_PERSON,
  missing: 'told otherwise',
  query: NO_QUERY,
  refusals: ['organization_unknown'],
  answer: USER_UPDATED,
  handle: async ({ stores, actor, body }) => update(stores, actor, body),
});

async function update(
  stores: Stores,
  actor: Actor,
  body: UserFields,
): Promise<Told<typeof USER_UPDATED> | Refusal | Answer> {
  if (!body.user_id && !body.user_email) {
    return wrapped(422, 'Either user id or user email must be provided');
  }
  const complaint = complaintAboutPerson(body);
  if (complaint !== undefined) {
    return complaint;
  }
  const [id = newId(), other] = await idsOf(stores, body);
  if (other !== undefined) {
    const error = `Multiple users found with email '${body.user_email}'. Please use 'user_id' instead.`;
    return wrapped(400, { error });
  }
  const rows = await rowsOfPerson(stores.records, id);
  const done = await together<unknown>(stores, async (inside) => {
    if (rows.length === 0) {
      return makePerson(inside, actor, id, body);
    }
    for (const row of rows) {
      const changed = await changePerson(inside, actor, row, body);
      if (isRefusal(changed)) {
        return changed;
      }
    }
    return undefined;
  });
  return isRefusal(done) ? done : { user_id: id, data: await userView(stores, id) };
}

export const userBulkUpdateEndpoint = endpoint({
  summary: 'Change many people, each by itself',
  action: 'organization.people.change',
  target: async (stores, { body }) => tenantsOfAll(stores, body.users ?? []),
  body: z
    .strictObject({ users: z.array(UPDATE).max(USERS_MAX).nullish() })
    .refine(({ users }) => (users ?? []).length > 0, {
      message: "Value error, Must specify 'users' for individual updates",
    }),
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: USERS_UPDATED,
  async handle({ stores, actor, body }) {
    const results: Told<typeof USERS_UPDATED>['results'][number][] = [];
    for (const each of body.users ?? []) {
      const done = await update(stores, actor, each);
      const named = { user_id: each.user_id ?? null, user_email: each.user_email ?? null };
      if (isRefusal(done) || isAnswer(done)) {
        const error = isRefusal(done) ? publicSentence(done) : messageOf(done);
        results.push({ ...named, success: false, error, updated_user: null });
      } else {
        const { user_id, data = null } = done;
        results.push({ ...named, user_id, success: true, error: null, updated_user: data });
      }
    }
    const successful = results.filter(({ success }) => success).length;
    return {
      results,
      total_requested: results.length,
      successful_updates: successful,
      failed_updates: results.length - successful,
    };
  },
});
