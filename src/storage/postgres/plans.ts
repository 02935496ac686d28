import type { PlanRecords } from '../../core/plans/plan-records.ts';
import type { CeilingPlan } from '../../core/plans/plan.ts';
import type * as rows from '../generated/client.ts';
import { ceilingsFromJson } from './ceilings-json.ts';
import type { PostgresScope } from './client.ts';
import { columnsOf } from './columns.ts';

export function plansIn(scope: PostgresScope): PlanRecords {
  return {
    async find(id) {
      const row = await scope.ceilingPlan.findUnique({ where: { id } });
      return row === null ? undefined : planFrom(row);
    },
    async locked(id) {
      await scope.$queryRaw`SELECT 1 FROM ceiling_plans WHERE id = ${id} FOR UPDATE`;
      const row = await scope.ceilingPlan.findUnique({ where: { id } });
      return row === null ? undefined : planFrom(row);
    },
    list: async () =>
      (await scope.ceilingPlan.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(
        planFrom,
      ),
    async insert(plan) {
      const data = columnsOf(plan);
      return (await scope.ceilingPlan.createMany({ data, skipDuplicates: true })).count === 1;
    },
    async update(id, change) {
      const data = { ...columnsOf(change), updatedAt: new Date() };
      await scope.ceilingPlan.update({ where: { id }, data });
    },
    remove: async (id) => {
      await scope.ceilingPlan.delete({ where: { id } });
    },
    async follow(subject, planId) {
      if (planId === null) {
        await scope.planFollower.deleteMany({ where: { subject } });
      } else {
        const update = { planId };
        await scope.planFollower.upsert({
          where: { subject },
          create: { subject, planId },
          update,
        });
      }
    },
    async followers(planId, limit) {
      const found = await scope.planFollower.findMany({
        where: { planId },
        orderBy: { subject: 'asc' },
        take: limit,
      });
      return found.map(({ subject }) => subject);
    },
    async followed(subjects) {
      const found = await scope.planFollower.findMany({
        where: { subject: { in: [...subjects] } },
        include: { plan: true },
      });
      return new Map(found.map(({ subject, plan }) => [subject, planFrom(plan)]));
    },
  };
}

function planFrom(row: rows.CeilingPlan): CeilingPlan {
  return {
    ...row,
    ceilings: ceilingsFromJson(row.ceilings),
    metadata: row.metadata as CeilingPlan['metadata'],
  };
}
