// A job stands in the records before the gate hears of it: whatever dies in between leaves a job that
// ends by itself, and never a reservation that nobody knows.

import { refuseKey, refusalOfJob } from '../gateway/admission.ts';
import type { KeyIdentity } from '../gateway/gate.ts';
import { complaintAboutName, newId } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { MINUTE_MS } from '../time.ts';
import { endJob } from './end-job.ts';
import type { Job } from './job.ts';
import type { NewJob } from './job-records.ts';
import { mergedMetadata } from './metadata.ts';

/**
 * The gate keeps a job open for so much longer than the records do, that its end is decided there and the
 * reservation does not lapse before.
 */
const GATE_KEEPS_LONGER_MS = 10 * MINUTE_MS;

/**
 * The gate looks through what is open when it builds a record anew, so one team must not fill it. A team that
 * has more work under way at once than this groups too little into a job.
 */
export const OPEN_JOBS_PER_TEAM_MAX = 1_000;

export interface JobWish {
  readonly jobType: string;
  readonly userId: string | null;
  readonly metadata: Job['metadata'];
  /** Where it comes from, in 32 hex digits (see keys/address.ts). */
  readonly address: string;
}

/** Creates a job and holds what it will be charged when it completes. */
export async function createJob(
  stores: Stores,
  identity: KeyIdentity,
  wish: JobWish,
): Promise<Job | Refusal> {
  const { records, gate, clock, settings } = stores;
  const refusal =
    complaintAbout(wish) ?? (await refuseKey(gate, identity, wish.address)) ?? undefined;
  const metadata = mergedMetadata({}, wish.metadata);
  if (refusal !== undefined || isRefusal(metadata)) {
    return refusal ?? (metadata as Refusal);
  }
  const { keyId, teamId, organizationId } = identity;
  if ((await records.jobs.openOf(teamId, OPEN_JOBS_PER_TEAM_MAX)) >= OPEN_JOBS_PER_TEAM_MAX) {
    return refuse('jobs_too_many', { team: teamId, max: OPEN_JOBS_PER_TEAM_MAX });
  }
  const { jobType, userId, address } = wish;
  const createdAt = new Date(clock());
  const expiresAt = new Date(createdAt.getTime() + settings.jobs.lifeMs);
  const whose = { keyId, teamId, organizationId, userId: userId ?? identity.userId ?? null };
  const job: NewJob = { id: newId(), ...whose, jobType, metadata, createdAt, expiresAt };
  await records.jobs.insert(job);
  const lifeMs = settings.jobs.lifeMs + GATE_KEEPS_LONGER_MS;
  try {
    const verdict = await gate.openJob({ identity, jobId: job.id, jobType, address, lifeMs });
    if (!verdict.admitted) {
      await records.jobs.remove(job.id);
      return refusalOfJob(verdict, identity);
    }
    const charge = BigInt(verdict.reservedMicrocredits);
    if (charge > 0n) {
      await records.jobs.hold(job.id, charge);
    }
    return opened(job, charge);
  } catch (fault) {
    await release(stores, job.id);
    throw fault;
  }
}

function opened(job: NewJob, charge: bigint): Job {
  const open = { status: 'pending', errorMessage: null, creditApplied: false } as const;
  return { ...job, ...open, charge, startedAt: null, endedAt: null };
}

/** Nobody will know of this job, and the gate may hold credits for it. */
async function release(stores: Stores, jobId: string): Promise<void> {
  await endJob(stores, jobId, { event: 'fail' }).catch(() => {
    // What is away now is told by the fault itself; the job expires at the latest.
  });
}

function complaintAbout({ jobType, userId }: JobWish): Refusal | undefined {
  for (const [field, value] of [
    ['job_type', jobType],
    ['user_id', userId],
  ] as const) {
    const complaint = value === null ? undefined : complaintAboutName(value);
    if (complaint !== undefined) {
      return refuse('value_invalid', { field, complaint });
    }
  }
  return undefined;
}
