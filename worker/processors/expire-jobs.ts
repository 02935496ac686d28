import { expireJobs } from '../../src/core/jobs/expire-jobs.ts';
import type { WorkerParts } from '../parts.ts';

/** Ends jobs that their clients forgot. */
export async function expireAbandonedJobs({ services }: WorkerParts): Promise<void> {
  const expired = await expireJobs(services.stores);
  if (expired > 0) {
    services.log.info({ expired }, 'ended jobs that nobody ended');
  }
}
