// LiteLLM lists models, access groups and patterns in one, and an empty list is everything. Here a team has groups
// and models beside them, and nothing unless it is given.

const EVERYTHING = '*';
const ALL = 'all-proxy-models';
const NOTHING = 'no-default-models';

export interface TeamModels {
  readonly accessGroups: readonly string[];
  readonly models: readonly string[];
}

/** What a team may use, from LiteLLM's list; a name of a group means the group. */
export function teamModelsFrom(listed: readonly string[], groups: readonly string[]): TeamModels {
  if (listed.length === 0) {
    return { accessGroups: [], models: [EVERYTHING] };
  }
  const named = [...new Set(listed)].filter((name) => name !== NOTHING);
  return {
    accessGroups: named.filter((name) => groups.includes(name)),
    models: named
      .filter((name) => !groups.includes(name))
      .map((name) => (name === ALL ? EVERYTHING : name)),
  };
}

/** LiteLLM's list of what a team may use. */
export function listedModels({ accessGroups, models }: TeamModels): string[] {
  if (accessGroups.length === 0 && models.length === 1 && models[0] === EVERYTHING) {
    return [];
  }
  const listed = [...accessGroups, ...models.map((name) => (name === EVERYTHING ? ALL : name))];
  return listed.length === 0 ? [NOTHING] : listed;
}

/** The list after some were added; a team that had everything keeps it. */
export function withModels(listed: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...(listed.length === 0 ? [ALL] : listed), ...added])];
}

/** The list after some were taken away; never an empty one, which would be everything. */
export function withoutModels(listed: readonly string[], removed: readonly string[]): string[] {
  const rest = listed.filter((name) => !removed.includes(name));
  return rest.length === 0 && listed.length > 0 ? [NOTHING] : rest;
}
