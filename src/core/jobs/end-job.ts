// How a job ends, exactly once. The row decides: its lock lets one end through, with the charge that follows
// from it, and an outbox line in the same commit. The gate is told right after. Whatever dies in between,
// the relay tells it again, and every telling says the same.

import { GateUnavailable } from '../faults.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Settlement } from '../gateway/gate.ts';
import type { Stores } from '../stores.ts';
import { completedCallsOf } from './costs.ts';
import { identityOf } from './job.ts';
import type { Job } from './job.ts';
import { mergedMetadata } from './metadata.ts';
import { chargeAtEnd, isOpen, nextStatus } from './transition.ts';
import type { JobEnd } from './transition.ts';

export interface JobEnding {
  readonly event: JobEnd;
  readonly metadata?: Job['metadata'] | undefined;
  readonly errorMessage?: string | undefined;
}

/** A stack trace belongs into a log. */
const ERROR_MESSAGE_MAX_LENGTH = 1_000;

/**
 * Ends a job and settles what was held for it. The same end again answers what the first one did. Throws
 * RecordsUnavailable where nothing was changed, and may be repeated. A gate that is away is told later.
 */
export async function endJob(
  stores: Stores,
  jobId: string,
  ending: JobEnding,
): Promise<Job | Refusal> {
  const { records, settings } = stores;
  const mayGiveUp = ending.event === 'cancel' || ending.event === 'expire';
  const completedCalls =
    settings.jobs.chargeFailed && mayGiveUp ? await completedCallsOf(stores, jobId) : 0;
  let isFirst = false;
  const ended = await records.change<Job>(async (inside) => {
    isFirst = false;
    const job = await inside.jobs.locked(jobId);
    if (job === undefined) {
      return refuse('job_unknown');
    }
    const status = nextStatus(job.status, ending.event);
    if (status === undefined) {
      return refuse('job_ended', { job: job.id, status: job.status });
    }
    if (status === job.status) {
      return job;
    }
    const metadata = mergedMetadata(job.metadata, ending.metadata);
    if (isRefusal(metadata)) {
      return metadata;
    }
    const charge = chargeAtEnd(job.charge, status, settings.jobs, completedCalls);
    const end = {
      status,
      charge,
      creditApplied: charge > 0n,
      endedAt: new Date(stores.clock()),
      metadata,
      errorMessage: ending.errorMessage?.slice(0, ERROR_MESSAGE_MAX_LENGTH) ?? null,
    };
    await inside.jobs.end(job.id, end);
    await inside.outbox.add({ kind: 'job.ended', jobId });
    isFirst = true;
    return { ...job, ...end };
  });
  if (isFirst && !isRefusal(ended)) {
    await settleOrLater(stores, ended);
  }
  return ended;
}

async function settleOrLater({ gate }: Stores, job: Job): Promise<void> {
  try {
    await gate.settle(settlementOfJob(job));
  } catch (error) {
    // The end stands, and the outbox brings it to the gate as soon as that can be reached.
    if (!(error instanceof GateUnavailable)) {
      throw error;
    }
  }
}

/** Makes sure that the gate knows of a job's end: for the relay. */
export async function settleEndedJob(stores: Stores, jobId: string): Promise<void> {
  const { records, gate } = stores;
  const job = await records.jobs.find(jobId);
  if (job === undefined || isOpen(job.status)) {
    return;
  }
  const known = await records.jobs.handedIn(jobId);
  if (known === 'nothing' || (known === 'lapsed' && job.charge > 0n)) {
    await gate.settle(settlementOfJob(job));
  }
}

/** The usage event of the job itself: its calls have their own. */
function settlementOfJob(job: Job): Settlement {
  const endedAtMs = (job.endedAt ?? job.createdAt).getTime();
  return {
    identity: identityOf(job),
    reservationId: job.id,
    model: '',
    deployment: '',
    jobType: job.jobType,
    outcome: OUTCOMES[job.status] ?? 'failed',
    inputTokens: 0,
    outputTokens: 0,
    costNanoUsd: 0n,
    charge: job.charge,
    estimated: false,
    taken: '',
    jobId: undefined,
    startedAtMs: job.createdAt.getTime(),
    endedAtMs,
  };
}

const OUTCOMES: Readonly<Partial<Record<Job['status'], Settlement['outcome']>>> = {
  completed: 'completed',
  expired: 'abandoned',
};
