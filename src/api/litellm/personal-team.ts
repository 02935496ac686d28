// LiteLLM's keys may belong to a person or to nobody, without a team. Here every key has a team, which holds what it
// used; so such keys lie in a team of that person, which no list of teams shows.

import type { Actor } from '../../core/audit/audit.ts';
import { setCreditPolicy } from '../../core/credits/policy.ts';
import { sha256 } from '../../core/ids.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { createKeylessTeam } from '../../core/teams/create-team.ts';
import { PERSONAL_TEAM } from '../../core/teams/personal-team.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import { DEFAULT_ORGANIZATION } from './default-organization.ts';

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
    createOrganization: organizationId === DEFAULT_ORGANIZATION,
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
