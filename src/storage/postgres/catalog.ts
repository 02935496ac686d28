import type { AccessGroup } from '../../core/models/access-group.ts';
import type { AccessGroupRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';

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
    async replace(groups, aliases) {
      // Two servers that start at once with different files end with one of the files, whole.
      await scope.$queryRaw`SELECT 1 FROM catalog_version WHERE id = 1 FOR UPDATE`;
      const before = await fileGroupsIn(scope);
      const aliasesBefore = await fileModelsIn(scope);
      if (same(before, groups) && aliasesBefore.join('\n') === [...aliases].sort().join('\n')) {
        return false;
      }
      await scope.accessGroup.deleteMany();
      await scope.accessGroup.createMany({
        data: groups.map((group) => ({ ...group, aliases: [...group.aliases] })),
      });
      await scope.modelAlias.deleteMany();
      await scope.modelAlias.createMany({ data: aliases.map((alias) => ({ alias })) });
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

function same(one: readonly AccessGroup[], other: readonly AccessGroup[]): boolean {
  const text = (groups: readonly AccessGroup[]): string =>
    groups
      .map((group) => JSON.stringify([group.name, group.displayName, [...group.aliases].sort()]))
      .sort()
      .join('\n');
  return text(one) === text(other);
}
