// Keys. A secret is in the answer that made it, and in none after.

import { z } from 'zod';
import { isRepeated } from '../../core/change.ts';
import type { Repeated } from '../../core/change.ts';
import type { Actor } from '../../core/audit/audit.ts';
import { complaintAboutId, sha256 } from '../../core/ids.ts';
import { ROTATION_GRACE_MS, rotateKey, setKeyStatus } from '../../core/keys/change-key.ts';
import { bringKey, findBroughtKey } from '../../core/keys/brought-key.ts';
import { createKey } from '../../core/keys/create-key.ts';
import type { KeyCreated } from '../../core/keys/create-key.ts';
import { updateKey } from '../../core/keys/update-key.ts';
import type { KeyStatus, VirtualKey } from '../../core/keys/virtual-key.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { ensurePersonalTeam } from '../../core/teams/ensure-personal-team.ts';
import { SECOND_MS } from '../../core/time.ts';
import { together } from '../../core/together.ts';
import { markOf } from '../answered-once.ts';
import { endpoint } from '../endpoint.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { keyInPath, teamInBody, tenantOfTeam } from '../target.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { complaintAboutReason, teamOf } from './fields.ts';
import { inFieldsOfKey, KEY_TERMS, keyTermsFrom, keyView } from './key-fields.ts';
import { KEY, KEY_BROUGHT, KEY_CHANGED, KEY_MADE, KEY_STATUS_SET } from './answers/people.ts';
import type { Told } from '../told.ts';

export const createKeyEndpoint = endpoint({
  isOwn: true,
  summary: 'Create a key',
  action: 'key.create',
  target: teamInBody,
  fieldActions: { user_id: 'organization.people.change', permissions: 'key.grant' },
  body: z.strictObject({
    team_id: z.string(),
    user_id: z.string().nullish(),
    create_user: z.boolean().nullish(),
    ...KEY_TERMS,
  }),
  query: NO_QUERY,
  answer: KEY_MADE,
  async handle({ stores, actor, caller, body, idempotencyKey }) {
    const team = await teamOf(stores, body.team_id);
    const complaint = isRefusal(team) ? team : complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const wish = {
      name: 'unnamed',
      expiresAt: null,
      ...keyTermsFrom(body),
      teamId: body.team_id,
      userId: body.user_id ?? undefined,
      createUser: body.create_user === true,
    };
    const once = onceKeyOf({ caller, idempotencyKey }, 'create');
    const created = await createKey(stores, actor, wish, once);
    return answerWithSecret(stores, created, 'Key created successfully');
  },
});

export const bringKeyEndpoint = endpoint({
  isOwn: true,
  summary:
    'Take over a key of another system by the SHA-256 of its secret: clients go on with what they have',
  action: 'team.terms',
  target: async (stores, { body }) =>
    body.team_id
      ? [await tenantOfTeam(stores, body.team_id)]
      : [{ organizationId: body.organization_id ?? '' }],
  body: z.strictObject({
    /** None for a key of a person, or of nobody, outside of every team. */
    team_id: z.string().nullish(),
    /** Whose it is then. */
    organization_id: z.string().nullish(),
    sha256: z.string(),
    last_four: z.string(),
    user_id: z.string().nullish(),
    create_user: z.boolean().nullish(),
    ...KEY_TERMS,
  }),
  query: NO_QUERY,
  answer: KEY_BROUGHT,
  async handle({ stores, actor, body }) {
    const complaint = complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const wish = {
      name: 'unnamed',
      expiresAt: null,
      ...keyTermsFrom(body),
      digest: body.sha256,
      lastFour: body.last_four,
      userId: body.user_id ?? undefined,
      createUser: body.create_user === true,
    };
    // A team that is made for the key is made with it, or not at all.
    const brought = await together(stores, async (inside) => {
      const teamId = await teamOfBrought(inside, actor, body);
      return isRefusal(teamId) ? teamId : bringKey(inside, actor, { ...wish, teamId });
    });
    if (isRefusal(brought)) {
      return inFieldsOfKey(brought);
    }
    const key = await keyOf(stores, brought.keyId);
    return isRefusal(key) ? key : { ...keyView(key), repeated: brought.repeated };
  },
});

interface BroughtInto {
  readonly team_id?: string | null | undefined;
  readonly organization_id?: string | null | undefined;
  readonly user_id?: string | null | undefined;
}

async function teamOfBrought(
  stores: Stores,
  actor: Actor,
  { team_id: given, organization_id: organizationId, user_id: userId }: BroughtInto,
): Promise<string | Refusal> {
  if (given) {
    const team = await teamOf(stores, given);
    return isRefusal(team) ? team : team.id;
  }
  if (!organizationId) {
    const complaint = 'a key without a team needs the organization that it is of';
    return refuse('value_invalid', { field: 'organization_id', complaint });
  }
  return ensurePersonalTeam(stores, actor, organizationId, userId ?? undefined);
}

