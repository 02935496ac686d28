import { changeOnce, isRepeated } from '../change.ts';
import { changeCeilings } from '../ceilings/change-ceilings.ts';
import { setKeyStatus } from '../keys/change-key.ts';
import {
  isSignInKey,
  SIGN_IN_ACTOR,
  SIGN_IN_LAST_FOUR,
  SIGN_IN_TAG,
  signInKeyName,
} from '../keys/sign-in-key.ts';
import type { SignInIdentity } from '../keys/sign-in-key.ts';
import { UNBOUND_KEY } from '../keys/virtual-key.ts';
import { ensureMember } from '../members/members.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { createTeam } from '../teams/create-team.ts';
import type { Team } from '../teams/team.ts';
import { updateTeam } from '../teams/update-team.ts';
import type { NewTeamOfJwt, SignInSettings } from './settings.ts';
import { complaintAboutOrganization } from './who.ts';
import type { Who } from './who.ts';

/** More people than any team has; what an issuer gone wrong can make stays bounded. */
const SIGN_IN_KEYS_PER_TEAM_MAX = 5_000;

interface Wanted extends SignInIdentity {
  readonly hash: string;
  readonly keyId: string;
}

/** Makes sure that team, person, member and key of a JWT are on record: all of them or none. */
export async function makeRecords(
  stores: Stores,
  settings: SignInSettings,
  who: Who,
  wanted: Wanted,
): Promise<Pick<Team, 'organizationId'> | Refusal> {
  const { teamId } = wanted;
  const { newTeam } = settings;
  if (newTeam !== undefined && who.isTeamCertain) {
    const refusal = await twice('organization_exists', async () =>
      ensureTeam(stores, newTeam, who, teamId),
    );
    if (refusal !== undefined && refusal.refused !== 'team_exists') {
      return refusal;
    }
  }
  const refusal = await twice('user_exists', async () => ensureKey(stores, settings, who, wanted));
  // What was just made or found stays: teams are never deleted.
  const team = refusal ?? (await stores.records.teams.find(teamId));
  return team ?? refuse('jwt_team_unknown', { team: teamId });
}

/** Somebody else may have made the same at this moment: then it is there the second time. */
async function twice(
  code: Refusal['refused'],
  work: () => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  const refusal = await work();
  return refusal?.refused === code ? work() : refusal;
}

async function ensureTeam(
  stores: Stores,
  newTeam: NewTeamOfJwt,
  who: Who,
  teamId: string,
): Promise<Refusal | undefined> {
  if ((await stores.records.teams.find(teamId)) !== undefined) {
    return undefined;
  }
  const made = await changeOnce(stores.records, `sign-in-team:${teamId}`, async (records) => {
    // The gate loads what it lacks with the first call; told now, it would read the state of before.
    const gate = { ...stores.gate, project: async () => undefined };
    return makeTeam({ ...stores, records, gate }, newTeam, who, teamId);
  });
  return isRefusal(made) ? made : undefined;
}

async function ensureKey(
  stores: Stores,
  settings: SignInSettings,
  who: Who,
  wanted: Wanted,
): Promise<Refusal | undefined> {
  const onceKey = `sign-in-key:${wanted.keyId}`;
  const made = await changeOnce(stores.records, onceKey, async (records) => {
    const team = await records.teams.find(wanted.teamId);
    if (team === undefined) {
      return refuse('jwt_team_unknown', { team: wanted.teamId });
    }
    const complaint = complaintAboutOrganization(who, team);
    if (complaint !== undefined) {
      return refuse('jwt_denied', { complaint });
    }
    const refusal =
      (await ensurePerson(records, settings, who, team)) ??
      (await insertSignInKey(records, team, wanted));
    return refusal ?? { made: true };
  });
  return isRefusal(made) ? made : undefined;
}

async function makeTeam(
  inside: Stores,
  newTeam: NewTeamOfJwt,
  who: Who,
  teamId: string,
): Promise<Team | Refusal> {
  const created = await createTeam(inside, SIGN_IN_ACTOR, {
    id: teamId,
    organizationId: who.organizationId ?? newTeam.organizationId,
    createOrganization: true,
    accessGroups: newTeam.accessGroups,
    credits: newTeam.microcredits,
  });
  if (isRefusal(created)) {
    return created;
  }
  if (isRepeated(created)) {
    throw new Error(
      `Creating team ${teamId} for a JWT: it was answered before, without a key to it`,
    );
  }
  const { keyId, team } = created;
  const reason = 'The team was made for a JWT: nobody holds this key';
  const steps = [
    // A key that nobody ever saw need not open anything.
    async () => setKeyStatus(inside, SIGN_IN_ACTOR, { keyId, status: 'revoked', reason }),
    async () => updateTeam(inside, SIGN_IN_ACTOR, teamId, { models: newTeam.models }),
    async () => changeCeilings(inside, SIGN_IN_ACTOR, { kind: 'team', teamId }, newTeam.ceilings),
  ];
  for (const step of steps) {
    const done = await step();
    if (isRefusal(done)) {
      return done;
    }
  }
  await inside.records.teams.update(teamId, { limitPolicy: newTeam.limitPolicy });
  return team;
}

/** The gate lets no key of a person through who is not on record in organization and team. */
async function ensurePerson(
  records: Records,
  settings: SignInSettings,
  { userId, email }: Who,
  team: Team,
): Promise<Refusal | undefined> {
  return userId === undefined
    ? undefined
    : ensureMember(records, SIGN_IN_ACTOR, team, {
        userId,
        email,
        createUser: settings.createsUsers,
        comesBack: false,
      });
}

async function insertSignInKey(
  records: Records,
  team: Team,
  wanted: Wanted,
): Promise<Refusal | undefined> {
  if ((await records.keys.find(wanted.keyId)) !== undefined) {
    return undefined;
  }
  const keys = await records.keys.ofTeam(team.id);
  if (keys.filter(isSignInKey).length >= SIGN_IN_KEYS_PER_TEAM_MAX) {
    const complaint = `at most ${SIGN_IN_KEYS_PER_TEAM_MAX} people of a team sign in by JWT`;
    return refuse('jwt_denied', { complaint });
  }
  const { keyId, hash, models, userId = null } = wanted;
  const name = signInKeyName(wanted);
  await records.keys.insert({
    ...UNBOUND_KEY,
    id: keyId,
    hash,
    teamId: team.id,
    organizationId: team.organizationId,
    name,
    lastFour: SIGN_IN_LAST_FOUR,
    userId,
    models,
    tags: [SIGN_IN_TAG],
    createdBy: SIGN_IN_ACTOR.id,
  });
  await records.audit.write({
    actor: SIGN_IN_ACTOR,
    action: 'key.created',
    target: `key:${keyId}`,
    after: { teamId: team.id, userId, name, models },
  });
  await records.outbox.add({ kind: 'key.changed', keyId });
  return undefined;
}
