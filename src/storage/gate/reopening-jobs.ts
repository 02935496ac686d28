import { identityOf } from '../../core/jobs/job.ts';
import type { Job } from '../../core/jobs/job.ts';
import { NO_MODEL } from './admitting.ts';
import type { OpenReservations } from './open-reservations.ts';

export type HeldJob = Pick<
  Job,
  'id' | 'keyId' | 'teamId' | 'organizationId' | 'jobType' | 'charge'
>;

/** Opens again the reservations of jobs, as those of calls under way are. */
export async function reopenJobs(
  reservations: OpenReservations,
  jobs: readonly HeldJob[],
): Promise<void> {
  for (const job of jobs) {
    const { id: reservationId, jobType } = job;
    const ask = { ...NO_MODEL, identity: identityOf(job), reservationId, jobType };
    reservations.add(ask, Number(job.charge), '');
  }
  await reservations.reopenAll();
}
