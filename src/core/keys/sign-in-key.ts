// The key record of somebody who signs in by JWT: what the gate admits, blocks and counts by, without a
// secret. One for each team, person and set of models, made with their first call.

import { complaintAboutName, NAME_MAX_LENGTH, sha256 } from '../ids.ts';
import { hashOfKey } from './virtual-key.ts';
import type { VirtualKey } from './virtual-key.ts';

/** Whom a JWT stands for. Two that stand for the same share everything. */
export interface SignInIdentity {
  readonly teamId: string;
  /** Undefined for a service. */
  readonly userId: string | undefined;
  /** What the scopes confine it to, sorted; empty where they do not. */
  readonly models: readonly string[];
}

/** Stands where keys of clients have their last four characters. */
export const SIGN_IN_LAST_FOUR = 'jwt';
export const SIGN_IN_TAG = 'jwt';

const CREATED_BY = 'jwt';
const WORD = 'jwt:';

/**
 * The hash and id of the record. No client can send a key of this hash: one begins with "sk-", the text that
 * is hashed here does not, and only the server knows the pepper.
 */
export function signInKeyOf(
  { teamId, userId, models }: SignInIdentity,
  pepper: string,
): { readonly hash: string; readonly keyId: string } {
  const hash = hashOfKey(WORD + JSON.stringify([teamId, userId ?? null, models]), pepper);
  // Worked out, so that two proxies at once make one record and not two.
  const digits = sha256(hash);
  const parts = [0, 8, 12, 16, 20, 32].map((start, at, all) => digits.slice(start, all[at + 1]));
  return { hash, keyId: parts.slice(0, -1).join('-') };
}

/** What the record is called on screens. */
export function signInKeyName({ userId }: SignInIdentity): string {
  const name = (WORD + (userId ?? 'service')).slice(0, NAME_MAX_LENGTH);
  return complaintAboutName(name) === undefined ? name : `${WORD}user`;
}

/** Who the audit trail says made it, and what else such a record is known by. */
export const SIGN_IN_ACTOR = { id: CREATED_BY, door: 'api' } as const;

export function isSignInKey(key: Pick<VirtualKey, 'createdBy'>): boolean {
  return key.createdBy === CREATED_BY;
}
