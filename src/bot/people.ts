// The people of a customer: added, changed, taken out.

import { isRepeated } from '../core/change.ts';
import { isDeleted } from '../core/members/deleted.ts';
import type { OrganizationRole, User } from '../core/members/member.ts';
import { removePerson } from '../core/members/remove-person.ts';
import { createUser, updateUser } from '../core/members/users.ts';
import { once } from '../core/once.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { MEMBERS_SHOWN, peopleSpeech, removalQuestion } from './blocks/members.ts';
import type { Call } from './call.ts';
import { code, mrkdwn } from './escape.ts';
import type { Mrkdwn } from './escape.ts';
import { pageOf, tellPage } from './paging.ts';
import { refusalSpeech } from './replies.ts';

export interface PersonWords {
  readonly new?: string;
  readonly person?: string;
  readonly name?: string;
  readonly email?: string;
  readonly role?: string;
  readonly remove?: string;
}

export async function tellPeople(call: Call, org: string, news: Mrkdwn[] = []): Promise<void> {
  const { users: people } = call.bot.stores.records;
  const present = (await people.list(org)).filter((user) => !isDeleted(user));
  const page = pageOf(call, present, { size: MEMBERS_SHOWN, placeOf: ({ id }) => id });
  await tellPage(call, peopleSpeech(org, page, news));
}

/** All of it or nothing, once; asks before somebody is taken out. */
export async function changePeople(
  call: Call,
  org: string,
  words: PersonWords,
  sure: boolean,
): Promise<void> {
  const { remove } = words;
  const complaint = complaintAbout(words);
  if (complaint !== undefined) {
    await call.reply(refusalSpeech(complaint));
    return;
  }
  if (remove !== undefined && !sure) {
    const user = await personOf(call.bot.stores, org, remove);
    await call.reply(
      isRefusal(user)
        ? refusalSpeech(user)
        : removalQuestion({ org, person: remove, words: { ...words } }, call.onceId),
    );
    return;
  }
  const done = await once<Mrkdwn[]>(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
    change(stores, call, org, words),
  );
  if (!isRepeated(done)) {
    await (isRefusal(done) ? call.reply(refusalSpeech(done)) : tellPeople(call, org, done));
  }
}

async function change(
  stores: Stores,
  { actor }: Call,
  organizationId: string,
  words: PersonWords,
): Promise<Mrkdwn[] | Refusal> {
  const { new: created, person, remove } = words;
  const news: Mrkdwn[] = [];
  const terms = termsOf(words);
  if (created !== undefined) {
    const made = await createUser(stores, actor, { organizationId, id: created, ...terms });
    if (isRefusal(made)) {
      return made;
    }
    news.push(mrkdwn`✅ ${code(created)} is known to ${code(organizationId)} now.`);
  }
  if (person !== undefined) {
    const known = await personOf(stores, organizationId, person);
    const updated = isRefusal(known)
      ? known
      : await updateUser(stores, actor, { organizationId, id: person }, terms);
    if (isRefusal(updated)) {
      return updated;
    }
    news.push(mrkdwn`✅ ${code(person)} is changed${roleText(updated)}.`);
  }
  if (remove !== undefined) {
    const removed = await removePerson(stores, actor, remove, organizationId);
    if (isRefusal(removed)) {
      return removed;
    }
    const { teamIds, keysRevoked } = removed;
    const keys = keysRevoked === 1 ? '1 key is' : `${keysRevoked} keys are`;
    const teams = teamIds.length === 1 ? '1 team' : `${teamIds.length} teams`;
    news.push(mrkdwn`✅ ${code(remove)} is out of ${teams}; ${keys} revoked.`);
  }
  return news;
}

function roleText({ role }: User): Mrkdwn {
  return role === 'admin' ? mrkdwn`: an *admin* of the organization` : mrkdwn`: *${role}*`;
}

function termsOf({ name, email, role }: PersonWords) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    // Read against the roles that there are.
    ...(role === undefined ? {} : { role: role as OrganizationRole }),
  };
}

async function personOf(
  { records: { users: people } }: Stores,
  organization: string,
  user: string,
): Promise<User | Refusal> {
  const found = await people.find(organization, user);
  return found === undefined || isDeleted(found)
    ? refuse('user_unknown', { user, organization })
    : found;
}

const PEOPLE = ['new', 'person', 'remove'] as const;

/** Who types @ means somebody of this workspace; these are people of the customer. */
function complaintAbout(words: PersonWords): Refusal | undefined {
  const colleague = PEOPLE.find((name) => /^<?@/.test(words[name] ?? ''));
  if (colleague !== undefined) {
    const complaint =
      'these are people of the customer, by their e-mail address or ID like ann@acme.com, and nobody of this workspace';
    return refuse('value_invalid', { field: colleague, complaint });
  }
  const { new: created, person } = words;
  const isTermed = Object.keys(termsOf(words)).length > 0;
  if (isTermed && (created ?? person) === undefined) {
    const complaint = 'say who is to be changed, like person=ann@acme.com';
    return refuse('value_invalid', { field: 'person', complaint });
  }
  if (person !== undefined && created !== undefined) {
    const complaint = 'somebody new is named, too; name the one or the other';
    return refuse('value_invalid', { field: 'person', complaint });
  }
  const complaint = 'nothing to change was named, like role= or name=';
  return person !== undefined && !isTermed
    ? refuse('value_invalid', { field: 'role', complaint })
    : undefined;
}
