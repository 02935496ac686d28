import type { AccessGroup } from '../../core/models/access-group.ts';
import type { Dialect } from '../../core/models/dialect.ts';
import { dialectOfProvider } from '../../core/models/provider.ts';
import type { AccessGroupRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';

const DEFAULT_DIALECTS: readonly Dialect[] = ['openai'];

export function accessGroupsIn(scope: PostgresScope): AccessGroupRecords {
  return {
    list: async () => groupsIn(scope),
    async existing(names) {
      const asked = [...names];
      const rows = await scope.$queryRaw<{ name: string }[]>`
        SELECT name FROM access_groups WHERE name = ANY(${asked}::text[])
        UNION SELECT name FROM stored_access_groups WHERE name = ANY(${asked}::text[])`;
      return rows.map(({ name }) => name);
    },
    aliases: async () => modelNamesIn(scope),
    async dialectsOf(aliases) {
      const alias = { in: [...aliases] };
      const ofFile = await scope.modelAlias.findMany({ where: { alias } });
      const where = { alias, status: { not: 'inactive' } };
      const made = await scope.storedModel.findMany({
        where,
        select: { alias: true, provider: true },
      });
      return new Map<string, readonly Dialect[]>([
        ...made.map(({ alias: name, provider }) => [name, [dialectOfProvider(provider)]] as const),
        // Of one name that both have, that of the file is served.
        ...ofFile.map(({ alias: name, dialects }) => [name, dialects as Dialect[]] as const),
      ]);
    },
    async replace(groups, aliases, dialects) {
      // Two servers that start at once with different files end with one of the files, whole.
      await scope.$queryRaw`SELECT 1 FROM catalog_version WHERE id = 1 FOR UPDATE`;
      const before = await fileGroupsIn(scope);
      const modelsBefore = await scope.modelAlias.findMany();
      const models = aliases.map((alias) => ({
        alias,
        dialects: [...(dialects?.get(alias) ?? DEFAULT_DIALECTS)],
      }));
      if (isSame(before, groups, textOfGroup) && isSame(modelsBefore, models, textOfModel)) {
        return false;
      }
      await scope.accessGroup.deleteMany();
      await scope.accessGroup.createMany({
        data: groups.map((group) => ({ ...group, aliases: [...group.aliases] })),
      });
      await scope.modelAlias.deleteMany();
      await scope.modelAlias.createMany({ data: models });
      await scope.catalogVersion.update({ where: { id: 1 }, data: { version: { increment: 1 } } });
      return true;
    },
  };
}

/** Every group with what it grants: what the file says of it, and what people added. */
export async function groupsIn(scope: PostgresScope): Promise<AccessGroup[]> {
  const ofFile = await fileGroupsIn(scope);
  const stored = await scope.storedAccessGroup.findMany();
  if (stored.length === 0) {
    return ofFile;
  }
  const served = new Set(await modelNamesIn(scope));
  const names = [...new Set([...ofFile, ...stored].map(({ name }) => name))].sort();
  return names.map((name) => {
    const base = ofFile.find((group) => group.name === name);
    const added = stored.find((group) => group.name === name);
    const granted = added?.active === true ? added.aliases.filter((each) => served.has(each)) : [];
    return {
      name,
      displayName: base?.displayName ?? added?.displayName ?? name,
      aliases: [...new Set([...(base?.aliases ?? []), ...granted])],
    };
  });
}

/** Every model that is served, sorted. */
export async function modelNamesIn(scope: PostgresScope): Promise<string[]> {
  const where = { status: { not: 'inactive' } };
  const stored = await scope.storedModel.findMany({ where, select: { alias: true } });
  const all = [...(await fileModelsIn(scope)), ...stored.map(({ alias }) => alias)];
  return [...new Set(all)].sort();
}

export async function fileGroupsIn(scope: PostgresScope): Promise<AccessGroup[]> {
  const rows = await scope.accessGroup.findMany({ orderBy: { name: 'asc' } });
  return rows.map(({ name, displayName, aliases }) => ({ name, displayName, aliases }));
}

export async function fileModelsIn(scope: PostgresScope): Promise<string[]> {
  const rows = await scope.modelAlias.findMany({ orderBy: { alias: 'asc' } });
  return rows.map((row) => row.alias);
}

function textOfGroup({ name, displayName, aliases }: AccessGroup): string {
  return JSON.stringify([name, displayName, aliases.toSorted()]);
}

function textOfModel(model: {
  readonly alias: string;
  readonly dialects: readonly string[];
}): string {
  return JSON.stringify([model.alias, model.dialects]);
}

/** In whatever order they come. */
function isSame<Item>(
  one: readonly Item[],
  other: readonly Item[],
  textOf: (item: Item) => string,
): boolean {
  const text = (items: readonly Item[]): string => items.map(textOf).sort().join('\n');
  return text(one) === text(other);
}
