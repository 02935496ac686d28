import type { CallOutcome } from '../usage/usage.ts';
import type { Job, JobStatus } from './job.ts';

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
  /** What it is for, as its client said; null where it said nothing. */
  readonly purpose: string | null;
}

/** What a client said of a call. */
export interface CallPurpose extends Pick<Job, 'organizationId'> {
  readonly jobId: string;
  readonly callId: string;
  readonly purpose: string;
  /** When the call began. */
  readonly createdAt: Date;
}

/** All calls of a job together. */
export interface JobCallTotals {
  readonly calls: number;
  readonly completedCalls: number;
  /** Calls beyond the first for the same purpose; those for which none was said have one together. */
  readonly repeatedCalls: number;
  readonly usageTokens: bigint;
  readonly costNanoUsd: bigint;
  /** Microcredits charged for the calls themselves. */
  readonly charge: bigint;
  readonly averageLatencyMs: number;
}

/** Of a job in which no call was made. */
export const NO_CALLS: JobCallTotals = {
  calls: 0,
  completedCalls: 0,
  repeatedCalls: 0,
  usageTokens: 0n,
  costNanoUsd: 0n,
  charge: 0n,
  averageLatencyMs: 0,
};

export interface JobCount {
  readonly teamId: string;
  readonly status: JobStatus;
  readonly count: number;
}

/** Which jobs; what is absent confines nothing. */
export interface JobFilter {
  readonly organizationId?: string;
  readonly teamId?: string;
  readonly status?: JobStatus;
  readonly jobType?: string;
  /** A part of the id. */
  readonly contains?: string;
  /** Made from inclusive, to exclusive. */
  readonly from?: Date;
  readonly to?: Date;
}

/** One page, counted from the newest; or what comes after the job `after`, which stays right while others are made. */
export interface JobPage {
  readonly limit: number;
  readonly offset?: number;
  readonly after?: Pick<Job, 'id' | 'createdAt'>;
}

export interface JobRecords {
  /** The newest first. */
  list(filter: JobFilter, page: JobPage): Promise<Job[]>;
  /** How many there are of each status and team. */
  counts(filter: JobFilter): Promise<JobCount[]>;
  /** Totals of many jobs at once, by their ids; one without calls is not in it. */
  totalsOfAll(ids: readonly string[]): Promise<ReadonlyMap<string, JobCallTotals>>;
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
  /** Notes what a call is for; what was noted of it before stays. */
  notePurpose(said: CallPurpose): Promise<void>;
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
