import type { KeyIdentity } from '../gateway/gate.ts';

/** Pending: no call was made yet. Expired: nobody ended it within its life. */
export type JobStatus =
  | 'pending'
  | 'in_progress'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'expired';

/** The client's unit of work, which may group several calls. */
export interface Job {
  readonly id: string;
  readonly teamId: string;
  readonly organizationId: string;
  readonly keyId: string;
  /** For whom it is done, as the client names them. */
  readonly userId: string | null;
  readonly jobType: string;
  readonly status: JobStatus;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly errorMessage: string | null;
  /** Microcredits: while it is open what is held for it, afterwards what it was charged. */
  readonly charge: bigint;
  /** Whether it ended and was charged. Its calls may be charged beside it, by consumption. */
  readonly creditApplied: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** From then on it may be ended as expired. */
  readonly expiresAt: Date;
}

/** What the operator decides about jobs. */
export interface JobPolicy {
  /** Whether a job that failed is charged as if it had completed. */
  readonly chargeFailed: boolean;
  readonly lifeMs: number;
}

/** Who a job belongs to, as the gate's settlements name it. */
export function identityOf({
  keyId,
  teamId,
  organizationId,
}: Pick<Job, 'keyId' | 'teamId' | 'organizationId'>): KeyIdentity {
  // Nothing is asked in its name, so the secret does not matter.
  return { hash: '', lastFour: '', keyId, teamId, organizationId, userId: undefined };
}
