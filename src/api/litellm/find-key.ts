import { complaintAboutId } from '../../core/ids.ts';
import { hashesOfKey } from '../../core/keys/brought-key.ts';
import { KEY_PREFIX } from '../../core/keys/virtual-key.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { FindRows } from '../target.ts';
import type { Given } from '../target.ts';
import type { Stores } from '../../core/stores.ts';

/** The key of a secret or an id; one that was revoked is deleted for LiteLLM. */
export async function findKey(
  { records, settings }: Stores,
  text: string,
): Promise<VirtualKey | undefined> {
  const key = text.startsWith(KEY_PREFIX)
    ? await keyOfSecret(records, hashesOfKey(text, settings.keyPepper))
    : complaintAboutId(text) === undefined
      ? await records.keys.find(text)
      : undefined;
  return key?.status === 'revoked' ? undefined : key;
}

async function keyOfSecret(
  { directory }: Stores['records'],
  [own, brought]: readonly [string, string],
): Promise<VirtualKey | undefined> {
  return (await directory.keyByHash(own)) ?? directory.keyByHash(brought);
}

/** Whose the keys are that a request names by secret or id. */
export function ofKeys<Body, Query>(
  pick: (given: Given<Body, Query>) => readonly string[],
): FindRows<Body, Query> {
  return async (stores, given) => {
    const rows = pick(given).map(async (text) => {
      const key = await findKey(stores, text);
      return key === undefined ? undefined : { ...key, keyId: key.id };
    });
    // Who names none is told like who names one that does not exist.
    return rows.length === 0 ? [undefined] : Promise.all(rows);
  };
}
