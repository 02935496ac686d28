import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { isRepeated } from '../../core/change.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { bringKey } from '../../core/keys/brought-key.ts';
import { createKeylessTeam, createTeam } from '../../core/teams/create-team.ts';
import type { TeamWish } from '../../core/teams/create-team.ts';
import type { Team } from '../../core/teams/team.ts';
import { together } from '../../core/together.ts';
import { isWorded } from '../answer.ts';
import type { Worded } from '../answer.ts';
import { complaintAboutMetadata, visibleMetadata } from '../metadata.ts';
import {
  ACCESS_GROUPS,
  CREDITS,
  creditsOf,
  inFields,
  METADATA,
  TERMS,
  termsFrom,
} from './fields.ts';
import { inFieldsOfKey } from './key-fields.ts';
import { keylessViewOf } from './team-view.ts';
import type { TEAM_MADE } from './answers/teams.ts';
import type { Told } from '../told.ts';

export const NEW_TEAM = z.strictObject({
  organization_id: z.string(),
  team_id: z.string(),
  team_alias: z.string().nullish(),
  access_groups: ACCESS_GROUPS,
  models: z.array(z.string()).nullish(),
  model_aliases: z.record(z.string(), z.string()).nullish(),
  credits_allocated: CREDITS.nullish(),
  metadata: METADATA.nullish(),
  /** In place of a new key: one that the team's clients have, by the SHA-256 of its secret. */
  key_sha256: z.string().nullish(),
  key_last_four: z.string().nullish(),
  ...TERMS,
});

/** Creates a team from what this dialect says of it. */
export async function newTeam(
  stores: Stores,
  actor: Actor,
  body: z.output<typeof NEW_TEAM>,
): Promise<Told<typeof TEAM_MADE> | Refusal | Worded> {
  const credits = creditsOf('credits_allocated', body.credits_allocated ?? 0);
  if (isRefusal(credits)) {
    return credits;
  }
  const terms = termsFrom(body);
  if (isRefusal(terms) || isWorded(terms)) {
    return terms;
  }
  const metadata = visibleMetadata(body.metadata ?? {});
  const complaint = complaintAboutMetadata(metadata);
  if (complaint !== undefined) {
    return complaint;
  }
  const wish: TeamWish = {
    id: body.team_id,
    organizationId: body.organization_id,
    alias: body.team_alias ?? undefined,
    accessGroups: body.access_groups,
    models: body.models ?? [],
    modelAliases: body.model_aliases ?? {},
    credits,
    terms,
    metadata,
  };
  const { key_sha256: digest, key_last_four: lastFour } = body;
  const created = digest
    ? await teamWithBroughtKey(stores, actor, wish, { digest, lastFour: lastFour ?? '' })
    : await createTeam(stores, actor, wish);
  if (isRefusal(created)) {
    return inFields(created, { credits: 'credits_allocated' });
  }
  if (isRepeated(created)) {
    throw new Error('Creating a team: told of a repetition, but no key for repetitions was given');
  }
  const view = await keylessViewOf(stores, created.team);
  const message = 'Team created successfully';
  return { ...view, virtual_key: created.secretKey, message };
}

/** All or nothing. The secret is known to the clients alone, and is told masked. */
async function teamWithBroughtKey(
  stores: Stores,
  actor: Actor,
  wish: TeamWish,
  { digest, lastFour }: { readonly digest: string; readonly lastFour: string },
): Promise<{ readonly team: Team; readonly secretKey: string } | Refusal> {
  return together(stores, async (inside) => {
    const made = await createKeylessTeam(inside, actor, wish);
    if (isRefusal(made)) {
      return made;
    }
    const key = { teamId: wish.id, digest, lastFour, name: 'first', expiresAt: null };
    const brought = await bringKey(inside, actor, key);
    return isRefusal(brought)
      ? inFieldsOfKey(brought)
      : { team: made.team, secretKey: `sk-…${lastFour}` };
  });
}
