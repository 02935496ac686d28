// What web and worker agree on: every task, its payload, how it is tried again, and what it promises.
// Process-local work (draining, relaying) is not here: its own locks make it safe in every worker, and
// a queue would only slow it down. It stands in worker/beats.ts.

import { z } from 'zod';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export interface TaskKind<Payload extends z.ZodType = z.ZodType> {
  readonly payload: Payload;
  /** Tries in all; with the backoff below this decides after how long a task is given up. */
  readonly attempts: number;
  /** First wait; doubles with each try up to `backoffMaxMs`, with jitter. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** A try that takes longer counts as failed. */
  readonly deadlineMs: number;
  /** What holds when it runs twice, late or half. */
  readonly promise: string;
  /** Runs by itself this often, in one worker of all. */
  readonly everyMs?: number;
}

export const TASKS = {
  'tell-alert': {
    payload: z.strictObject({ episodeId: z.string() }),
    // With waits of up to five minutes these last for two days: longer than Slack was ever away.
    attempts: 600,
    backoffMs: SECOND_MS,
    backoffMaxMs: 5 * MINUTE_MS,
    deadlineMs: 30 * SECOND_MS,
    promise: 'The alert stands in its channel once, as the records have it when it runs.',
  },
  'reap-reservations': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * SECOND_MS,
    promise: 'Each lapsed reservation ends once: settled for what was marked, or released.',
    // A held credit is useless until then; looking costs one read a shard.
    everyMs: 2 * SECOND_MS,
  },
  'turn-over-resolved': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * SECOND_MS,
    promise:
      'The gate remembers for one to two minutes which reservations ended; twice only forgets sooner.',
    everyMs: MINUTE_MS,
  },
  'watch-alerts': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * SECOND_MS,
    promise: 'One episode for each crossing, whoever looks and however often.',
    // People react in minutes; a second keeps the alert close to the call that caused it.
    everyMs: SECOND_MS,
  },
} as const satisfies Record<string, TaskKind>;

export type TaskName = keyof typeof TASKS;
export type PayloadOf<Name extends TaskName> = z.output<(typeof TASKS)[Name]['payload']>;

/** The table with its rows as one type, for code that treats all tasks alike. */
export function taskKind(name: TaskName): TaskKind {
  return TASKS[name];
}
