import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { complaintAboutNames } from './key-names.ts';
import { complaintAboutKeyTerms, spokenTerms, withoutRepetitions } from './key-terms.ts';
import type { KeyTerms } from './key-terms.ts';
import type { VirtualKey } from './virtual-key.ts';
import { writeKeyChange } from './write-key.ts';

/** Changes what a key is called and may do; what is absent stays. Holds on the next request. */
export async function updateKey(
  stores: Stores,
  actor: Actor,
  keyId: string,
  change: Partial<KeyTerms>,
): Promise<VirtualKey | Refusal> {
  const wished = withoutRepetitions(change);
  const refusal = complaintAboutKeyTerms(wished, stores.clock());
  return refusal ?? changeTerms(stores, actor, keyId, wished, 'key.updated');
}

/** Lets a key expire now. Unlike one that is revoked, it may be given a later end again. */
export async function expireKey(
  stores: Stores,
  actor: Actor,
  keyId: string,
): Promise<VirtualKey | Refusal> {
  const expiresAt = new Date(stores.clock());
  return changeTerms(stores, actor, keyId, { expiresAt }, 'key.expired');
}

async function changeTerms(
  stores: Stores,
  actor: Actor,
  keyId: string,
  change: Partial<KeyTerms>,
  action: string,
): Promise<VirtualKey | Refusal> {
  const changed = await stores.records.change<VirtualKey>(async (records) => {
    const key = await records.keys.locked(keyId);
    if (key === undefined) {
      return refuse('key_not_found', { key: keyId });
    }
    if (key.status === 'revoked') {
      const complaint = 'the key was revoked; make a new one instead';
      return refuse('value_invalid', { field: 'key', complaint });
    }
    const team = await records.teams.find(key.teamId);
    const refusal = team && (await complaintAboutNames(records, team, change, key));
    if (refusal !== undefined) {
      return refusal;
    }
    const fields = Object.keys(change) as (keyof KeyTerms)[];
    const before = Object.fromEntries(fields.map((field) => [field, key[field]]));
    await writeKeyChange(records, key, change, {
      actor,
      action,
      before: spokenTerms(before),
      after: spokenTerms(change),
    });
    return (await records.keys.find(keyId)) ?? { ...key, ...change };
  });
  if (!isRefusal(changed)) {
    await tellGate(stores, { keyId });
  }
  return changed;
}
