import type { AccessGroup } from '../../core/models/access-group.ts';
import type { AccessGroupRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';

export function accessGroupsIn(scope: PostgresScope): AccessGroupRecords {
  return {
    list: async () => groupsIn(scope),
    aliases: async () => aliasesIn(scope),
    async replace(groups, aliases) {
      // Two servers that start at once with different files end with one of the files, whole.
      await scope.$queryRaw`SELECT 1 FROM catalog_version WHERE id = 1 FOR UPDATE`;
      const before = await groupsIn(scope);
      const aliasesBefore = await aliasesIn(scope);
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

export async function groupsIn(scope: PostgresScope): Promise<AccessGroup[]> {
  const rows = await scope.accessGroup.findMany({ orderBy: { name: 'asc' } });
  return rows.map(({ name, displayName, aliases }) => ({ name, displayName, aliases }));
}

async function aliasesIn(scope: PostgresScope): Promise<string[]> {
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
