// A key passes from the server to one pair of eyes by a link that works once. The link's secret seals
// the key (AES-256-GCM) and is not stored, so neither the table nor a backup of it reveals a key.

import { createHash } from 'node:crypto';
import { MINUTE_MS } from '../time.ts';
import { sha256 } from '../ids.ts';
import { decrypt, encrypt } from '../sealing.ts';

/** Long enough to open a browser, short enough that a forgotten link is dead by lunch. */
export const REVEAL_LINK_LIFETIME_MS = 15 * MINUTE_MS;

export interface RevealLink {
  /** SHA-256 of the link's secret. */
  readonly id: string;
  readonly keyId: string;
  readonly teamId: string;
  /** Null as soon as the key was revealed or the link expired. */
  readonly sealed: Uint8Array | null;
  readonly createdBy: string;
  /** Who is to open it: `user:ann@acme.com` of the customer, CLIENT where nobody is named, or an actor. */
  readonly madeFor: string;
  readonly expiresAt: Date;
  readonly openedAt: Date | null;
}

/** Somebody at the customer. */
export const CLIENT = 'client';

/** Looks a link up by its secret without storing the secret. */
export function linkIdOf(secret: string): string {
  return sha256(secret);
}

/** Seals a key with the link's secret. */
export function seal(secretKey: string, secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encrypt(Buffer.from(secretKey), sealingKey(secret)));
}

/** Opens what {@link seal} closed; throws when the secret is another one or a bit was changed. */
export function unseal(sealed: Uint8Array, secret: string): string {
  return decrypt(sealed, sealingKey(secret)).toString();
}

function sealingKey(secret: string): Buffer {
  return createHash('sha256').update('quartermaster reveal link\0').update(secret).digest();
}
