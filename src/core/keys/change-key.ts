import type { Actor } from '../audit/audit.ts';
import { changeOnce, isRepeated, tellGate, tellGateOfNew } from '../change.ts';
import type { Repeated } from '../change.ts';
import { complaintAboutEnd } from '../moment.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { DAY_MS } from '../time.ts';
import type { KeyCreated } from './create-key.ts';
import { isSignInKey } from './sign-in-key.ts';
import { hashOfKey, lastFourOf, newSecretKey } from './virtual-key.ts';
import type { KeyStatus, VirtualKey } from './virtual-key.ts';
import { writeKeyChange } from './write-key.ts';

/** Blocks, unblocks or revokes a key. Holds on the next request. A revoked key stays revoked. */
export async function setKeyStatus(
  stores: Stores,
  actor: Actor,
  wish: { readonly keyId: string; readonly status: KeyStatus; readonly reason?: string },
): Promise<{ readonly key: VirtualKey; readonly changed: boolean } | Refusal> {
  const set = await stores.records.change(async (records) => {
    const key = await records.keys.locked(wish.keyId);
    if (key === undefined) {
      return refuse('key_not_found', { key: wish.keyId });
    }
    if (key.status === wish.status) {
      return { key, changed: false };
    }
    const complaint = await complaintAboutStatus(records, key, wish.status);
    if (complaint !== undefined) {
      return refuse('value_invalid', { field: 'status', complaint });
    }
    await writeKeyChange(
      records,
      key,
      { status: wish.status },
      {
        actor,
        action: `key.${wish.status}`,
        before: { status: key.status },
        after: { status: wish.status },
        ...(wish.reason === undefined ? {} : { reason: wish.reason }),
      },
    );
    return { key: { ...key, status: wish.status }, changed: true };
  });
  if (!isRefusal(set)) {
    await tellGate(stores, { keyId: wish.keyId });
  }
  return set;
}

async function complaintAboutStatus(
  records: Records,
  key: VirtualKey,
  status: KeyStatus,
): Promise<string | undefined> {
  if (key.status === 'revoked') {
    return 'the key was revoked, and that is for ever';
  }
  if (status !== 'active' || key.userId === null) {
    return undefined;
  }
  // Who is removed at this moment waits, and blocks the key after.
  const owner = await records.members.locked(key.teamId, key.userId);
  return owner?.role === 'removed'
    ? `its owner ${key.userId} was removed from the team, add them again first`
    : undefined;
}

/** A month to deploy the new secret; a secret that is replaced is not to live on for ever. */
export const ROTATION_GRACE_MAX_MS = 30 * DAY_MS;

/** Long enough to deploy the new secret everywhere during a working day. */
export const ROTATION_GRACE_MS = DAY_MS;

export interface RotationWish {
  readonly keyId: string;
  /** How long the secret before it works on, from 0 (it stops at once) to 30 days. */
  readonly graceMs: number;
  /** A new end for the key, such as for one that has expired; it stays as it is where absent. */
  readonly expiresAt?: Date | null;
}

/**
 * Gives a key a new secret. The one before it works until the grace ends, by the gate's own clock, whether
 * or not anything else is awake; one from before that stops at once. What the key has spent, its limits and
 * its name stay.
 */
export async function rotateKey(
  stores: Stores,
  actor: Actor,
  wish: RotationWish,
  onceKey?: string,
): Promise<KeyCreated | Refusal | Repeated> {
  const { graceMs } = wish;
  if (!(Number.isSafeInteger(graceMs) && graceMs >= 0 && graceMs <= ROTATION_GRACE_MAX_MS)) {
    const days = ROTATION_GRACE_MAX_MS / DAY_MS;
    return refuse('value_invalid', {
      field: 'grace',
      complaint: `only 0 (the old secret stops at once) to ${days} days are allowed`,
    });
  }
  const end = wish.expiresAt ?? null;
  const lateEnd = end === null ? undefined : complaintAboutEnd(end, stores.clock());
  if (lateEnd !== undefined) {
    return refuse('value_invalid', { field: 'expires', complaint: lateEnd });
  }
  const rotated = await changeOnce<KeyCreated>(stores.records, onceKey, async (records) => {
    // Of two who rotate at once, the second replaces the secret of the first, which is told so.
    const key = await records.keys.locked(wish.keyId);
    if (key === undefined) {
      return refuse('key_not_found', { key: wish.keyId });
    }
    if (key.status === 'revoked') {
      const complaint = 'the key was revoked; make a new one instead';
      return refuse('value_invalid', { field: 'key', complaint });
    }
    if (isSignInKey(key)) {
      const complaint = 'its owner signs in by JWT, and it has no secret; block it instead';
      return refuse('value_invalid', { field: 'key', complaint });
    }
    const secretKey = newSecretKey();
    // No end is one that has passed, by every clock.
    const previousUntil = graceMs === 0 ? null : new Date(stores.clock() + graceMs);
    const change = {
      hash: hashOfKey(secretKey, stores.settings.keyPepper),
      lastFour: lastFourOf(secretKey),
      previousHash: key.hash,
      previousLastFour: key.lastFour,
      previousUntil,
      ...(wish.expiresAt === undefined ? {} : { expiresAt: wish.expiresAt }),
    };
    await writeKeyChange(records, key, change, {
      actor,
      action: 'key.rotated',
      after: {
        previousUntil: previousUntil?.toISOString() ?? null,
        ...(wish.expiresAt === undefined ? {} : { expiresAt: end?.toISOString() ?? null }),
      },
    });
    return { keyId: key.id, teamId: key.teamId, secretKey };
  });
  if (!isRefusal(rotated) && !isRepeated(rotated)) {
    // The answer holds the new key, which nobody will see again: it must not be lost to a fault.
    await tellGateOfNew(stores, { keyId: rotated.keyId });
  }
  return rotated;
}