export const getBroughtKeyEndpoint = endpoint({
  isOwn: true,
  summary: 'The key that was taken over with this SHA-256 of its secret',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: KEY,
  async handle({ stores, id }) {
    const key = await findBroughtKey(stores, id);
    return key === undefined ? refuse('key_not_found', { key: 'of this SHA-256' }) : keyView(key);
  },
});

export const getKeyEndpoint = endpoint({
  versioned: 'key',
  isOwn: true,
  summary: 'One key',
  action: 'key.read',
  target: keyInPath,
  body: NOTHING,
  query: NO_QUERY,
  answer: KEY,
  async handle({ stores, id }) {
    const key = await keyOf(stores, id);
    return isRefusal(key) ? key : keyView(key);
  },
});

export const updateKeyEndpoint = endpoint({
  versioned: 'key',
  isOwn: true,
  summary: 'Change what a key may',
  action: 'key.change',
  target: keyInPath,
  fieldActions: { permissions: 'key.grant' },
  body: z.strictObject(KEY_TERMS),
  query: NO_QUERY,
  answer: KEY_CHANGED,
  async handle({ stores, actor, id, body }) {
    const key = await keyOf(stores, id);
    const complaint = isRefusal(key) ? key : complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const updated = await updateKey(stores, actor, id, keyTermsFrom(body));
    return isRefusal(updated)
      ? inFieldsOfKey(updated)
      : { ...keyView(updated), message: 'Key updated successfully' };
  },
});

export const rotateKeyEndpoint = endpoint({
  versioned: 'key',
  isOwn: true,
  summary: 'A new secret; the one before works on for a while',
  action: 'key.rotate',
  target: keyInPath,
  body: z.strictObject({ grace_seconds: z.number().nullish() }).nullish(),
  query: NO_QUERY,
  answer: KEY_MADE,
  async handle({ stores, actor, caller, id, body, idempotencyKey }) {
    const key = await keyOf(stores, id);
    if (isRefusal(key)) {
      return key;
    }
    const seconds = body?.grace_seconds ?? ROTATION_GRACE_MS / SECOND_MS;
    const wish = { keyId: id, graceMs: seconds * SECOND_MS };
    const once = onceKeyOf({ caller, idempotencyKey }, `rotate ${id}`);
    const rotated = await rotateKey(stores, actor, wish, once);
    return answerWithSecret(stores, rotated, 'Key rotated successfully');
  },
});

export const blockKeyEndpoint = statusEndpoint('Block a key', 'blocked', 'blocked');
export const unblockKeyEndpoint = statusEndpoint('Unblock a key', 'active', 'unblocked');
export const revokeKeyEndpoint = statusEndpoint('Revoke a key for ever', 'revoked', 'revoked');

function statusEndpoint(summary: string, status: KeyStatus, verb: string): Endpoint {
  return endpoint({
    versioned: 'key',
    isOwn: true,
    summary,
    action: 'key.change',
    target: keyInPath,
    body: z.strictObject({ reason: z.string().nullish() }).nullish(),
    query: NO_QUERY,
    answer: KEY_STATUS_SET,
    async handle({ stores, actor, id, body }) {
      const key = await keyOf(stores, id);
      const reason = body?.reason ?? undefined;
      const complaint = isRefusal(key) ? key : complaintAboutReason(reason);
      if (complaint !== undefined) {
        return complaint;
      }
      const wish = { keyId: id, status, ...(reason === undefined ? {} : { reason }) };
      const set = await setKeyStatus(stores, actor, wish);
      return isRefusal(set)
        ? set
        : { key_id: id, status, message: `Key '${id}' has been ${verb}`, changed: set.changed };
    },
  });
}

/** The same word of another caller, or for another route, is another one. */
function onceKeyOf(
  { caller, idempotencyKey }: Pick<Call<unknown, unknown>, 'caller' | 'idempotencyKey'>,
  route: string,
): string | undefined {
  return idempotencyKey === undefined
    ? undefined
    : `api:${sha256(markOf(caller, `${route} ${idempotencyKey}`))}`;
}

/** The key of an id that somebody wrote; what can't be an id names none. */
async function keyOf(stores: Stores, id: string): Promise<VirtualKey | Refusal> {
  const key = complaintAboutId(id) === undefined ? await stores.records.keys.find(id) : undefined;
  return key ?? refuse('key_not_found', { key: id });
}

async function answerWithSecret(
  stores: Stores,
  made: KeyCreated | Refusal | Repeated,
  message: string,
): Promise<Told<typeof KEY_MADE> | Refusal> {
  if (isRepeated(made)) {
    const complaint =
      'it was used before; that request was carried out, and no secret is told twice';
    return refuse('value_invalid', { field: 'Idempotency-Key', complaint });
  }
  if (isRefusal(made)) {
    return inFieldsOfKey(made);
  }
  const key = await keyOf(stores, made.keyId);
  return isRefusal(key) ? key : { ...keyView(key), virtual_key: made.secretKey, message };
}
