import type { EndUserRecords } from '../../core/end-users/end-user-records.ts';
import type { EndUser } from '../../core/end-users/end-user.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';

export function endUsersIn(scope: PostgresScope): EndUserRecords {
  return {
    async find(organizationId, id) {
      const where = { organizationId_id: { organizationId, id } };
      const row = await scope.endUser.findUnique({ where });
      return row === null ? undefined : endUserFrom(row);
    },
    async search({ organizationId, ids, offset, limit }) {
      const where = {
        ...(organizationId === undefined ? {} : { organizationId }),
        ...(ids === undefined ? {} : { id: { in: [...ids] } }),
      };
      const [found, total] = await Promise.all([
        scope.endUser.findMany({
          where,
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
          skip: offset,
          take: limit,
        }),
        scope.endUser.count({ where }),
      ]);
      return { rows: found.map(endUserFrom), total };
    },
    insert: async (endUser) => {
      const data = columnsOf(endUser);
      return (await scope.endUser.createMany({ data, skipDuplicates: true })).count === 1;
    },
    update: async (organizationId, id, change) => {
      const where = { organizationId_id: { organizationId, id } };
      await scope.endUser.update({ where, data: columnsOf(change) });
    },
    remove: async (organizationId, id) => {
      await scope.endUser.delete({ where: { organizationId_id: { organizationId, id } } });
    },
  };
}

function endUserFrom(row: rows.EndUser): EndUser {
  return { ...row, metadata: row.metadata as EndUser['metadata'] };
}
