import type { BulkAction, BulkPlan, BulkPlanRecords } from '../../core/bulk/bulk-plan.ts';
import type { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

export function bulkPlansIn(scope: PostgresScope): BulkPlanRecords {
  return {
    async insert({ action, teamIds, seen, ...plan }) {
      await scope.bulkPlan.create({
        data: {
          ...plan,
          teamIds: [...teamIds],
          action: jsonOf(action),
          seen: seen as unknown as Prisma.InputJsonObject,
        },
      });
    },
    async find(id) {
      const row = await scope.bulkPlan.findUnique({ where: { id } });
      return row === null
        ? undefined
        : { ...row, action: actionFrom(row.action), seen: seenFrom(row.seen) };
    },
  };
}

function jsonOf(action: BulkAction) {
  const { kind } = action;
  return kind === 'topup'
    ? { ...action, microcredits: action.microcredits.toString() }
    : 'names' in action
      ? { kind, names: [...action.names] }
      : { ...action };
}

/** What `insert` wrote. */
function seenFrom(json: unknown): BulkPlan['seen'] {
  return json as BulkPlan['seen'];
}

/** What was written by `jsonOf`. */
function actionFrom(json: unknown): BulkAction {
  const action = json as Exclude<BulkAction, { kind: 'topup' }> | WrittenTopUp;
  return action.kind === 'topup'
    ? { ...action, microcredits: BigInt(action.microcredits) }
    : action;
}

interface WrittenTopUp {
  readonly kind: 'topup';
  readonly reason: string;
  readonly microcredits: string;
}
