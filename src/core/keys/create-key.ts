import type { Actor } from '../audit/audit.ts';
import { changeOnce, isRepeated, tellGateOfNew } from '../change.ts';
import type { Repeated } from '../change.ts';
import { newId } from '../ids.ts';
import { ensureMember } from '../members/members.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import { complaintAboutNames } from './key-names.ts';
import { complaintAboutKeyTerms, spokenTerms, withoutRepetitions } from './key-terms.ts';
import type { KeyTerms } from './key-terms.ts';
import { isSignInKey } from './sign-in-key.ts';
import {
  complaintAboutKey,
  hashOfKey,
  lastFourOf,
  newSecretKey,
  UNBOUND_KEY,
} from './virtual-key.ts';
import type { VirtualKey } from './virtual-key.ts';

/** More than any team has services; a list that a person can still read. */
export const KEYS_PER_TEAM_MAX = 200;

export interface KeyWish extends Partial<KeyTerms> {
  readonly teamId: string;
  readonly name: string;
  readonly expiresAt: Date | null;
  /** Whose key it is, for ever; absent for a service. Who is no member of the team becomes one. */
  readonly userId?: string | undefined;
  /** Creates that person if there is none, and brings back one who was removed from the team. */
  readonly createUser?: boolean | undefined;
  /** A secret that the client chose; absent for a random one. */
  readonly secretKey?: string | undefined;
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
    const team =
      complaintAboutChosen(wish.secretKey) ?? (await teamForNewKey(stores, records, actor, wish));
    return isRefusal(team) ? team : insertKey(stores, records, actor, team, wish);
  });
  if (!isRefusal(created) && !isRepeated(created)) {
    await tellGateOfNew(stores, { keyId: created.keyId });
  }
  return created;
}

/** The team that gets another key, or what keeps it from that; a person whose key it is to be becomes a member. */
export async function teamForNewKey(
  stores: Stores,
  records: Records,
  actor: Actor,
  wish: KeyWish,
): Promise<Team | Refusal> {
  const team = await records.teams.find(wish.teamId);
  if (team === undefined) {
    return refuse('team_unknown', { team: wish.teamId });
  }
  const refusal =
    complaintAboutKeyTerms(termsIn(wish), stores.clock()) ??
    (await complaintAboutNames(records, team, wish)) ??
    (await complaintAboutCount(records, team)) ??
    (await ensureOwner(records, actor, team, wish));
  return refusal ?? team;
}

/** Shorter ones can be guessed; ours have 51. */
const CHOSEN_KEY_MIN_LENGTH = 16;

function complaintAboutChosen(secretKey: string | undefined): Refusal | undefined {
  if (secretKey === undefined) {
    return undefined;
  }
  const complaint =
    complaintAboutKey(secretKey) ??
    (secretKey.length < CHOSEN_KEY_MIN_LENGTH
      ? `it has fewer than ${CHOSEN_KEY_MIN_LENGTH} characters, and could be guessed`
      : undefined);
  return complaint === undefined ? undefined : refuse('value_invalid', { field: 'key', complaint });
}

async function complaintAboutCount(records: Records, team: Team): Promise<Refusal | undefined> {
  const keys = await records.keys.ofTeam(team.id);
  const kept = keys.filter((key) => key.status !== 'revoked' && !isSignInKey(key));
  return kept.length >= KEYS_PER_TEAM_MAX
    ? refuse('value_invalid', {
        field: 'key',
        complaint: `a team has at most ${KEYS_PER_TEAM_MAX} keys, revoke one first`,
      })
    : undefined;
}

async function ensureOwner(
  records: Records,
  actor: Actor,
  team: Team,
  { userId, createUser = false }: KeyWish,
): Promise<Refusal | undefined> {
  return userId === undefined
    ? undefined
    : ensureMember(records, actor, team, { userId, createUser, comesBack: createUser });
}

function termsIn(wish: KeyWish) {
  const { teamId: _team, userId: _owner, createUser: _create, secretKey: _secret, ...terms } = wish;
  return withoutRepetitions(terms);
}

/** Writes a new key, whose wish was looked at, as a part of a larger change. */
export async function insertKey(
  stores: Stores,
  records: Records,
  actor: Actor,
  team: Team,
  wish: KeyWish,
): Promise<KeyCreated | Refusal> {
  const secretKey = wish.secretKey ?? newSecretKey();
  const hash = hashOfKey(secretKey, stores.settings.keyPepper);
  if (wish.secretKey !== undefined && (await records.directory.keyByHash(hash)) !== undefined) {
    const complaint = 'it is in use, or was; a key is never given twice';
    return refuse('value_invalid', { field: 'key', complaint });
  }
  const lastFour = lastFourOf(secretKey);
  const keyId = await insertHashedKey(records, actor, team, wish, { hash, lastFour });
  return { keyId, teamId: team.id, secretKey };
}

/** Writes the row of a key of which no more is known than its hash. Answers its id. */
export async function insertHashedKey(
  records: Records,
  actor: Actor,
  team: Team,
  wish: KeyWish,
  { hash, lastFour }: Pick<VirtualKey, 'hash' | 'lastFour'>,
): Promise<string> {
  const keyId = newId();
  const terms = termsIn(wish);
  const userId = wish.userId ?? null;
  await records.keys.insert({
    ...UNBOUND_KEY,
    ...terms,
    id: keyId,
    hash,
    teamId: team.id,
    organizationId: team.organizationId,
    userId,
    lastFour,
    createdBy: actor.id,
  });
  await records.audit.write({
    actor,
    action: 'key.created',
    target: `key:${keyId}`,
    after: { teamId: team.id, userId, ...spokenTerms(terms) },
  });
  await records.outbox.add({ kind: 'key.changed', keyId });
  return keyId;
}
