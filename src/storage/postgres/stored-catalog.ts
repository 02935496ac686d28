import type { CatalogRecords, TeamsGiven } from '../../core/models/catalog-records.ts';
import type { ModelStatus, StoredGroup, StoredModel } from '../../core/models/stored-model.ts';
import { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import { fileGroupsIn, fileModelsIn } from './catalog.ts';
import type { PostgresScope } from './client.ts';

export function storedCatalogIn(scope: PostgresScope): CatalogRecords {
  return {
    async lockForChange() {
      await scope.catalogVersion.update({ where: { id: 1 }, data: { version: { increment: 1 } } });
    },
    async version() {
      return (await scope.catalogVersion.findUniqueOrThrow({ where: { id: 1 } })).version;
    },
    models: async () =>
      (await scope.storedModel.findMany({ orderBy: { alias: 'asc' } })).map(modelFrom),
    async model(alias) {
      const row = await scope.storedModel.findUnique({ where: { alias } });
      return row === null ? undefined : modelFrom(row);
    },
    async saveModel({ alias, price, ...rest }) {
      const data = {
        ...rest,
        inputPicoUsdPerToken: price?.inputPicoUsdPerToken ?? null,
        outputPicoUsdPerToken: price?.outputPicoUsdPerToken ?? null,
        updatedAt: new Date(),
      };
      await scope.storedModel.upsert({
        where: { alias },
        create: { alias, ...data },
        update: data,
      });
    },
    removeModel: async (alias) => {
      await scope.storedModel.deleteMany({ where: { alias } });
    },
    groups: async () =>
      (await scope.storedAccessGroup.findMany({ orderBy: { name: 'asc' } })).map(groupFrom),
    async saveGroup({ name, aliases, ...rest }) {
      const data = { ...rest, aliases: [...aliases], updatedAt: new Date() };
      const where = { name };
      await scope.storedAccessGroup.upsert({ where, create: { name, ...data }, update: data });
    },
    removeGroup: async (name) => {
      await scope.storedAccessGroup.deleteMany({ where: { name } });
    },
    async ofFile() {
      return { models: await fileModelsIn(scope), groups: await fileGroupsIn(scope) };
    },
    async confined() {
      const found = await scope.organization.findMany({
        where: { models: { isEmpty: false } },
        select: { id: true, models: true },
      });
      return found.map(({ id, models }) => ({ organizationId: id, models }));
    },
    async teamsWith(group, limit) {
      const found = await scope.team.findMany({
        where: { accessGroups: { has: group }, status: { not: 'archived' } },
        select: { id: true },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return found.map(({ id }) => id);
    },
    teamsByGroup: async (shown) => teamsGiven(scope, Prisma.sql`access_groups`, shown),
    teamsByModel: async (shown) => teamsGiven(scope, Prisma.sql`models`, shown),
  };
}

async function teamsGiven(
  scope: PostgresScope,
  names: Prisma.Sql,
  shown: number,
): Promise<ReadonlyMap<string, TeamsGiven>> {
  // Counted first and looked up then: to put all ids of a large group in order would take long.
  const found = await scope.$queryRaw<{ name: string; count: number; ids: string[] }[]>`
    SELECT given.name, given.count, ARRAY(
      SELECT id FROM teams WHERE ${names} @> ARRAY[given.name] AND status <> 'archived' ORDER BY id LIMIT ${shown}
    ) AS ids
    FROM (
      SELECT name, count(*)::int AS count FROM teams, unnest(${names}) AS name
      WHERE status <> 'archived' GROUP BY name
    ) AS given`;
  return new Map(found.map(({ name, ...teams }) => [name, teams]));
}

function modelFrom(row: rows.StoredModel): StoredModel {
  const { inputPicoUsdPerToken: input, outputPicoUsdPerToken: output, sealedKey, ...rest } = row;
  return {
    ...rest,
    status: row.status as ModelStatus,
    price:
      input === null || output === null
        ? null
        : { inputPicoUsdPerToken: input, outputPicoUsdPerToken: output },
    sealedKey: sealedKey === null ? null : new Uint8Array(sealedKey),
  };
}

function groupFrom(row: rows.StoredAccessGroup): StoredGroup {
  return row;
}
