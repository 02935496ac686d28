// Keys changed, one or many at once.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { setKeyStatus } from '../../core/keys/change-key.ts';
import { updateKey } from '../../core/keys/update-key.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { withinOf } from '../../core/permission/caller.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { may, refuseRole } from '../../core/permission/permissions.ts';
import { followPlan } from '../../core/plans/plans.ts';
import { isRefusal, publicSentence } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { isPersonalTeam } from '../../core/teams/personal-team.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY } from '../shape.ts';
import { KEPT_OF_KEY } from './kept-only.ts';
import { changesFrom } from './bounds.ts';
import { organizationFrom } from './default-organization.ts';
import { detailed, messageOf, wrapped } from './errors.ts';
import { findKey, ofKeys } from './find-key.ts';
import { BOUND_ACTIONS, KEY_FIELDS, termsFrom } from './key-fields.ts';
import type { KeyFields } from './key-fields.ts';
import { keySightOf } from './key-lists.ts';
import { keyView, UNNAMED } from './key-view.ts';
import { aliasTaken } from './new-key.ts';
import { HALF_A_RAISE, isWholeRaise, RAISE, raiseBudget } from './raise-budget.ts';
import type { Raise } from './raise-budget.ts';
import { KEY_MADE } from './answers/rows.ts';
import { KEYS_UPDATED } from './answers/changes.ts';
import type { Told } from '../told.ts';

/** As LiteLLM has it, for one request. */
export const KEYS_AT_ONCE_MAX = 500;

const UPDATE = z
  .strictObject({ key: z.string().nullish(), ...KEY_FIELDS, ...RAISE })
  .refine(isWholeRaise, HALF_A_RAISE)
  .refine(({ key, key_alias: alias }) => Boolean(key ?? alias), {
    message: 'Value error, either key or key_alias must be provided',
  });
type Update = z.output<typeof UPDATE>;

export const keyUpdateEndpoint = endpoint({
  summary: 'Change a key: only the fields that were sent, and null takes away',
  action: 'key.change',
  isNullGiven: true,
  fieldActions: BOUND_ACTIONS,
  target: async (stores, { body }, caller) => {
    const key = await keyMeant(stores, body, caller);
    return [key === undefined ? undefined : { ...key, keyId: key.id }];
  },
  body: UPDATE,
  keptOnly: KEPT_OF_KEY,
  query: NO_QUERY,
  answer: KEY_MADE,
  async handle({ stores, actor, caller, body }) {
    const key = await keyMeant(stores, body, caller);
    if (key === undefined) {
      // The text is wrong, and clients know it.
      return wrapped(404, { error: 'Team not found, passed team_id=None' });
    }
    const no = complaintAboutBounds(caller, key, body);
    if (no !== undefined) {
      return no;
    }
    const updated = await changeKey(stores, actor, key, body);
    return isRefusal(updated) || isAnswer(updated)
      ? updated
      : { ...(await keyView(stores, updated)), key: body.key ?? key.id };
  },
});

/** The key that is named; by its alias where nothing else names it, and only where one key in sight has it. */
async function keyMeant(
  stores: Stores,
  { key: text, key_alias: name }: Update,
  caller: Caller,
): Promise<VirtualKey | undefined> {
  if (text || !name) {
    return findKey(stores, text ?? '');
  }
  const part = { revoked: false, sort: 'id', descending: false, offset: 0, limit: 2 } as const;
  const sight = keySightOf(caller, withinOf(caller));
  const { rows } = await stores.records.directory.keys({ ...sight, name, ...part });
  return rows.length === 1 ? rows[0] : undefined;
}

type KeyChange = KeyFields & Raise;

/**
 * What bounds a key is for those to change who may. No credits end a key without a team: there bounds are all there
 * is, and not for a customer to lift.
 */
export function complaintAboutBounds(
  caller: Caller,
  key: VirtualKey,
  body: object,
): Refusal | undefined {
  const needed = isPersonalTeam(key.teamId) ? 'team.terms' : 'person.limits';
  const isBound = Object.entries(body).some(
    ([field, value]) => value !== undefined && BOUND_ACTIONS[field] !== undefined,
  );
  return isBound && !may(caller, needed) ? refuseRole(needed) : undefined;
}

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
  const changed =
    isRefusal(changes) || changes.length === 0
      ? changes
      : await changeCeilings(stores, actor, subject, changes);
  return isRefusal(changed) ? changed : raiseBudget(stores, actor, subject, body);
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
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: KEYS_UPDATED,
  async handle({ stores, actor, caller, body }) {
    if (body.keys.length === 0) {
      return detailed(400, { error: 'No keys provided for update' });
    }
    if (body.keys.length > KEYS_AT_ONCE_MAX) {
      const error = `Maximum ${KEYS_AT_ONCE_MAX} keys can be updated at once. Found ${body.keys.length} keys.`;
      return detailed(400, { error });
    }
    const successful: Told<typeof KEYS_UPDATED>['successful_updates'][number][] = [];
    const failed: Told<typeof KEYS_UPDATED>['failed_updates'][number][] = [];
    for (const { key: text, ...change } of body.keys) {
      const key = await findKey(stores, text);
      const no = key === undefined ? undefined : complaintAboutBounds(caller, key, change);
      const done =
        key === undefined ? undefined : (no ?? (await changeKey(stores, actor, key, change)));
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
  return isRefusal(no) ? publicSentence(no) : messageOf(no);
}
