// The team of a person's keys that have no other: it holds what they used, and no list of teams shows it.

import type { Actor } from '../audit/audit.ts';
import { setCreditPolicy } from '../credits/policy.ts';
import { sha256 } from '../ids.ts';
import { HOUSE_ORGANIZATION } from '../organizations/organization.ts';
import { isRefusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { createKeylessTeam } from './create-team.ts';
import { PERSONAL_TEAM } from './personal-team.ts';
import { updateTeam } from './update-team.ts';

/** As much of a digest as keeps two people apart. */
const DIGEST_LENGTH = 24;

/** The id of the team of a person, or of keys of nobody; made with its first key. */
export async function ensurePersonalTeam(
  stores: Stores,
  actor: Actor,
  organizationId: string,
  userId: string | undefined,
): Promise<string | Refusal> {
  const digest = sha256(JSON.stringify([organizationId, userId ?? null]));
  const id = PERSONAL_TEAM + digest.slice(0, DIGEST_LENGTH);
  if ((await stores.records.teams.find(id)) !== undefined) {
    return id;
  }
  const made = await createKeylessTeam(stores, actor, {
    id,
    organizationId,
    alias: `Keys without a team${userId === undefined ? '' : ` (${userId})`}`.slice(0, ALIAS_MAX),
    accessGroups: [],
    credits: 0n,
    terms: { budgetMode: 'consumption_usd' },
    createOrganization: organizationId === HOUSE_ORGANIZATION,
  });
  if (isRefusal(made)) {
    // Somebody else made it at this moment.
    return made.refused === 'team_exists' ? id : made;
  }
  const policy = await setCreditPolicy(stores, actor, id, { limitPolicy: 'unlimited' });
  const models = isRefusal(policy)
    ? policy
    : await updateTeam(stores, actor, id, { models: ['*'] });
  return isRefusal(models) ? models : id;
}

const ALIAS_MAX = 120;
