import type { Actor } from '../audit/audit.ts';
import { changeOnce, isRepeated, tellGateOfNew } from '../change.ts';
import type { Repeated } from '../change.ts';
import { complaintAboutName, newId } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { hashOfKey, lastFourOf, newSecretKey, UNBOUND_KEY } from './virtual-key.ts';

/** More than any team has services; a list that a person can still read. */
export const KEYS_PER_TEAM_MAX = 200;

export interface KeyWish {
  readonly teamId: string;
  readonly name: string;
  readonly expiresAt: Date | null;
}

export interface KeyCreated {
  readonly keyId: string;
  readonly teamId: string;
  /** The one moment at which the key is known. Never to be logged, stored or sent through Slack. */
  readonly secretKey: string;
}

/** Gives a team another key. */
export async function createKey(
  stores: Stores,
  actor: Actor,
  wish: KeyWish,
  onceKey?: string,
): Promise<KeyCreated | Refusal | Repeated> {
  const created = await changeOnce(stores.records, onceKey, async (records) => {
    const refusal = await complaintAboutKeyWish(stores, records, wish);
    return refusal ?? insertKey(stores, records, actor, wish);
  });
  if (!isRefusal(created) && !isRepeated(created)) {
    await tellGateOfNew(stores, { keyId: created.keyId });
  }
  return created;
}

async function complaintAboutKeyWish(
  stores: Stores,
  records: Records,
  wish: KeyWish,
): Promise<Refusal | undefined> {
  if ((await records.teams.find(wish.teamId)) === undefined) {
    return refuse('team_unknown', { team: wish.teamId });
  }
  const aboutName = complaintAboutName(wish.name);
  if (aboutName !== undefined) {
    return refuse('value_invalid', { field: 'name', complaint: aboutName });
  }
  if (wish.expiresAt !== null && wish.expiresAt.getTime() <= stores.clock()) {
    return refuse('value_invalid', { field: 'expires', complaint: 'it lies in the past' });
  }
  const keys = await records.keys.ofTeam(wish.teamId);
  return keys.filter((key) => key.status !== 'revoked').length >= KEYS_PER_TEAM_MAX
    ? refuse('value_invalid', {
        field: 'key',
        complaint: `a team has at most ${KEYS_PER_TEAM_MAX} keys, revoke one first`,
      })
    : undefined;
}

/** Writes a new key as a part of a larger change. */
export async function insertKey(
  stores: Stores,
  records: Records,
  actor: Actor,
  wish: KeyWish,
): Promise<KeyCreated | Refusal> {
  const team = await records.teams.find(wish.teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: wish.teamId });
  }
  const secretKey = newSecretKey();
  const keyId = newId();
  await records.keys.insert({
    ...UNBOUND_KEY,
    id: keyId,
    hash: hashOfKey(secretKey, stores.settings.keyPepper),
    teamId: team.id,
    organizationId: team.organizationId,
    name: wish.name,
    lastFour: lastFourOf(secretKey),
    expiresAt: wish.expiresAt,
    createdBy: actor.id,
  });
  await records.audit.write({
    actor,
    action: 'key.created',
    target: `key:${keyId}`,
    after: { teamId: team.id, name: wish.name, expiresAt: wish.expiresAt?.toISOString() ?? null },
  });
  await records.outbox.add({ kind: 'key.changed', keyId });
  return { keyId, teamId: team.id, secretKey };
}
