import type { EndUserRecords } from '../../core/end-users/end-user-records.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';
import { endUserFrom } from './rows.ts';

export function endUsersIn(scope: PostgresScope): EndUserRecords {
  return {
    async find(organizationId, id) {
      const where = { organizationId_id: { organizationId, id }, status: { not: REMOVED } };
      const row = await scope.endUser.findUnique({ where });
      return row === null ? undefined : endUserFrom(row);
    },
    async search({ organizationId, ids, offset, limit }) {
      const where = {
        status: { not: REMOVED },
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
    async insert({ organizationId, id, alias, metadata }) {
      const inserted = await scope.$executeRaw`
        INSERT INTO end_users (organization_id, id, alias, metadata)
        VALUES (${organizationId}, ${id}, ${alias}, ${JSON.stringify(metadata)}::jsonb)
        ON CONFLICT (organization_id, id) DO UPDATE
          SET alias = excluded.alias, metadata = excluded.metadata, status = 'active', created_at = now(),
            version = end_users.version + 1
          WHERE end_users.status = ${REMOVED}`;
      return inserted === 1;
    },
    update: async (organizationId, id, change) => {
      const where = { organizationId_id: { organizationId, id } };
      const data = { ...columnsOf(change), version: { increment: 1 } };
      await scope.endUser.update({ where, data });
    },
    remove: async (organizationId, id) => {
      const where = { organizationId_id: { organizationId, id } };
      const nothing = { alias: null, metadata: {}, ceilings: {} };
      const data = { ...nothing, status: REMOVED, version: { increment: 1 } };
      await scope.endUser.update({ where, data });
    },
  };
}

/** The row of one that was removed stays, so that the gate can tell its state from older ones by the version. */
const REMOVED = 'removed';
