// Who belongs to an organization, and who manages it.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { NO_CEILINGS, mainBudget } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { isDeleted } from '../../core/members/deleted.ts';
import { removePerson } from '../../core/members/remove-person.ts';
import { createUser, updateUser } from '../../core/members/users.ts';
import type { User } from '../../core/members/member.ts';
import { usdToNumber } from '../../core/money.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import { spentBy } from '../../core/usage/spent.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY } from '../shape.ts';
import { organizationInBody } from '../target.ts';
import { changesFrom } from './bounds.ts';
import { findOrganization, unknownOrganization } from './find-organization.ts';
import { wrapped } from './errors.ts';
import { boundsTable } from './membership-view.ts';
import { peopleOf } from './people.ts';
import { subjectOf, userViews } from './user-view.ts';
import { ORGANIZATION_MEMBER } from './answers/rows.ts';
import { ORGANIZATION_MEMBERS_ADDED } from './answers/changes.ts';
import type { Told } from '../told.ts';

const ROLES = ['org_admin', 'internal_user', 'internal_user_viewer'] as const;
const MEMBER = z.strictObject({
  role: z.enum(ROLES),
  user_id: z.string().nullish(),
  user_email: z.string().nullish(),
});
const MEMBERS_MAX = 500;

/** The people of an organization as its members. */
export async function peopleViewOf(
  stores: Stores,
  organizationId: string,
): Promise<Told<typeof ORGANIZATION_MEMBER>[]> {
  return rowsOf(stores, await stores.records.users.list(organizationId));
}

async function rowsOf(
  stores: Stores,
  users: readonly User[],
): Promise<Told<typeof ORGANIZATION_MEMBER>[]> {
  const spent = await spentBy(
    stores,
    users.map((user) => ({
      subject: subjectOf(user),
      organizationId: user.organizationId,
      budget: mainBudget(user.ceilings),
    })),
  );
  return users.map((user) => {
    const { limits, budgets } = user.ceilings;
    return {
      user_id: user.id,
      organization_id: user.organizationId,
      user_role: user.role === 'admin' ? 'org_admin' : 'internal_user',
      user_email: user.email,
      spend: usdToNumber(spent.get(subjectText(subjectOf(user)))?.nanoUsd ?? 0n),
      budget_id: null,
      litellm_budget_table:
        limits.length + budgets.length === 0 ? null : boundsTable(user.ceilings, undefined),
      created_at: user.createdAt.toISOString(),
      updated_at: user.updatedAt.toISOString(),
    };
  });
}

export const organizationMemberAddEndpoint = endpoint({
  summary: 'Take people into an organization; those who are not known are made',
  action: 'organization.people.change',
  isNullGiven: true,
  fieldActions: { max_budget_in_organization: 'organization.change' },
  target: organizationInBody,
  body: z.strictObject({
    organization_id: z.string(),
    member: z.union([MEMBER, z.array(MEMBER).max(MEMBERS_MAX)]),
    max_budget_in_organization: z.number().nullish(),
  }),
  query: NO_QUERY,
  answer: ORGANIZATION_MEMBERS_ADDED,
  async handle({ stores, actor, body }) {
    const { organization_id: organizationId, max_budget_in_organization: max } = body;
    if ((await findOrganization(stores, organizationId)) === undefined) {
      return unknownOrganization(organizationId);
    }
    const wanted = [body.member].flat();
    const people = await peopleOf(stores, organizationId, wanted);
    if (isAnswer(people)) {
      return people;
    }
    const done = await together<readonly User[]>(stores, async (inside) => {
      const users: User[] = [];
      for (const [at, person] of people.entries()) {
        const wish = {
          ...person,
          organizationId,
          role: wanted[at]?.role ?? null,
          max: max ?? null,
        };
        const user = await take(inside, actor, wish);
        if (isRefusal(user)) {
          return user;
        }
        users.push(user);
      }
      return users;
    });
    return isRefusal(done)
      ? done
      : {
          organization_id: organizationId,
          updated_users: await userViews(
            stores,
            done.map(({ id }) => id),
            [organizationId],
          ),
          updated_organization_memberships: await rowsOf(stores, done),
        };
  },
});

