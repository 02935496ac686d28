import type { RoleGrant } from '../../core/policy.ts';
import type { RoleRecords } from '../../core/settings/role-records.ts';
import type { PostgresScope } from './client.ts';
import { newId } from '../../core/ids.ts';

export function rolesIn(scope: PostgresScope): RoleRecords {
  return {
    async list() {
      const rows = await scope.roleGrant.findMany({
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      });
      return rows.map(({ holder, role, organizationId, givenBy, createdAt }) => ({
        holder,
        role: role as RoleGrant['role'],
        organizationId: organizationId === '' ? null : organizationId,
        givenBy,
        givenAt: createdAt,
      }));
    },
    lock: async () => {
      await scope.$executeRaw`LOCK TABLE role_grants IN SHARE ROW EXCLUSIVE MODE`;
    },
    add: async ({ holder, role, organizationId }, givenBy) => {
      const data = { id: newId(), holder, role, organizationId: organizationId ?? '', givenBy };
      return (await scope.roleGrant.createMany({ data, skipDuplicates: true })).count === 1;
    },
    remove: async ({ holder, role, organizationId }) => {
      const where = { holder, role, organizationId: organizationId ?? '' };
      return (await scope.roleGrant.deleteMany({ where })).count === 1;
    },
  };
}
