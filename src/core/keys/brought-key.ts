// Keys of another system, which kept the SHA-256 of each secret and not the secret. Its clients go on with what they have:
// what is stored here is the peppered hash of that digest, and a secret that is not known by itself is looked up by its
// digest. No text that begins like a key is a digest, so neither is ever taken for the other.

import type { Actor } from '../audit/audit.ts';
import { tellGateOfNew } from '../change.ts';
import type { Gate, KeyIdentity } from '../gateway/gate.ts';
import { sha256 } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { insertHashedKey, teamForNewKey } from './create-key.ts';
import type { KeyWish } from './create-key.ts';
import { hashOfKey, lastFourOf } from './virtual-key.ts';
import type { VirtualKey } from './virtual-key.ts';

export interface BroughtKeyWish extends Omit<KeyWish, 'secretKey'> {
  /** The SHA-256 of the secret, in 64 hex digits. */
  readonly digest: string;
  readonly lastFour: string;
}

const DIGEST = /^[0-9a-f]{64}$/;
const LAST_FOUR = /^[\x21-\x7e]{4}$/;

/** Takes a key over; one that this team took over before is answered again, and nothing is changed. */
export async function bringKey(
  stores: Stores,
  actor: Actor,
  wish: BroughtKeyWish,
): Promise<{ readonly keyId: string; readonly repeated: boolean } | Refusal> {
  const { digest, lastFour, ...rest } = wish;
  if (!DIGEST.test(digest)) {
    const complaint = 'it is not the SHA-256 of a key, 64 hex digits in lower case';
    return refuse('value_invalid', { field: 'sha256', complaint });
  }
  if (!LAST_FOUR.test(lastFour)) {
    const complaint = 'it must be the last four characters of the key';
    return refuse('value_invalid', { field: 'last_four', complaint });
  }
  const hash = hashOfKey(digest, stores.settings.keyPepper);
  const brought = await stores.records.change(async (records) => {
    const known = await records.directory.keyByHash(hash);
    if (known !== undefined) {
      const complaint = 'this key is in use, or was; a key is never given twice';
      return known.teamId === wish.teamId
        ? { keyId: known.id, repeated: true }
        : refuse('value_invalid', { field: 'sha256', complaint });
    }
    const team = await teamForNewKey(stores, records, actor, rest);
    if (isRefusal(team)) {
      return team;
    }
    const keyId = await insertHashedKey(records, actor, team, rest, { hash, lastFour });
    return { keyId, repeated: false };
  });
  if (!isRefusal(brought) && !brought.repeated) {
    await tellGateOfNew(stores, { keyId: brought.keyId });
  }
  return brought;
}

/** The key that was brought along with this digest. */
export async function findBroughtKey(
  { records, settings }: Pick<Stores, 'records' | 'settings'>,
  digest: string,
): Promise<VirtualKey | undefined> {
  return DIGEST.test(digest)
    ? records.directory.keyByHash(hashOfKey(digest, settings.keyPepper))
    : undefined;
}

/** Whose a secret is: one of ours, else one that was brought along. Costs a second look for unknown keys alone. */
export async function identifyKey(
  gate: Pick<Gate, 'identify'>,
  secretKey: string,
  pepper: string,
): Promise<KeyIdentity | undefined> {
  const lastFour = lastFourOf(secretKey);
  const own = await gate.identify(hashOfKey(secretKey, pepper), lastFour);
  return own ?? gate.identify(hashOfBrought(secretKey, pepper), lastFour);
}

/** What a secret may be stored as: as one of ours, or as one that was brought along. */
export function hashesOfKey(
  secretKey: string,
  pepper: string,
): readonly [own: string, brought: string] {
  return [hashOfKey(secretKey, pepper), hashOfBrought(secretKey, pepper)];
}

function hashOfBrought(secretKey: string, pepper: string): string {
  return hashOfKey(sha256(secretKey), pepper);
}
