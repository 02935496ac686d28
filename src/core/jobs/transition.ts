// The life of a job:
//
//   pending ── start ──▶ in_progress ── complete, fail, cancel, expire ──▶ completed, failed, cancelled, expired
//      └────────────── complete, fail, cancel, expire ──────────────────────────▲
//
// It ends once. The same end again is a repetition and changes nothing; another end is refused.

import type { Job, JobPolicy, JobStatus } from './job.ts';

export type JobEnd = 'complete' | 'fail' | 'cancel' | 'expire';
export type JobEvent = JobEnd | 'start';

const ENDS: Readonly<Record<JobEnd, JobStatus>> = {
  complete: 'completed',
  fail: 'failed',
  cancel: 'cancelled',
  expire: 'expired',
};

export function isOpen(status: JobStatus): boolean {
  return status === 'pending' || status === 'in_progress';
}

/** What a job becomes: what it is already, where the event repeats another; undefined where it may not. */
export function nextStatus(status: JobStatus, event: JobEvent): JobStatus | undefined {
  if (event === 'start') {
    return isOpen(status) ? 'in_progress' : undefined;
  }
  const next = ENDS[event];
  return isOpen(status) || status === next ? next : undefined;
}

/**
 * Microcredits that a job is charged when it ends. One that was given up is only charged, as a failed one
 * is, if a call of it had completed: otherwise nobody got anything.
 */
export function chargeAtEnd(
  held: Job['charge'],
  status: JobStatus,
  policy: Pick<JobPolicy, 'chargeFailed'>,
  completedCalls: number,
): bigint {
  switch (status) {
    case 'completed':
      return held;
    case 'failed':
      return policy.chargeFailed ? held : 0n;
    case 'cancelled':
    case 'expired':
      return policy.chargeFailed && completedCalls > 0 ? held : 0n;
    default:
      return 0n;
  }
}