interface PersonWish {
  readonly organizationId: string;
  readonly userId: string;
  readonly email?: string | undefined;
  /** Null where it is to stay. */
  readonly role: (typeof ROLES)[number] | null;
  readonly max: number | null | undefined;
}

/** Makes a person of an organization, or changes what they are in it. */
async function take(
  stores: Stores,
  actor: Actor,
  { organizationId, userId: id, email, role, max }: PersonWish,
): Promise<User | Refusal> {
  const known = await stores.records.users.find(organizationId, id);
  const user = known ?? (await createUser(stores, actor, { organizationId, id, email }));
  if (isRefusal(user)) {
    return user;
  }
  const wanted = role === null ? user.role : role === 'org_admin' ? 'admin' : 'member';
  const changed =
    wanted === user.role
      ? user
      : await updateUser(stores, actor, { organizationId, id }, { role: wanted });
  const changes = changesFrom(known?.ceilings ?? NO_CEILINGS, { max_budget: max });
  if (isRefusal(changed)) {
    return changed;
  }
  if (isRefusal(changes)) {
    return changes;
  }
  const bounded =
    max === null || changes.length === 0
      ? undefined
      : await changeCeilings(stores, actor, subjectOf(user), changes);
  // It was there or was made above.
  return isRefusal(bounded)
    ? bounded
    : ((await stores.records.users.find(organizationId, id)) as User);
}

const NAMED = {
  organization_id: z.string(),
  user_id: z.string().nullish(),
  user_email: z.string().nullish(),
};
type NamedPerson = z.output<z.ZodObject<typeof NAMED>>;

export const organizationMemberUpdateEndpoint = endpoint({
  summary: 'Change what a person is in an organization',
  action: 'organization.people.change',
  isNullGiven: true,
  fieldActions: { max_budget_in_organization: 'organization.change' },
  target: organizationInBody,
  body: z.strictObject({
    ...NAMED,
    role: z.enum(ROLES).nullish(),
    max_budget_in_organization: z.number().nullish(),
  }),
  query: NO_QUERY,
  answer: ORGANIZATION_MEMBER,
  async handle({ stores, actor, body }) {
    const user = await namedIn(stores, body);
    if (user === undefined) {
      return unknownMember(body);
    }
    const { organizationId, id } = user;
    const wish = { organizationId, userId: id, role: body.role ?? null };
    const done = await together(stores, async (inside) =>
      take(inside, actor, { ...wish, max: body.max_budget_in_organization }),
    );
    if (isRefusal(done)) {
      return done;
    }
    const [row] = await rowsOf(stores, [done]);
    return row as Told<typeof ORGANIZATION_MEMBER>;
  },
});

export const organizationMemberDeleteEndpoint = endpoint({
  summary:
    'Take a person out of an organization: out of its teams, and their keys there are revoked',
  action: 'organization.people.change',
  target: organizationInBody,
  body: z.strictObject(NAMED),
  query: NO_QUERY,
  answer: ORGANIZATION_MEMBER,
  async handle({ stores, actor, body }) {
    const user = await namedIn(stores, body);
    if (user === undefined || isDeleted(user)) {
      return unknownMember(body);
    }
    const { organizationId, id } = user;
    const done = await together<unknown>(stores, async (inside) =>
      removePerson(inside, actor, id, organizationId),
    );
    if (isRefusal(done)) {
      return done;
    }
    const [row] = await rowsOf(stores, [user]);
    return row as Told<typeof ORGANIZATION_MEMBER>;
  },
});

function unknownMember({ user_id: id, user_email: email }: NamedPerson): Answer {
  const error = `User not found in organization, for user_id=${id ?? 'None'}. USER_EMAIL=${email ?? 'None'}`;
  return wrapped(404, { error });
}

async function namedIn(
  { records }: Stores,
  { organization_id: organizationId, user_id: id, user_email: email }: NamedPerson,
): Promise<User | undefined> {
  const users = await records.users.list(organizationId);
  return users.find((user) => (id ? user.id === id : email && user.email === email));
}
