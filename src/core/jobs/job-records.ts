import type { CallOutcome } from '../usage/usage.ts';
import type { Job } from './job.ts';

export type NewJob = Pick<
  Job,
  | 'id'
  | 'teamId'
  | 'organizationId'
  | 'keyId'
  | 'userId'
  | 'jobType'
  | 'metadata'
  | 'createdAt'
  | 'expiresAt'
>;

/** One call of a job, as the drain wrote it. */
export interface JobCall {
  readonly id: string;
  readonly model: string;
  readonly outcome: CallOutcome;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** What the provider takes. */
  readonly costNanoUsd: bigint;
  readonly latencyMs: number;
  readonly startedAt: Date;
}

/** All calls of a job together. */
export interface JobCallTotals {
  readonly calls: number;
  readonly completedCalls: number;
  readonly usageTokens: bigint;
  readonly costNanoUsd: bigint;
  /** Microcredits charged for the calls themselves. */
  readonly charge: bigint;
  readonly averageLatencyMs: number;
}

export interface JobRecords {
  insert(job: NewJob): Promise<void>;
  /** How many jobs of a team are open; counts no further than `most`. */
  openOf(teamId: string, most: number): Promise<number>;
  find(id: string): Promise<Job | undefined>;
  /** As `find`, and nobody else changes it until this change is over. */
  locked(id: string): Promise<Job | undefined>;
  /** Notes what the gate holds for it. */
  hold(id: string, microcredits: bigint): Promise<void>;
  /** A pending job is in progress from now on; all others stay as they are. */
  start(id: string, at: Date): Promise<void>;
  /** For a job that is locked and open. */
  end(
    id: string,
    end: Pick<Job, 'status' | 'charge' | 'creditApplied' | 'endedAt' | 'metadata' | 'errorMessage'>,
  ): Promise<void>;
  setMetadata(id: string, metadata: Job['metadata']): Promise<void>;
  /** Forgets a job that was refused before anything could happen in it. */
  remove(id: string): Promise<void>;
  /** Open jobs whose life is over, the oldest first. */
  overdue(at: Date, limit: number): Promise<string[]>;
  totals(id: string): Promise<JobCallTotals>;
  /** The first calls, in the order of their beginning. */
  calls(id: string, limit: number): Promise<JobCall[]>;
  /**
   * What the drain brought of a job's own end: nothing yet, its settlement, or only that the gate let its
   * reservation lapse.
   */
  handedIn(id: string): Promise<'nothing' | 'settled' | 'lapsed'>;
}
