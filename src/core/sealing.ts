// Secrets that must be read again (a webhook's, a provider's) rest sealed. Each is encrypted with a key of
// its own, and that key with the installation's master key, so the master key touches 32 random bytes alone
// and a change of it never needs the secrets themselves. AES-256-GCM throughout.
//
//   version (1) | id of the master key (4) | sealed data key (60) | sealed secret (28 + its length)

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from './faults.ts';

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;
const DATA_KEY_AT = 1 + KEY_ID_BYTES;
const SECRET_AT = DATA_KEY_AT + NONCE_BYTES + TAG_BYTES + KEY_BYTES;

export interface Sealer {
  /**
   * Seals a secret for one place, such as `webhook:<id>`: sealed bytes that were copied elsewhere do not open
   * there.
   */
  seal(secret: string, place: string): Uint8Array<ArrayBuffer>;
  /** Opens what `seal` closed. Throws a Fault if the master key is unknown or anything was changed. */
  open(sealed: Uint8Array, place: string): string;
}

/**
 * A sealer that seals with the first master key and opens with whichever sealed. A master key is any text;
 * what encrypts is drawn from it (HKDF-SHA256).
 */
export function createSealer(masterKeys: readonly string[]): Sealer {
  const keys = masterKeys.map((text) => {
    const key = Buffer.from(hkdfSync('sha256', text, '', 'quartermaster sealing', KEY_BYTES));
    return { key, id: createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES) };
  });
  const [current] = keys;
  return {
    seal(secret, place) {
      if (current === undefined) {
        throw new Fault('Sealing a secret: there is no master key');
      }
      const dataKey = randomBytes(KEY_BYTES);
      return new Uint8Array(
        Buffer.concat([
          Buffer.from([VERSION]),
          current.id,
          encrypt(dataKey, current.key, place),
          encrypt(Buffer.from(secret), dataKey, place),
        ]),
      );
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed);
      const id = bytes.subarray(1, DATA_KEY_AT);
      const master = keys.find((each) => each.id.equals(id));
      if (bytes[0] !== VERSION || master === undefined) {
        throw new Fault(
          `Opening a sealed secret (${place}): it was sealed with another master key, add that one to ` +
            'QUARTERMASTER_MASTER_KEY, or set the secret anew',
        );
      }
      try {
        const dataKey = decrypt(bytes.subarray(DATA_KEY_AT, SECRET_AT), master.key, place);
        return decrypt(bytes.subarray(SECRET_AT), dataKey, place).toString();
      } catch (error) {
        throw new Fault(`Opening a sealed secret (${place}): it was changed, set it anew`, {
          cause: error,
        });
      }
    },
  };
}

/** Nonce, tag, then the encrypted bytes; `bound` is not in them, and must be the same at opening. */
export function encrypt(plain: Uint8Array, key: Uint8Array, bound = ''): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(bound));
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

/** Opens what {@link encrypt} closed; throws when key or bound are others or a bit was changed. */
export function decrypt(sealed: Uint8Array, key: Uint8Array, bound = ''): Buffer {
  const bytes = Buffer.from(sealed);
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([
    decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
    decipher.final(),
  ]);
}
