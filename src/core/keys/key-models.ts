/** LiteLLM's words for all that the team may use, and for nothing. */
const ALL_OF_TEAM: readonly string[] = ['all-team-models', 'all-proxy-models', '*'];
const NONE = 'no-default-models';

/**
 * The models, `prefix*` and access groups that a key is confined to, of those its team may use; undefined
 * where it is not confined. An empty answer lets nothing through.
 */
export function modelsOfKey(models: readonly string[]): readonly string[] | undefined {
  if (models.length === 0 || models.some((name) => ALL_OF_TEAM.includes(name))) {
    return undefined;
  }
  return models.filter((name) => name !== NONE);
}
