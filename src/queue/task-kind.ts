import type { z } from 'zod';

/** What a task says of itself. When it runs by itself stands in worker/schedule.ts. */
export interface TaskKind<Payload extends z.ZodType = z.ZodType> {
  /** What one run of it comes to, for who looks through the list of them. */
  readonly does: string;
  /** What a worker of another version put in or takes out is refused by name, and blocks nothing. */
  readonly payload: Payload;
  readonly retries: Retries;
  /** A try that takes longer counts as failed. */
  readonly deadlineMs: number;
  readonly promise: TaskPromise;
  /** What an operator does when it keeps failing. */
  readonly cure: string;
  /**
   * How a dry run shows what it would do. `records`: it is done in the records and undone. `reads`: it changes nothing
   * anyway. `preview`: it is counted by a look of its own (worker/previews.ts).
   */
  readonly rehearsal: 'records' | 'reads' | 'preview';
}

export interface Retries {
  /** Tries in all; with the waits this decides after how long a task is given up. */
  readonly attempts: number;
  /** The first wait; it doubles with each try, up to the longest. Each is spread over its second half. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** What holds whatever happens to a run. */
export interface TaskPromise {
  /** It runs twice, or in two workers at once. */
  readonly twice: string;
  /** It runs much later than it should have. */
  readonly late: string;
  /** It died in the middle. */
  readonly half: string;
}

/** How long to wait after the attempt of this number, counted from 1. */
export function waitAfter({ firstWaitMs, longestWaitMs }: Retries, attempt: number): number {
  const ceilingMs = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
  return ceilingMs / 2 + Math.random() * (ceilingMs / 2);
}
