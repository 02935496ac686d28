// A key passes from the server to one pair of eyes by a link that works once. The link's secret seals
// the key (AES-256-GCM) and is not stored, so neither the table nor a backup of it reveals a key.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { MINUTE_MS } from '../time.ts';
import { sha256 } from '../ids.ts';

/** Long enough to open a browser, short enough that a forgotten link is dead by lunch. */
export const REVEAL_LINK_LIFETIME_MS = 15 * MINUTE_MS;

const NONCE_BYTES = 12;
const SEAL_BYTES = 16;

export interface RevealLink {
  /** SHA-256 of the link's secret. */
  readonly id: string;
  readonly keyId: string;
  readonly teamId: string;
  /** Null as soon as the key was revealed or the link expired. */
  readonly sealed: Uint8Array | null;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly openedAt: Date | null;
}

/** Looks a link up by its secret without storing the secret. */
export function linkIdOf(secret: string): string {
  return sha256(secret);
}

/** Seals a key with the link's secret. */
export function seal(secretKey: string, secret: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), nonce);
  const sealed = Buffer.concat([cipher.update(secretKey, 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), sealed]));
}

/** Opens what {@link seal} closed; throws when the secret is another one or a bit was changed. */
export function unseal(sealed: Uint8Array, secret: string): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    sealingKey(secret),
    bytes.subarray(0, NONCE_BYTES),
  );
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + SEAL_BYTES));
  const rest = bytes.subarray(NONCE_BYTES + SEAL_BYTES);
  return Buffer.concat([decipher.update(rest), decipher.final()]).toString('utf8');
}

function sealingKey(secret: string): Buffer {
  return createHash('sha256').update('quartermaster reveal link\0').update(secret).digest();
}
