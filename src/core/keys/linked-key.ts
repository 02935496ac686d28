import type { Actor } from '../audit/audit.ts';
import { isRepeated } from '../change.ts';
import type { Repeated } from '../change.ts';
import { once } from '../once.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { KeyCreated } from './create-key.ts';
import type { RevealLink } from './reveal-link.ts';
import { makeRevealLink } from './reveal.ts';
import type { VirtualKey } from './virtual-key.ts';

/** A new secret of a key, and the way to it. */
export interface LinkedKey {
  readonly key: VirtualKey;
  /** The secret of the one-time link. */
  readonly linkSecret: string;
}

/**
 * Makes or rotates a key together with its reveal link, once for each `onceKey`: either both stand in the
 * records or neither does, and then a secret that was to be replaced works on.
 */
export async function makeLinkedKey(
  stores: Stores,
  actor: Actor,
  onceKey: string,
  make: (inside: Stores) => Promise<KeyCreated | Refusal | Repeated>,
  madeFor?: RevealLink['madeFor'],
): Promise<LinkedKey | Refusal | Repeated> {
  return once<LinkedKey>(stores, onceKey, async (inside) => {
    const made = await make(inside);
    if (isRefusal(made)) {
      return made;
    }
    const key = isRepeated(made) ? undefined : await inside.records.keys.find(made.keyId);
    if (isRepeated(made) || key === undefined) {
      throw new Error('Linking a key: it was to be made inside of the change, and is not there');
    }
    return { key, linkSecret: await makeRevealLink(inside, actor, made, madeFor) };
  });
}
