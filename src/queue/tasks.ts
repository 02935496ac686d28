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
  'lift-statuses': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * SECOND_MS,
    promise: 'A suspension that has ended is written down as ended, once, by whoever is first.',
    // The gate lets calls through from the moment itself; this is how old what people read gets.
    everyMs: 5 * SECOND_MS,
  },
  'expire-jobs': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * SECOND_MS,
    promise: 'Each job that outlived its time ends once, and gives back what was held for it.',
    // Lives are counted in hours; looking costs one read of an index.
    everyMs: 5 * SECOND_MS,
  },
  reconcile: {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * MINUTE_MS,
    promise:
      'Says what differs between gate and records; twice says it twice, and changes nothing.',
    // A drift is a fault, not a fashion: an hour is soon enough to hear of it.
    everyMs: 60 * MINUTE_MS,
  },
  'make-usage-months': {
    payload: z.strictObject({}),
    attempts: 3,
    backoffMs: MINUTE_MS,
    backoffMaxMs: 5 * MINUTE_MS,
    deadlineMs: MINUTE_MS,
    promise:
      'There is a place for the calls of this month and the next two; who comes second finds it.',
    // Months are made two ahead; looking costs one read each.
    everyMs: 6 * 60 * MINUTE_MS,
  },
  prune: {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 55 * MINUTE_MS,
    promise:
      'Calls go when their organization keeps them no longer, and notes when nobody needs them; half of it is finished by the next.',
    // What is due moves at midnight; what a run did not get done waits for an hour.
    everyMs: 60 * MINUTE_MS,
  },
  'verify-ledger': {
    payload: z.strictObject({}),
    attempts: 3,
    backoffMs: MINUTE_MS,
    backoffMaxMs: 5 * MINUTE_MS,
    deadlineMs: 60 * MINUTE_MS,
    promise: 'Says which accounts do not hold what their entries say; changes nothing.',
    // It reads every entry; what it looks for is rare, and does not go away.
    everyMs: 24 * 60 * MINUTE_MS,
  },
  'verify-audit': {
    payload: z.strictObject({}),
    attempts: 3,
    backoffMs: MINUTE_MS,
    backoffMaxMs: 5 * MINUTE_MS,
    deadlineMs: 60 * MINUTE_MS,
    promise: 'Says whether the audit trail holds; twice says it twice, and changes nothing.',
    // It reads the whole trail; what it looks for is rare, and does not go away.
    everyMs: 24 * 60 * MINUTE_MS,
  },
  'expire-credits': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 2 * MINUTE_MS,
    promise:
      'What nobody will use of an ended grant goes once; who is to lose some is told once before.',
    // An end is set to the day; ten seconds late is on time.
    everyMs: 10 * SECOND_MS,
  },
  'refill-credits': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 2 * MINUTE_MS,
    promise: 'Each refill that is due is posted once, whoever looks and however late.',
    // A threshold is set so that it is crossed minutes before the end.
    everyMs: 5 * SECOND_MS,
  },
  'suspend-without-credits': {
    payload: z.strictObject({}),
    attempts: 1,
    backoffMs: SECOND_MS,
    backoffMaxMs: SECOND_MS,
    deadlineMs: 30 * SECOND_MS,
    promise: 'A team that wishes so is suspended once when nothing is left; a funding always wins.',
    // The gate refuses its calls already; this only changes what they are told.
    everyMs: 2 * SECOND_MS,
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
