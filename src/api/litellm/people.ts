// Who is meant by a user_id, an e-mail address, or both.

import type { User } from '../../core/members/member.ts';
import { newId } from '../../core/ids.ts';
import type { Stores } from '../../core/stores.ts';
import type { Answer } from '../answer.ts';
import { isAnswer } from '../answer.ts';
import { detailed } from './errors.ts';

export interface Named {
  readonly user_id?: string | null | undefined;
  readonly user_email?: string | null | undefined;
}

export interface Person {
  readonly userId: string;
  readonly email: string | undefined;
}

/** The person of an organization who is meant; a new one where nobody is. Or the mistake, as LiteLLM tells it. */
export async function personOf(
  stores: Stores,
  organizationId: string,
  { user_id: id, user_email: email }: Named,
): Promise<Person | Answer> {
  if (!id && !email) {
    return detailed(400, { error: 'Either user_id or user_email must be provided' });
  }
  if (!email) {
    return { userId: id ?? '', email: undefined };
  }
  const known = await peopleOfEmail(stores, organizationId, email);
  if (known.length > 1) {
    const error = `Multiple users found with email '${email}'. Please use 'user_id' instead.`;
    return detailed(400, { error });
  }
  const [one] = known;
  if (one !== undefined && id && one.id !== id) {
    const error = `user_email '${email}' and user_id '${id}' do not belong to the same user.`;
    return detailed(400, { error });
  }
  return { userId: id ?? one?.id ?? newId(), email };
}

/** All who are meant, or the first mistake. */
export async function peopleOf(
  stores: Stores,
  organizationId: string,
  given: readonly Named[],
): Promise<Person[] | Answer> {
  const people: Person[] = [];
  for (const named of given) {
    const same = people.find(({ email }) => email !== undefined && email === named.user_email);
    const person = same ?? (await personOf(stores, organizationId, named));
    if (isAnswer(person)) {
      return person;
    }
    people.push(person);
  }
  return people;
}

async function peopleOfEmail(
  { records }: Stores,
  organizationId: string,
  email: string,
): Promise<readonly User[]> {
  const part = { sort: 'id', descending: false, offset: 0, limit: 2 } as const;
  const search = { organizationIds: [organizationId], email, ...part };
  return (await records.directory.people(search)).rows;
}
