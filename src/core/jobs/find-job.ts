import type { KeyIdentity } from '../gateway/gate.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Job } from './job.ts';

const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text can be the id of a job at all. */
export function isJobId(text: string): boolean {
  return JOB_ID.test(text);
}

/** The job of an id that a client sent, if it is of the client's team. */
export async function jobOf(
  { records }: Pick<Stores, 'records'>,
  { teamId }: KeyIdentity,
  id: string,
): Promise<Job | Refusal> {
  const job = isJobId(id) ? await records.jobs.find(id.toLowerCase()) : undefined;
  if (job === undefined) {
    return refuse('job_unknown');
  }
  return job.teamId === teamId ? job : refuse('job_of_another_team');
}
