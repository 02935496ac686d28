// /key/generate and /key/service-account/generate.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import { isRepeated } from '../../core/change.ts';
import { setKeyStatus } from '../../core/keys/change-key.ts';
import { createKey } from '../../core/keys/create-key.ts';
import type { KeyCreated } from '../../core/keys/create-key.ts';
import { complaintAboutKey } from '../../core/keys/virtual-key.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { may, refuseRole } from '../../core/permission/permissions.ts';
import { followPlan } from '../../core/plans/plans.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { ensurePersonalTeam } from '../../core/teams/ensure-personal-team.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY } from '../shape.ts';
import { tenantOfTeam } from '../target.ts';
import { KEPT_OF_KEY } from './kept-only.ts';
import { changesFrom } from './bounds.ts';
import { organizationFrom } from './default-organization.ts';
import { wrapped } from './errors.ts';
import { findTeam } from './find-team.ts';
import { KEY_FIELDS, termsFrom } from './key-fields.ts';
import type { KeyFields } from './key-fields.ts';
import { keyView, UNNAMED } from './key-view.ts';
import { KEY_GENERATED } from './answers/rows.ts';
import type { Told } from '../told.ts';

const NEW_KEY = z.strictObject({ key: z.string().nullish(), ...KEY_FIELDS });
type NewKey = KeyFields & { readonly key?: string | null | undefined };

export const keyGenerateEndpoint = endpoint({
  summary: 'Make a key; its secret is in this answer and in none after',
  better: [
    'A team that is unknown is refused, not taken silently.',
    'A person who is no member of the team becomes one.',
    '`token` is an id that says nothing of the key, not its hash.',
    'A key that the client chose has at least 16 characters.',
  ],
  action: 'key.create',
  target: async (stores, { body }) => [await tenantOf(stores, body)],
  body: NEW_KEY,
  keptOnly: KEPT_OF_KEY,
  missing: 'told otherwise',
  query: NO_QUERY,
  refusals: ['plan_unknown', 'organization_unknown'],
  answer: KEY_GENERATED,
  async handle({ stores, actor, caller, body }) {
    const no = complaintAboutOwner(caller, body);
    return no ?? generateKey(stores, actor, body);
  },
});

export const serviceAccountEndpoint = endpoint({
  summary: 'Make a key that belongs to a team and to nobody in it',
  action: 'key.create',
  target: async (stores, { body }) => [await tenantOf(stores, body)],
  body: NEW_KEY,
  keptOnly: KEPT_OF_KEY,
  missing: 'told otherwise',
  query: NO_QUERY,
  refusals: ['plan_unknown'],
  answer: KEY_GENERATED,
  async handle({ stores, actor, body }) {
    if (!body.team_id) {
      return wrapped(
        400,
        'team_id is required for service account keys. Please specify `team_id` in the request body.',
      );
    }
    if ((await findTeam(stores, body.team_id)) === undefined) {
      return wrapped(
        400,
        'team_id does not exist in the database. Please specify a valid `team_id` in the request body.',
      );
    }
    return generateKey(stores, actor, { ...body, user_id: null });
  },
});

/** Whoever holds a key of a person may do what that person may, and one without a team has no credits to end. */
function complaintAboutOwner(caller: Caller, body: NewKey): Refusal | undefined {
  if (!body.team_id && !may(caller, 'team.terms')) {
    return refuseRole('team.terms');
  }
  // A confined key must not make its owner one that is not.
  const isOwn = !body.user_id || (caller.role !== 'team_key' && body.user_id === caller.userId);
  return isOwn || may(caller, 'organization.people.change')
    ? undefined
    : refuseRole('organization.people.change');
}

async function tenantOf(stores: Stores, body: NewKey) {
  return body.team_id
    ? tenantOfTeam(stores, body.team_id)
    : { organizationId: organizationFrom(body.organization_id) };
}

