import type { BroughtSpendRecords } from '../../core/usage/brought-spend.ts';
import type { PostgresScope } from './client.ts';

export function broughtSpendsIn(scope: PostgresScope): BroughtSpendRecords {
  return {
    find: async (name) =>
      (await scope.broughtSpend.findUnique({
        where: { name },
        select: { nanoUsd: true, broughtAt: true },
      })) ?? undefined,
    save: async (name, spend) => {
      const create = { name, ...spend };
      await scope.broughtSpend.upsert({ where: { name }, create, update: spend });
    },
    amounts: async (names) => {
      const rows = await scope.broughtSpend.findMany({ where: { name: { in: [...names] } } });
      return new Map(rows.map(({ name, nanoUsd }) => [name, nanoUsd]));
    },
  };
}
