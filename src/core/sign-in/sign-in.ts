// From the claims of a verified JWT to an identity that the gate knows.
//
// States of one identity: unknown → on record (team, user, member and key, in one transaction) → known to the
// gate. It never goes back; whether it may call is the gate's to say, as with any key. Trade-off: the first call
// of each person and team costs a transaction, every later one at most a look into the gate.

import { tellGateOfNew } from '../change.ts';
import type { KeyIdentity } from '../gateway/gate.ts';
import { SIGN_IN_LAST_FOUR, signInKeyOf } from '../keys/sign-in-key.ts';
import type { SignInIdentity } from '../keys/sign-in-key.ts';
import { isRefusal, publicSentence, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Claims } from './claims.ts';
import { makeRecords } from './make-records.ts';
import type { SignInSettings } from './settings.ts';
import { complaintAboutOrganization, whoIs } from './who.ts';
import type { Who } from './who.ts';

/** Who calls by a JWT. */
export interface SignedIn {
  readonly identity: KeyIdentity;
  /** Routes that its scopes confine it to; undefined where they do not. */
  readonly routes: readonly string[] | undefined;
}

/**
 * Finds out whom a verified JWT stands for, and makes what is missing of it where the settings say so. The team
 * is the one that `wishedTeam` asks for, else the first of the JWT's that exists.
 */
export async function signIn(
  stores: Stores,
  settings: SignInSettings,
  claims: Claims,
  wishedTeam: string | undefined,
): Promise<SignedIn | Refusal> {
  const who = whoIs(settings, claims, wishedTeam);
  if (isRefusal(who)) {
    return who;
  }
  for (const teamId of who.teamIds) {
    const identity = await identityIn(stores, settings, who, teamId);
    if (identity !== undefined) {
      return isRefusal(identity) ? identity : { identity, routes: who.routes };
    }
  }
  return refuse('jwt_team_unknown', { team: who.teamIds.slice(0, TEAMS_NAMED_MAX).join(', ') });
}

/** As many as a sentence can hold. */
const TEAMS_NAMED_MAX = 10;

/** Undefined if there is no such team and none is to be made. */
async function identityIn(
  stores: Stores,
  settings: SignInSettings,
  who: Who,
  teamId: string,
): Promise<KeyIdentity | Refusal | undefined> {
  const wanted: SignInIdentity = { teamId, userId: who.userId, models: who.models };
  const { hash, keyId } = signInKeyOf(wanted, stores.settings.keyPepper);
  const known = await stores.gate.identify(hash, SIGN_IN_LAST_FOUR);
  if (known !== undefined) {
    return ofOrganization(known, who);
  }
  const team = await stores.records.teams.find(teamId);
  if (team === undefined && (settings.newTeam === undefined || !who.isTeamCertain)) {
    return undefined;
  }
  const made = await makeRecords(stores, settings, who, { ...wanted, hash, keyId });
  if (isRefusal(made)) {
    return made.refused.startsWith('jwt_')
      ? made
      : refuse('jwt_denied', { complaint: withoutStop(publicSentence(made)) });
  }
  await tellGateOfNew(stores, { keyId });
  return ofOrganization(
    {
      hash,
      lastFour: SIGN_IN_LAST_FOUR,
      keyId,
      teamId,
      organizationId: made.organizationId,
      userId: who.userId,
    },
    who,
  );
}

function ofOrganization(identity: KeyIdentity, who: Who): KeyIdentity | Refusal {
  const { teamId: id, organizationId } = identity;
  const complaint = complaintAboutOrganization(who, { id, organizationId });
  return complaint === undefined ? identity : refuse('jwt_denied', { complaint });
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
