// Keys looked at, blocked, deleted.

import { z } from 'zod';
import { setKeyStatus } from '../../core/keys/change-key.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { withinOf } from '../../core/permission/caller.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { together } from '../../core/together.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { wrapped } from './errors.ts';
import { findKey, ofKeys } from './find-key.ts';
import { keySightOf } from './key-lists.ts';
import { keyView, keyViews } from './key-view.ts';
import { KEYS_AT_ONCE_MAX } from './update-key.ts';
import { KEY } from './answers/rows.ts';
import { KEYS_DELETED, KEY_INFO, KEY_INFOS } from './answers/changes.ts';
import { KEY_HEALTH } from './answers/changes.ts';

export const keyInfoEndpoint = endpoint({
  summary: 'A key, by its secret or its id; without either, the key that asks',
  action: 'key.read',
  target: async (stores, given, caller) =>
    ofKeys<unknown, { readonly key?: string | undefined }>(({ query }) =>
      asked(query.key, caller.keyId),
    )(stores, given, caller),
  body: NOTHING,
  query: z.strictObject({ key: z.string().optional() }),
  answer: KEY_INFO,
  async handle({ stores, query, caller }) {
    const [text] = asked(query.key, caller.keyId);
    const key = text === undefined ? undefined : await findKey(stores, text);
    if (text === undefined || key === undefined) {
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
  answer: KEY_INFOS,
  async handle({ stores, body }) {
    const found = await Promise.all(body.keys.map(async (text) => findKey(stores, text)));
    const keys = found.filter((key) => key !== undefined);
    return keys.length === 0
      ? wrapped(404, { error: 'No keys found' })
      : { key: body.keys, info: await keyViews(stores, keys) };
  },
});

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
  answer: KEYS_DELETED,
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
    answer: KEY,
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

export const keyHealthEndpoint = endpoint({
  summary: 'Whether the key that asks may call; nothing of a call leaves for logging systems',
  action: 'team.read',
  target: 'listed',
  body: NOTHING,
  query: NO_QUERY,
  answer: KEY_HEALTH,
  async handle({ stores, caller }) {
    const key = caller.keyId === undefined ? undefined : await findKey(stores, caller.keyId);
    const isHealthy = key === undefined || key.status === 'active';
    return {
      key: isHealthy ? ('healthy' as const) : ('unhealthy' as const),
      logging_callbacks: null,
    };
  },
});
