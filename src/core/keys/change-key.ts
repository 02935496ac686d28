import type { Actor } from '../audit/audit.ts';
import { changeOnce, isRepeated, tellGate, tellGateOfNew } from '../change.ts';
import type { Repeated } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { KeyCreated } from './create-key.ts';
import { hashOfKey, lastFourOf, newSecretKey } from './virtual-key.ts';
import type { KeyStatus, VirtualKey } from './virtual-key.ts';

/** Blocks, unblocks or revokes a key. Holds on the next request. A revoked key stays revoked. */
export async function setKeyStatus(
  stores: Stores,
  actor: Actor,
  wish: { readonly keyId: string; readonly status: KeyStatus; readonly reason?: string },
): Promise<{ readonly key: VirtualKey; readonly changed: boolean } | Refusal> {
  const set = await stores.records.change(async (records) => {
    const key = await records.keys.find(wish.keyId);
    if (key === undefined) {
      return refuse('key_not_found', { key: wish.keyId });
    }
    if (key.status === wish.status) {
      return { key, changed: false };
    }
    if (key.status === 'revoked') {
      const complaint = 'the key was revoked, and that is for ever';
      return refuse('value_invalid', { field: 'status', complaint });
    }
    await records.keys.update(key.id, { status: wish.status });
    await records.audit.write({
      actor,
      action: `key.${wish.status}`,
      target: `key:${key.id}`,
      before: { status: key.status },
      after: { status: wish.status },
      ...(wish.reason === undefined ? {} : { reason: wish.reason }),
    });
    await records.outbox.add({ kind: 'key.changed', keyId: key.id });
    return { key: { ...key, status: wish.status }, changed: true };
  });
  if (!isRefusal(set)) {
    await tellGate(stores, { keyId: wish.keyId });
  }
  return set;
}

/**
 * Gives a key a new secret. The one before it works until the grace ends, by the gate's own clock, whether
 * or not anything else is awake; one from before that stops at once. What the key has spent, its limits and
 * its name stay.
 */
export async function rotateKey(
  stores: Stores,
  actor: Actor,
  wish: { readonly keyId: string; readonly graceMs: number },
  onceKey?: string,
): Promise<KeyCreated | Refusal | Repeated> {
  const rotated = await changeOnce<KeyCreated>(stores.records, onceKey, async (records) => {
    const key = await records.keys.find(wish.keyId);
    if (key === undefined) {
      return refuse('key_not_found', { key: wish.keyId });
    }
    if (key.status === 'revoked') {
      const complaint = 'the key was revoked; make a new one instead';
      return refuse('value_invalid', { field: 'key', complaint });
    }
    const secretKey = newSecretKey();
    const previousUntil = new Date(stores.clock() + wish.graceMs);
    await records.keys.update(key.id, {
      hash: hashOfKey(secretKey, stores.settings.keyPepper),
      lastFour: lastFourOf(secretKey),
      previousHash: key.hash,
      previousLastFour: key.lastFour,
      previousUntil,
    });
    await records.audit.write({
      actor,
      action: 'key.rotated',
      target: `key:${key.id}`,
      after: { previousUntil: previousUntil.toISOString() },
    });
    await records.outbox.add({ kind: 'key.changed', keyId: key.id });
    return { keyId: key.id, teamId: key.teamId, secretKey };
  });
  if (!isRefusal(rotated) && !isRepeated(rotated)) {
    // The answer holds the new key, which nobody will see again: it must not be lost to a fault.
    await tellGateOfNew(stores, { keyId: rotated.keyId });
  }
  return rotated;
}
