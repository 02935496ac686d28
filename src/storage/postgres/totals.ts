import type { TotalRecords } from '../../core/stores.ts';
import { groupsIn } from './catalog.ts';
import type { PostgresScope } from './client.ts';
import { figuresIn } from './figures.ts';
import { neediestIn } from './neediest.ts';
import { accountFrom } from './rows.ts';

export function totalsIn(scope: PostgresScope): TotalRecords {
  return {
    async all() {
      const [organizations, teams, keys, accessGroups, sums] = await Promise.all([
        scope.organization.count({ where: { status: { not: 'archived' } } }),
        scope.team.count({ where: { status: { not: 'archived' } } }),
        scope.virtualKey.count({ where: { status: 'active' } }),
        groupsIn(scope),
        scope.creditAccount.aggregate({
          where: { teamId: { not: null } },
          _sum: { funded: true, balance: true, used: true },
        }),
      ]);
      const { funded, balance, used } = sums._sum;
      return {
        organizations,
        teams,
        keys,
        accessGroups: accessGroups.length,
        funded: funded ?? 0n,
        balance: balance ?? 0n,
        used: used ?? 0n,
      };
    },
    teamsOf: async (organizationId) => scope.team.count({ where: { organizationId } }),
    neediest: async (filter) => neediestIn(scope, filter),
    figures: async (limit, at) => figuresIn(scope, limit, at),
    async accounts({ organizationId, teamId }) {
      const found = await scope.creditAccount.findMany({
        where: {
          team: {
            status: { not: 'archived' },
            ...(organizationId === undefined ? {} : { organizationId }),
            ...(teamId === undefined ? {} : { id: teamId }),
          },
        },
      });
      return found.map(accountFrom);
    },
  };
}
