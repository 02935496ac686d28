import type { MemberRecords, UserRecords } from '../../core/stores.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';
import { memberFrom, userFrom } from './rows.ts';
import { literal } from './literal.ts';

export function usersIn(scope: PostgresScope): UserRecords {
  return {
    async find(organizationId, id) {
      const where = { organizationId_id: { organizationId, id } };
      const row = await scope.user.findUnique({ where });
      return row === null ? undefined : userFrom(row);
    },
    list: async (organizationId) =>
      (await scope.user.findMany({ where: { organizationId }, orderBy: { id: 'asc' } })).map(
        userFrom,
      ),
    async containing(organizationId, text, limit) {
      const contains = { contains: literal(text), mode: 'insensitive' } as const;
      const rows = await scope.user.findMany({
        where: { organizationId, OR: [{ id: contains }, { name: contains }, { email: contains }] },
        orderBy: { id: 'asc' },
        take: limit,
      });
      return rows.map(userFrom);
    },
    insert: async (user) => {
      const data = columnsOf(user);
      return (await scope.user.createMany({ data, skipDuplicates: true })).count === 1;
    },
    update: async (organizationId, id, change) => {
      const data = { ...columnsOf(change), version: { increment: 1 }, updatedAt: new Date() };
      await scope.user.update({ where: { organizationId_id: { organizationId, id } }, data });
    },
  };
}

export function membersIn(scope: PostgresScope): MemberRecords {
  return {
    async find(teamId, userId) {
      const row = await scope.member.findUnique({ where: { teamId_userId: { teamId, userId } } });
      return row === null ? undefined : memberFrom(row);
    },
    async locked(teamId, userId) {
      await scope.$queryRaw`
        SELECT 1 FROM members WHERE team_id = ${teamId} AND user_id = ${userId} FOR UPDATE`;
      const row = await scope.member.findUnique({ where: { teamId_userId: { teamId, userId } } });
      return row === null ? undefined : memberFrom(row);
    },
    ofTeam: async (teamId) => {
      const where = { teamId, role: { not: 'removed' } };
      return (await scope.member.findMany({ where, orderBy: { userId: 'asc' } })).map(memberFrom);
    },
    insert: async (member) => {
      const data = columnsOf(member);
      return (await scope.member.createMany({ data, skipDuplicates: true })).count === 1;
    },
    update: async (teamId, userId, change) => {
      const data = { ...columnsOf(change), version: { increment: 1 } };
      await scope.member.update({ where: { teamId_userId: { teamId, userId } }, data });
    },
  };
}