/** Makes a key; its secret is `key` of the answer. What is made `before` it is made with it, or not at all. */
export async function generateKey(
  stores: Stores,
  actor: Actor,
  body: NewKey,
  before: (inside: Stores) => Promise<unknown> = async () => undefined,
): Promise<Told<typeof KEY_GENERATED> | Refusal | Answer> {
  const terms = termsFrom(body, stores.clock());
  const mistake =
    complaintAboutChosen(body.key ?? undefined) ?? complaintAboutMetadata(body.metadata);
  if (mistake !== undefined) {
    return mistake;
  }
  if (isAnswer(terms)) {
    return terms;
  }
  if (body.team_id && (await findTeam(stores, body.team_id)) === undefined) {
    return wrapped(400, { error: `Team not found, passed team_id=${body.team_id}` });
  }
  const made = await together<Made | Taken>(stores, async (inside) => {
    const { directory } = inside.records;
    if (
      terms.name !== undefined &&
      terms.name !== UNNAMED &&
      (await directory.isKeyNameTaken(terms.name))
    ) {
      return { taken: terms.name };
    }
    const first = await before(inside);
    if (isRefusal(first)) {
      return first;
    }
    return makeKey(inside, actor, { ...terms, name: terms.name ?? UNNAMED }, body);
  });
  if (isRefusal(made)) {
    return made;
  }
  return 'taken' in made
    ? aliasTaken(made.taken)
    : { ...(await keyView(stores, made.key)), ...saidOf(body), key: made.secretKey };
}

/** What is told as it came, beside what the key is. */
function saidOf(body: NewKey) {
  return {
    duration: body.duration ?? null,
    key_type: body.key_type ?? null,
    guardrails: body.guardrails ?? null,
    prompts: body.prompts ?? null,
    enforced_params: body.enforced_params ?? null,
    model_rpm_limit: body.model_rpm_limit ?? null,
    model_tpm_limit: body.model_tpm_limit ?? null,
    rpm_limit_type: body.rpm_limit_type ?? null,
    tpm_limit_type: body.tpm_limit_type ?? null,
  };
}

interface Made {
  readonly key: VirtualKey;
  readonly secretKey: string;
}

interface Taken {
  readonly taken: string;
}

export function aliasTaken(name: string): Answer {
  const message = `Key with alias '${name}' already exists. Unique key aliases across all keys are required.`;
  return wrapped(400, message, { type: 'bad_request_error', param: 'key_alias' });
}

function complaintAboutChosen(key: string | undefined): Answer | undefined {
  if (key === undefined || complaintAboutKey(key) === undefined) {
    return undefined;
  }
  const masked = key.length < 9 ? '****' : `${key.slice(0, 4)}****${key.slice(-4)}`;
  return wrapped(400, {
    error: `Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: ${masked}`,
  });
}

async function makeKey(
  stores: Stores,
  actor: Actor,
  terms: Exclude<ReturnType<typeof termsFrom>, Answer> & { readonly name: string },
  body: NewKey,
): Promise<Made | Refusal> {
  const userId = body.user_id || undefined;
  const organizationId = organizationFrom(body.organization_id);
  const teamId = body.team_id || (await ensurePersonalTeam(stores, actor, organizationId, userId));
  if (isRefusal(teamId)) {
    return teamId;
  }
  const created = await createKey(stores, actor, {
    expiresAt: null,
    ...terms,
    teamId,
    userId,
    createUser: true,
    secretKey: body.key ?? undefined,
  });
  if (isRefusal(created)) {
    return created;
  }
  if (isRepeated(created)) {
    throw new Error('Making a key: told of a repetition, but no key for repetitions was given');
  }
  const refusal = await boundKey(stores, actor, created, body);
  // Made above, in the same change.
  const key = (await stores.records.keys.find(created.keyId)) as VirtualKey;
  return isRefusal(refusal) ? refusal : { key, secretKey: created.secretKey };
}

async function boundKey(
  stores: Stores,
  actor: Actor,
  { keyId }: KeyCreated,
  body: NewKey,
): Promise<unknown> {
  const subject = { kind: 'key', keyId } as const;
  const followed = body.budget_id
    ? await followPlan(stores, actor, subject, body.budget_id)
    : NO_CEILINGS;
  if (isRefusal(followed)) {
    return followed;
  }
  const changes = changesFrom(followed, body);
  if (isRefusal(changes)) {
    return changes;
  }
  const bounded =
    changes.length === 0 ? undefined : await changeCeilings(stores, actor, subject, changes);
  return isRefusal(bounded) || body.blocked !== true
    ? bounded
    : setKeyStatus(stores, actor, { keyId, status: 'blocked' });
}
