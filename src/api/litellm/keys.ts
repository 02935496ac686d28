// Keys looked at, changed, renewed, blocked, deleted.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { setKeyStatus } from '../../core/keys/change-key.ts';
import { updateKey } from '../../core/keys/update-key.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { withinOf } from '../../core/permission/caller.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { followPlan } from '../../core/plans/plans.ts';
import { isRefusal, publicSentence } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { changesFrom } from './bounds.ts';
import { organizationFrom } from './default-organization.ts';
import { detailed, wrapped } from './errors.ts';
import { findKey, ofKeys } from './find-key.ts';
import { BOUND_ACTIONS, KEY_FIELDS, termsFrom } from './key-fields.ts';
import type { KeyFields } from './key-fields.ts';
import { keySightOf } from './key-lists.ts';
import { keyView, keyViews, UNNAMED } from './key-view.ts';
import { aliasTaken } from './new-key.ts';
import { isPersonalTeam } from '../../core/teams/personal-team.ts';
import type { Json } from './extras.ts';

/** As LiteLLM has it, for one request. */
const KEYS_AT_ONCE_MAX = 500;

export const keyInfoEndpoint = endpoint({
  summary: 'A key, by its secret or its id; without either, the key that asks',
  action: 'key.read',
  target: async (stores, given, caller) =>
    ofKeys<unknown, { readonly key?: string | undefined }>(({ query }) =>
      asked(query.key, caller.keyId),
    )(stores, given, caller),
  body: NOTHING,
  query: z.strictObject({ key: z.string().optional() }),
  async handle({ stores, query, caller }) {
    const [text] = asked(query.key, caller.keyId);
    const key = text === undefined ? undefined : await findKey(stores, text);
    if (key === undefined) {
      return wrapped(
        404,
        { message: 'Key not found in database' },
        { type: 'not_found_error', param: 'key' },
      );
    }
    const { token: _hidden, ...info } = await keyView(stores, key);
    return { key: text, info };
  },
});

function asked(given: string | undefined, own: string | undefined): string[] {
  return [given ?? own].filter((each) => each !== undefined);
}

const SEVERAL = z.strictObject({ keys: z.array(z.string()).max(KEYS_AT_ONCE_MAX) });

export const keyInfosEndpoint = endpoint({
  summary: 'Several keys, by their secrets or ids',
  action: 'key.read',
  target: ofKeys<z.output<typeof SEVERAL>, unknown>(({ body }) => body.keys),
  body: SEVERAL,
  query: NO_QUERY,
  async handle({ stores, body }) {
    const found = await Promise.all(body.keys.map(async (text) => findKey(stores, text)));
    const keys = found.filter((key) => key !== undefined);
    return keys.length === 0
      ? wrapped(404, { error: 'No keys found' })
      : { key: body.keys, info: await keyViews(stores, keys) };
  },
});

const UPDATE = z.strictObject({
  key: z.string(),
  ...KEY_FIELDS,
  temp_budget_increase: z.number().nullish(),
  temp_budget_expiry: z.string().nullish(),
});
type Update = z.output<typeof UPDATE>;

export const keyUpdateEndpoint = endpoint({
  summary: 'Change a key: only the fields that were sent, and null takes away',
  action: 'key.change',
  isNullGiven: true,
  fieldActions: BOUND_ACTIONS,
  target: ofKeys<Update, unknown>(({ body }) => [body.key]),
  body: UPDATE,
  query: NO_QUERY,
  async handle({ stores, actor, body }) {
    const key = await findKey(stores, body.key);
    if (key === undefined) {
      // The text is wrong, and clients know it.
      return wrapped(404, { error: 'Team not found, passed team_id=None' });
    }
    const updated = await changeKey(stores, actor, key, body);
    return isRefusal(updated) || isAnswer(updated)
      ? updated
      : { ...(await keyView(stores, updated)), key: body.key };
  },
});

type KeyChange = KeyFields & Pick<Update, 'temp_budget_increase' | 'temp_budget_expiry'>;

