import type { Actor } from '../audit/audit.ts';
import { changeOnce, isRepeated, tellGate, tellGateOfNew } from '../change.ts';
import type { Repeated } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { insertKey } from './create-key.ts';
import type { KeyCreated } from './create-key.ts';
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
 * Replaces a key by a new one. Both work until the grace ends; then the old one has expired, by the
 * gate's own clock, whether or not anything else is awake.
 */
export async function rotateKey(
  stores: Stores,
  actor: Actor,
  wish: { readonly keyId: string; readonly graceMs: number },
  onceKey?: string,
): Promise<KeyCreated | Refusal | Repeated> {
  const rotated = await changeOnce<KeyCreated>(stores.records, onceKey, async (records) => {
    const old = await records.keys.find(wish.keyId);
    if (old === undefined) {
      return refuse('key_not_found', { key: wish.keyId });
    }
    if (old.status === 'revoked') {
      const complaint = 'the key was revoked; make a new one instead';
      return refuse('value_invalid', { field: 'key', complaint });
    }
    const graceEnd = new Date(stores.clock() + wish.graceMs);
    const expiresAt = old.expiresAt === null || old.expiresAt > graceEnd ? graceEnd : old.expiresAt;
    await records.keys.update(old.id, { expiresAt });
    await records.audit.write({
      actor,
      action: 'key.rotated',
      target: `key:${old.id}`,
      after: { expiresAt: expiresAt.toISOString() },
    });
    await records.outbox.add({ kind: 'key.changed', keyId: old.id });
    const { teamId, name } = old;
    return insertKey(stores, records, actor, { teamId, name, expiresAt: old.expiresAt });
  });
  if (!isRefusal(rotated) && !isRepeated(rotated)) {
    // The answer holds the new key, which nobody will see again: it must not be lost to a fault.
    await tellGateOfNew(stores, { keyId: rotated.keyId }, { keyId: wish.keyId });
  }
  return rotated;
}
