// Which groups grant which alias. An alias of the file's stays in its groups: the file says so at each start.

import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records } from '../stores.ts';
import type { StoredGroup } from './stored-model.ts';

type Saved = Omit<StoredGroup, 'createdAt' | 'updatedAt'>;

/** A group as it is kept, or what would be kept beside the file's of that name. */
export async function groupToChange(records: Records, name: string): Promise<Saved | undefined> {
  const stored = (await records.catalog.groups()).find((group) => group.name === name);
  if (stored !== undefined) {
    return savedOf(stored);
  }
  const ofFile = (await records.catalog.ofFile()).groups.find((group) => group.name === name);
  return (
    ofFile && {
      name,
      displayName: ofFile.displayName,
      description: null,
      active: true,
      aliases: [],
    }
  );
}

/** Makes these the groups that grant an alias, and no others. */
export async function placeGroups(
  records: Records,
  alias: string,
  names: readonly string[],
): Promise<Refusal | undefined> {
  const groups: Saved[] = [];
  for (const name of names) {
    const group = await groupToChange(records, name);
    if (group === undefined) {
      return unknownGroup(records, name);
    }
    groups.push(group);
  }
  await withoutAlias(records, alias, names);
  for (const group of groups.filter(({ aliases }) => !aliases.includes(alias))) {
    await records.catalog.saveGroup({ ...group, aliases: [...group.aliases, alias] });
  }
  return undefined;
}

/** Takes an alias out of all groups but some. */
export async function withoutAlias(
  records: Records,
  alias: string,
  but: readonly string[] = [],
): Promise<void> {
  for (const group of await records.catalog.groups()) {
    if (group.aliases.includes(alias) && !but.includes(group.name)) {
      const aliases = group.aliases.filter((each) => each !== alias);
      await records.catalog.saveGroup({ ...savedOf(group), aliases });
    }
  }
}

export async function unknownGroup(records: Records, name: string): Promise<Refusal> {
  const known = (await records.accessGroups.list()).map((group) => group.name);
  return refuse('access_group_unknown', { group: name, known: known.join(', ') });
}

function savedOf({ createdAt: _made, updatedAt: _changed, ...saved }: StoredGroup): Saved {
  return saved;
}
