import { isRefusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { endJob } from './end-job.ts';

/** One page; the next beat takes the next. */
const PAGE = 100;

/**
 * Ends jobs that nobody ended within their life; answers how many. A client that completes one at the
 * same moment is either first, or is told that it expired.
 */
export async function expireJobs(stores: Stores): Promise<number> {
  const ids = await stores.records.jobs.overdue(new Date(stores.clock()), PAGE);
  let expired = 0;
  for (const id of ids) {
    expired += isRefusal(await endJob(stores, id, { event: 'expire' })) ? 0 : 1;
  }
  return expired;
}
