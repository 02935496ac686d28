import { complaintAboutUnknownModels } from '../models/known-models.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import type { KeyTerms } from './key-terms.ts';

type Names = Partial<Pick<KeyTerms, 'models' | 'modelAliases'>>;

/**
 * Refuses models of a key that nobody serves, by whatever name its team or the key itself has for them. What
 * the key had before may stay.
 */
export async function complaintAboutNames(
  records: Records,
  team: Pick<Team, 'modelAliases'>,
  { models = [], modelAliases = {} }: Names,
  before: Names = {},
): Promise<Refusal | undefined> {
  const targets = Object.values(before.modelAliases ?? {});
  const ofTeam = Object.keys(team.modelAliases);
  return (
    (await complaintAboutUnknownModels(records, {
      field: 'models',
      names: models.filter((name) => before.models?.includes(name) !== true),
      ownNames: [
        ...ofTeam,
        ...Object.keys(modelAliases),
        ...Object.keys(before.modelAliases ?? {}),
      ],
    })) ??
    complaintAboutUnknownModels(records, {
      field: 'model_aliases',
      names: Object.values(modelAliases).filter((name) => !targets.includes(name)),
      ownNames: ofTeam,
    })
  );
}
