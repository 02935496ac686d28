import type {
  DueHomeTabs,
  HomeTab,
  HomeTabRecords,
} from '../../core/home-tabs/home-tab-records.ts';
import type { PostgresScope } from './client.ts';

export function homeTabsIn(scope: PostgresScope): HomeTabRecords {
  return {
    async opened({ userId, shows, drawing }, at) {
      const data = { openedAt: at, takenAt: at, shows, drawing };
      await scope.homeTab.upsert({ where: { userId }, create: { userId, ...data }, update: data });
    },
    take: async (due) => takeIn(scope, due),
    async drawn({ userId, shows, drawing }) {
      // Who opened it meanwhile was shown more.
      await scope.homeTab.updateMany({
        where: { userId, shows: { lt: shows } },
        data: { shows, drawing },
      });
    },
    async forget(userId) {
      await scope.homeTab.deleteMany({ where: { userId } });
    },
    async forgetBefore(openedAt) {
      await scope.homeTab.deleteMany({ where: { openedAt: { lt: openedAt } } });
    },
  };
}

/** Two that count at once may take a batch each beyond the limit, which is well below Slack's own. */
async function takeIn(
  scope: PostgresScope,
  { upTo, at, openedSince, restedSince, limit, countedSince, batch }: DueHomeTabs,
): Promise<HomeTab[]> {
  return scope.$queryRaw<HomeTab[]>`
    UPDATE home_tabs SET taken_at = ${at}
    WHERE user_id IN (
      SELECT user_id FROM home_tabs
      WHERE shows < ${upTo} AND opened_at >= ${openedSince} AND taken_at <= ${restedSince}
      ORDER BY taken_at
      LIMIT (
        SELECT least(${batch}, greatest(0, ${limit} - count(*)))
        FROM home_tabs WHERE taken_at > ${countedSince}
      )
      FOR UPDATE SKIP LOCKED
    )
    RETURNING user_id AS "userId", drawing`;
}
