// /user/*: people. LiteLLM knows each once; here a person has a row in each organization that they belong to, and is
// shown as one.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { newId } from '../../core/ids.ts';
import { createUser, updateUser } from '../../core/members/users.ts';
import { removePerson, rowsOfPerson } from '../../core/members/remove-person.ts';
import { isDeleted } from '../../core/members/deleted.ts';
import type { User } from '../../core/members/member.ts';
import { isStaff, may } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import type { Answer } from '../answer.ts';
import { isAnswer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY } from '../shape.ts';
import { tenantOfTeam } from '../target.ts';
import { KEPT_OF_PERSON } from './kept-only.ts';
import { changesFrom } from './bounds.ts';
import { DEFAULT_ORGANIZATION, ensureDefault } from './default-organization.ts';
import { wrapped } from './errors.ts';
import { extrasOf, givenOf, shownMetadata, storedMetadata } from './extras.ts';
import type { Json } from './extras.ts';
import { KEY_FIELDS } from './key-fields.ts';
import { generateKey } from './new-key.ts';
import { USER_FIELDS } from './user-fields.ts';
import type { UserFields } from './user-fields.ts';
import { joinTeams, teamsFrom } from './user-teams.ts';
import { userView, userViews } from './user-view.ts';
import type { USER } from './answers/rows.ts';
import { USER_MADE } from './answers/changes.ts';
import { NAMES } from '../told.ts';
import type { Told } from '../told.ts';

/** What is said of the key that is made with a person. */
const KEY_OF_USER = {
  duration: KEY_FIELDS.duration,
  key_alias: KEY_FIELDS.key_alias,
  aliases: KEY_FIELDS.aliases,
  config: KEY_FIELDS.config,
  permissions: KEY_FIELDS.permissions,
  allowed_cache_controls: KEY_FIELDS.allowed_cache_controls,
  blocked: KEY_FIELDS.blocked,
  guardrails: KEY_FIELDS.guardrails,
  policies: KEY_FIELDS.policies,
  prompts: KEY_FIELDS.prompts,
  object_permission: KEY_FIELDS.object_permission,
  agent_id: KEY_FIELDS.agent_id,
  budget_fallbacks: KEY_FIELDS.budget_fallbacks,
};

function keyFieldsOf(body: NewUser): Json {
  return givenOf(body, Object.keys(KEY_OF_USER));
}

const NEW_USER = z.strictObject({
  ...USER_FIELDS,
  ...KEY_OF_USER,
  auto_create_key: z.boolean().nullish(),
});
type NewUser = UserFields & { readonly auto_create_key?: boolean | null | undefined } & Partial<
    z.output<z.ZodObject<typeof KEY_OF_USER>>
  >;

function homeOf(body: UserFields): string {
  return body.organizations?.[0] ?? DEFAULT_ORGANIZATION;
}

export const userNewEndpoint = endpoint({
  summary: 'Create a person, and a key of theirs unless told otherwise',
  action: 'organization.people.change',
  target: async (stores, { body }) => [
    ...(body.organizations ?? [DEFAULT_ORGANIZATION]).map((organizationId) => ({ organizationId })),
    ...(await Promise.all(
      teamsFrom(body.teams).map(async ({ teamId }) => tenantOfTeam(stores, teamId)),
    )),
  ],
  body: NEW_USER,
  keptOnly: KEPT_OF_PERSON,
  missing: 'told otherwise',
  query: NO_QUERY,
  refusals: ['organization_unknown', 'team_unknown'],
  answer: USER_MADE,
  async handle({ stores, actor, caller, body }) {
    // Nobody is told by this who is a customer's elsewhere.
    const searched = isStaff(caller) ? undefined : (body.organizations ?? [DEFAULT_ORGANIZATION]);
    const complaint =
      complaintAboutPerson(body) ?? (await complaintAboutKnown(stores, body, searched));
    if (complaint !== undefined) {
      return complaint;
    }
    const id = body.user_id || newId();
    const make = async (inside: Stores) => makePerson(inside, actor, id, body);
    // A key without a team has no credits that could end.
    const isKeyless = body.auto_create_key === false || !may(caller, 'team.terms');
    const made = isKeyless
      ? await together(stores, make)
      : await generateKey(stores, actor, { ...keyFieldsOf(body), user_id: id }, make);
    if (isRefusal(made) || isAnswer(made)) {
      return made;
    }
    const key = 'key' in made ? made : { key: '', expires: null };
    // Made above.
    return { ...key, ...((await userView(stores, id, searched)) as Told<typeof USER>) };
  },
});

