import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { watchRunningOut } from '../../src/core/alerts/running-out.ts';
import { usedSince, watchBudgets } from '../../src/core/alerts/watch-budgets.ts';
import { watchEndingGrants } from '../../src/core/alerts/watch-grants.ts';
import { watchEndingKeys } from '../../src/core/alerts/watch-keys.ts';
import { watchFailedRefills } from '../../src/core/alerts/watch-refills.ts';
import { watchErrors, watchUnusualUsage } from '../../src/core/alerts/watch-usage.ts';
import type { WorkerParts } from '../parts.ts';

/** Opens and closes episodes of low credit, and queues what is to be said of them. */
export async function watchAlerts({ services }: WorkerParts): Promise<void> {
  await watchLowCredit(services.stores);
}

/** The same for everything that may be some seconds late. */
export async function watchOtherAlerts({ services }: WorkerParts): Promise<void> {
  const { stores } = services;
  const last = await stores.records.taskRuns.find('watch-other-alerts');
  const since = usedSince(last?.succeededAt ?? null, stores.clock());
  const watchers = [
    async () => watchBudgets(stores, since),
    watchEndingKeys,
    watchEndingGrants,
    watchUnusualUsage,
    watchErrors,
    watchRunningOut,
    watchFailedRefills,
  ];
  const results = await Promise.allSettled(watchers.map(async (watch) => watch(stores)));
  // One that fails keeps no other from its work; the task says that it failed.
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
}
