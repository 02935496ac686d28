import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import type { Job } from './job.ts';
import { mergedMetadata } from './metadata.ts';

/** Adds to the metadata of a job, open or not; what stood there under the same names is replaced. */
export async function addMetadata(
  { records }: Pick<Stores, 'records'>,
  jobId: string,
  more: Job['metadata'],
): Promise<Job | Refusal> {
  return records.change<Job>(async (inside) => {
    const job = await inside.jobs.locked(jobId);
    if (job === undefined) {
      return refuse('job_unknown');
    }
    const metadata = mergedMetadata(job.metadata, more);
    if (isRefusal(metadata)) {
      return metadata;
    }
    await inside.jobs.setMetadata(jobId, metadata);
    return { ...job, metadata };
  });
}
