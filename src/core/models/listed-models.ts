import type { Records } from '../stores.ts';
import type { StoredModel } from './stored-model.ts';

/** A model that is served, or switched off, with the access groups that grant it. */
export interface ListedModel {
  readonly alias: string;
  readonly groups: readonly string[];
  /** Undefined for one of the file, of which no more is known here than its name. */
  readonly stored: StoredModel | undefined;
}

/** All models in the order of their names. Where the file has a name, what was made under it is not served. */
export async function listedModels({
  catalog,
  accessGroups,
}: Pick<Records, 'catalog' | 'accessGroups'>): Promise<ListedModel[]> {
  const [stored, file, groups, added] = await Promise.all([
    catalog.models(),
    catalog.ofFile(),
    accessGroups.list(),
    catalog.groups(),
  ]);
  const groupsOf = (alias: string): string[] => {
    const granting = [...groups, ...added].filter(({ aliases }) => aliases.includes(alias));
    return [...new Set(granting.map(({ name }) => name))].sort();
  };
  const made = stored.filter(({ alias }) => !file.models.includes(alias));
  const all = [
    ...made.map((model) => ({ alias: model.alias, stored: model })),
    ...file.models.map((alias) => ({ alias, stored: undefined })),
  ];
  return all
    .map((model) => ({ ...model, groups: groupsOf(model.alias) }))
    .sort((a, b) => (a.alias < b.alias ? -1 : 1));
}