/** Writes the fields of a request into a key: all of them or none. */
export async function changeKey(
  stores: Stores,
  actor: Actor,
  key: VirtualKey,
  body: KeyChange,
): Promise<VirtualKey | Refusal | Answer> {
  const terms = termsFrom(body, stores.clock(), key);
  const mistake = complaintAboutMove(key, body) ?? complaintAboutMetadata(body.metadata);
  if (mistake !== undefined || isAnswer(terms)) {
    return mistake ?? (terms as Answer);
  }
  const done = await together<VirtualKey | { readonly taken: string }>(stores, async (inside) => {
    const isNew = terms.name !== undefined && terms.name !== key.name && terms.name !== UNNAMED;
    if (isNew && (await inside.records.directory.isKeyNameTaken(terms.name ?? ''))) {
      return { taken: terms.name ?? '' };
    }
    const updated = await updateKey(inside, actor, key.id, terms);
    const bounded = isRefusal(updated) ? updated : await boundKey(inside, actor, updated, body);
    const status = { keyId: key.id, status: body.blocked === true ? 'blocked' : 'active' } as const;
    const set =
      isRefusal(bounded) || typeof body.blocked !== 'boolean'
        ? bounded
        : await setKeyStatus(inside, actor, status);
    // It was there, and keys are never deleted.
    return isRefusal(set) ? set : ((await inside.records.keys.find(key.id)) as VirtualKey);
  });
  return !isRefusal(done) && 'taken' in done ? aliasTaken(done.taken) : done;
}

/** A key stays where it is: what it used stands with its team. */
function complaintAboutMove(key: VirtualKey, body: KeyFields): Answer | undefined {
  const team = isPersonalTeam(key.teamId) ? null : key.teamId;
  const moves: readonly (readonly [
    field: string,
    given: string | null | undefined,
    is: string | null,
  ])[] = [
    ['team_id', body.team_id, team],
    ['user_id', body.user_id, key.userId],
    ['organization_id', organizationOf(body, key), key.organizationId],
  ];
  const move = moves.find(([, given, is]) => given !== undefined && (given || null) !== is);
  return move === undefined
    ? undefined
    : wrapped(403, {
        error: `A key never changes its ${move[0]} here, because what it used is counted there: make a new key and delete this one.`,
      });
}

function organizationOf(
  { organization_id: given }: KeyFields,
  key: VirtualKey,
): string | undefined {
  return given === undefined || given === null
    ? undefined
    : organizationFrom(given) === key.organizationId
      ? undefined
      : given;
}

async function boundKey(
  stores: Stores,
  actor: Actor,
  key: VirtualKey,
  body: KeyChange,
): Promise<unknown> {
  const subject = { kind: 'key', keyId: key.id } as const;
  const ceilings =
    body.budget_id === undefined
      ? key.ceilings
      : await followPlan(stores, actor, subject, body.budget_id || null);
  if (isRefusal(ceilings)) {
    return ceilings;
  }
  const changes = changesFrom(ceilings, body);
  return isRefusal(changes) || changes.length === 0
    ? changes
    : changeCeilings(stores, actor, subject, changes);
}

const BULK = z.strictObject({
  keys: z.array(
    z.strictObject({
      key: z.string(),
      budget_id: KEY_FIELDS.budget_id,
      max_budget: KEY_FIELDS.max_budget,
      team_id: KEY_FIELDS.team_id,
      tags: KEY_FIELDS.tags,
    }),
  ),
});

export const keyBulkUpdateEndpoint = endpoint({
  summary: 'Change many keys, each by itself',
  action: 'key.change',
  target: ofKeys<z.output<typeof BULK>, unknown>(({ body }) => body.keys.map(({ key }) => key)),
  body: BULK,
  query: NO_QUERY,
  async handle({ stores, actor, body }) {
    if (body.keys.length === 0) {
      return detailed(400, { error: 'No keys provided for update' });
    }
    if (body.keys.length > KEYS_AT_ONCE_MAX) {
      const error = `Maximum ${KEYS_AT_ONCE_MAX} keys can be updated at once. Found ${body.keys.length} keys.`;
      return detailed(400, { error });
    }
    const successful: Json[] = [];
    const failed: Json[] = [];
    for (const { key: text, ...change } of body.keys) {
      const key = await findKey(stores, text);
      const done = key === undefined ? undefined : await changeKey(stores, actor, key, change);
      if (done !== undefined && !isRefusal(done) && !isAnswer(done)) {
        successful.push({ key: text, key_info: await keyView(stores, done) });
      } else {
        const reason = done === undefined ? `Key not found: ${text}` : reasonOf(done);
        failed.push({ key: text, key_info: null, failed_reason: reason });
      }
    }
    const total = body.keys.length;
    return { total_requested: total, successful_updates: successful, failed_updates: failed };
  },
});

