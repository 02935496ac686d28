import { MINUTE_MS } from '../time.ts';

/** How a task of the worker is doing, over all workers. */
export interface TaskRun {
  readonly task: string;
  /** Its rhythm; null for one that runs when it is asked for. */
  readonly everyMs: number | null;
  readonly startedAt: Date | null;
  readonly succeededAt: Date | null;
  readonly failedAt: Date | null;
  /** Since the first failure after its last success; null while it is well. */
  readonly failingSince: Date | null;
  /** When operators were told of it; null as soon as it is well again. */
  readonly toldAt: Date | null;
  readonly complaint: string | null;
  readonly durationMs: number | null;
  readonly successes: number;
  readonly failures: number;
  readonly backlog: number;
  /** How old the oldest of what waits is. */
  readonly lagMs: number;
}

/** Keeps one row for each task. */
export interface TaskRunRecords {
  /** In the order of their names. */
  list(): Promise<TaskRun[]>;
  find(task: string): Promise<TaskRun | undefined>;
  /** Notes a success, and the rhythm that is expected. Answers since when it had failed, if that was told. */
  succeeded(
    task: string,
    run: FinishedRun & { readonly everyMs: number | null },
  ): Promise<Date | undefined>;
  failed(task: string, run: FinishedRun & { readonly complaint: string }): Promise<TaskRun>;
  /** True for the one caller who is to tell of the failing that began at `since`. */
  claimTelling(task: string, since: Date, at: Date): Promise<boolean>;
  measured(task: string, waiting: Waiting, at: Date): Promise<void>;
}

export interface FinishedRun {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** What waits for a task. */
export interface Waiting {
  readonly backlog: number;
  readonly lagMs: number;
}

/** A restart of Redis or Postgres is over by then; a task that fails for longer needs a person. */
export const TOLD_AFTER_MS = MINUTE_MS;
/** What a complaint may fill of a screen. */
export const COMPLAINT_MAX_LENGTH = 500;

/** A repeated task that missed so many of its times in a row stands still. */
const MISSED_TIMES = 5;
/** Rhythms of a second are checked no finer than this. */
const STILL_AFTER_MS = 2 * MINUTE_MS;

export type TaskHealth = 'well' | 'failing' | 'still' | 'new';

/** Whether a task does what it should: it fails, stands still, never ran, or is well. */
export function healthOf(run: TaskRun, nowMs: number): TaskHealth {
  if (run.failingSince !== null) {
    return 'failing';
  }
  if (run.succeededAt === null) {
    return 'new';
  }
  const longest =
    run.everyMs === null ? Infinity : Math.max(run.everyMs * MISSED_TIMES, STILL_AFTER_MS);
  return nowMs - run.succeededAt.getTime() > longest ? 'still' : 'well';
}