export function complaintAboutPerson(body: UserFields): Answer | Refusal | undefined {
  const { user_role: role } = body;
  if (role === 'proxy_admin' || role === 'proxy_admin_viewer') {
    const error = `user_role=${role} is not given here: whoever runs this system signs in at the admin routes.`;
    return wrapped(400, { error });
  }
  return complaintAboutMetadata(body.metadata);
}

async function complaintAboutKnown(
  stores: Stores,
  { user_id: id, user_email: email }: UserFields,
  organizationIds: readonly string[] | undefined,
): Promise<Answer | undefined> {
  if (id && (await userViews(stores, [id], organizationIds)).length > 0) {
    return wrapped(409, { error: `User with id ${id} already exists` });
  }
  if (!email) {
    return undefined;
  }
  const part = { sort: 'id', descending: false, offset: 0, limit: 10 } as const;
  const { rows } = await stores.records.directory.people({
    email,
    ...(organizationIds === undefined ? {} : { organizationIds }),
    ...part,
  });
  return rows.some((user) => !isDeleted(user))
    ? wrapped(409, { error: `User with email ${email} already exists` })
    : undefined;
}

export async function makePerson(
  stores: Stores,
  actor: Actor,
  id: string,
  body: NewUser,
): Promise<User | Refusal> {
  const refusal = await ensureDefault(stores, actor, homeOf(body));
  if (refusal !== undefined) {
    return refusal;
  }
  for (const organizationId of new Set(body.organizations ?? [homeOf(body)])) {
    const known = await stores.records.users.find(organizationId, id);
    const user = known ?? (await createUser(stores, actor, { organizationId, id }));
    const changed = isRefusal(user) ? user : await changePerson(stores, actor, user, body);
    if (isRefusal(changed)) {
      return changed;
    }
  }
  const joined = await joinTeams(stores, actor, id, teamsFrom(body.teams));
  return joined ?? ((await stores.records.users.find(homeOf(body), id)) as User);
}

/** Writes the fields of a request into one row of a person. */
export async function changePerson(
  stores: Stores,
  actor: Actor,
  user: User,
  body: UserFields,
): Promise<User | Refusal> {
  const { organizationId, id, metadata } = user;
  const shown = body.metadata === undefined ? shownMetadata(metadata) : (body.metadata ?? {});
  const kept = givenOf(body, ['user_role', 'models', 'sso_user_id', 'budget_duration']);
  const changed = await updateUser(
    stores,
    actor,
    { organizationId, id },
    {
      metadata: storedMetadata(shown, { ...extrasOf(metadata), ...kept, deleted: null }),
      ...(body.user_alias === undefined ? {} : { name: body.user_alias ?? '' }),
      ...(body.user_email === undefined ? {} : { email: body.user_email || null }),
      ...(body.user_role === undefined
        ? {}
        : { role: body.user_role === 'org_admin' ? 'admin' : 'member' }),
    },
  );
  if (isRefusal(changed)) {
    return changed;
  }
  const changes = changesFrom(user.ceilings, body);
  if (isRefusal(changes) || changes.length === 0) {
    return isRefusal(changes) ? changes : changed;
  }
  const subject = { kind: 'user', organizationId, userId: id } as const;
  const bounded = await changeCeilings(stores, actor, subject, changes);
  return isRefusal(bounded) ? bounded : changed;
}

/** Whose rows they are: those of the person in every organization. */
export async function tenantsOf(stores: Stores, id: string) {
  const rows = await rowsOfPerson(stores.records, id);
  return rows.length === 0 ? [undefined] : rows.map(({ organizationId }) => ({ organizationId }));
}

/** As LiteLLM has it, for one request. */
export const USERS_MAX = 500;

export const userDeleteEndpoint = endpoint({
  summary: 'Delete people: they leave their teams, and their keys are revoked',
  action: 'organization.people.change',
  target: async (stores, { body }) =>
    (await Promise.all(body.user_ids.map(async (id) => tenantsOf(stores, id)))).flat(),
  body: z.strictObject({ user_ids: z.array(z.string()).min(1).max(USERS_MAX) }),
  query: NO_QUERY,
  answer: NAMES,
  async handle({ stores, actor, body, within }) {
    for (const id of body.user_ids) {
      if ((await rowsOfPerson(stores.records, id)).length === 0) {
        return wrapped(404, { error: `User not found, passed user_id=${id}` });
      }
    }
    const done = await together(stores, async (inside) => {
      for (const id of new Set(body.user_ids)) {
        const removed = await removePerson(inside, actor, id, within.organizationId);
        if (isRefusal(removed)) {
          return removed;
        }
      }
      return { deleted: body.user_ids };
    });
    return isRefusal(done) ? done : done.deleted;
  },
});