function reasonOf(no: Refusal | Answer): string {
  return isRefusal(no)
    ? publicSentence(no)
    : (no.body as { readonly error: { readonly message: string } }).error.message;
}

const DELETE = z
  .strictObject({
    keys: z.array(z.string()).max(KEYS_AT_ONCE_MAX).nullish(),
    key_aliases: z.array(z.string()).max(KEYS_AT_ONCE_MAX).nullish(),
  })
  .refine(
    ({ keys, key_aliases: aliases }) =>
      (keys ?? aliases) !== undefined && (keys ?? aliases) !== null,
    {
      message: 'Value error, at least one of `keys` or `key_aliases` must be provided',
    },
  );

export const keyDeleteEndpoint = endpoint({
  summary: 'Delete keys, by secret, id or alias: all of them or none',
  action: 'key.change',
  target: async (stores, { body }, caller) =>
    (await keysOf(stores, body, caller))
      .flat()
      .map((key) => (key === undefined ? undefined : { ...key, keyId: key.id })),
  body: DELETE,
  query: NO_QUERY,
  async handle({ stores, actor, caller, body }) {
    const found = await keysOf(stores, body, caller);
    const given = body.keys ?? body.key_aliases ?? [];
    const unclear = given.find((_text, at) => (found[at]?.length ?? 0) > 1);
    if (unclear !== undefined) {
      const error = `More than one key has the alias '${unclear}'. Name the one that is meant in \`keys\`, by its id.`;
      return wrapped(400, { error });
    }
    const keys = found.map(([key]) => key);
    const missing = given.find((_text, at) => keys[at] === undefined);
    if (missing !== undefined) {
      const error = `Not all keys passed in were deleted. This probably means you don't have access to delete all the keys passed in. Keys passed in=${given.length}, Deleted keys =0`;
      return wrapped(404, { error }, { type: 'not_found_error' });
    }
    const done = await together(stores, async (inside) => {
      for (const { id } of keys.filter((key) => key !== undefined)) {
        const revoked = await setKeyStatus(inside, actor, { keyId: id, status: 'revoked' });
        if (isRefusal(revoked)) {
          return revoked;
        }
      }
      return { deleted_keys: given };
    });
    return done;
  },
});

/** For each that was given the keys that may be meant; undefined for none. Aliases are searched in sight only. */
async function keysOf(
  stores: Stores,
  { keys, key_aliases: aliases }: z.output<typeof DELETE>,
  caller: Caller,
): Promise<(readonly (VirtualKey | undefined)[])[]> {
  if (keys) {
    return Promise.all(keys.map(async (text) => [await findKey(stores, text)]));
  }
  const sight = keySightOf(caller, withinOf(caller));
  const part = { revoked: false, sort: 'id', descending: false, offset: 0, limit: 2 } as const;
  return Promise.all(
    (aliases ?? []).map(async (name) => {
      const { rows } = await stores.records.directory.keys({ ...sight, name, ...part });
      return rows.length === 0 ? [undefined] : rows;
    }),
  );
}

const ONE = z.strictObject({ key: z.string() });

function blocking(status: 'blocked' | 'active', summary: string): Endpoint {
  return endpoint({
    summary,
    action: 'key.change',
    target: ofKeys<z.output<typeof ONE>, unknown>(({ body }) => [body.key]),
    body: ONE,
    query: NO_QUERY,
    async handle({ stores, actor, body }) {
      const key = await findKey(stores, body.key);
      if (key === undefined) {
        return wrapped(404, { error: `Key ${masked(body.key)} not found` });
      }
      const set = await setKeyStatus(stores, actor, { keyId: key.id, status });
      return isRefusal(set) ? set : keyView(stores, set.key);
    },
  });
}

/** A secret is never repeated. */
export function masked(text: string): string {
  return text.startsWith('sk-') ? `sk-...${text.slice(-4)}` : text;
}

export const keyBlockEndpoint = blocking('blocked', 'Block a key');
export const keyUnblockEndpoint = blocking('active', 'Let a key call again');
