// One task from the queue: read, run within its deadline, noted. Whatever is wrong with it ends this task
// alone, by name, and can be seen among the failed ones.

import { UnrecoverableError, WaitingError } from 'bullmq';
import type { Job } from 'bullmq';
import { z } from 'zod';
import { noteFailure, noteSuccess } from '../src/core/tasks/note-run.ts';
import { isTaskName, TASK_NAMES, taskKind } from '../src/queue/tasks.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import type { WorkerParts } from './parts.ts';
import { PROCESSORS } from './processors.ts';
import { FLEET_SCHEDULE } from './schedule.ts';

/** Of what is no task of the table: the loops, and tasks of other versions. */
const BEAT_CURE = 'see that Postgres and Redis answer, then the log of the worker';
/** Under this name operators see tasks that no version here knows. */
const UNKNOWN_TASK = 'unknown task';

/**
 * Runs a task. When `handBack` aborts while it still runs, it goes back into the queue, for another worker:
 * its promise says what holds of the half that was done.
 */
export async function runTask(
  parts: WorkerParts,
  job: Job,
  lock: string | undefined,
  handBack: AbortSignal,
): Promise<void> {
  const startedAt = new Date(parts.services.stores.clock());
  const { name } = job;
  if (!isTaskName(name)) {
    const error = new UnrecoverableError(
      `Running a task: there is no task "${name}", known are ${TASK_NAMES.join(', ')}; ` +
        'a worker of another version put it there',
    );
    await note(parts, { task: UNKNOWN_TASK, startedAt }, { error, isLast: true });
    throw error;
  }
  try {
    const payload = payloadOf(name, job.data);
    const run = PROCESSORS[name] as (parts: WorkerParts, payload: unknown) => Promise<void>;
    const { deadlineMs } = taskKind(name);
    await within(run(parts, payload), { name, deadlineMs, handBack });
  } catch (error) {
    if (error instanceof HandedBack) {
      await job.moveToWait(lock);
      throw new WaitingError();
    }
    const isFinal = error instanceof UnrecoverableError || job.attemptsMade + 1 >= attemptsOf(name);
    const runsAgain = FLEET_SCHEDULE[name] !== undefined;
    await note(parts, { task: name, startedAt }, { error, isLast: isFinal && !runsAgain });
    throw error;
  }
  await note(parts, { task: name, startedAt, everyMs: everyMsOf(name) });
}

/** Notes a task that died with its workers again and again: none of them lived to note it. */
export async function noteStalled(parts: WorkerParts, job: Job, error: Error): Promise<void> {
  const task = isTaskName(job.name) ? job.name : UNKNOWN_TASK;
  const startedAt = new Date(parts.services.stores.clock());
  const runsAgain = isTaskName(job.name) && FLEET_SCHEDULE[job.name] !== undefined;
  await note(parts, { task, startedAt }, { error, isLast: !runsAgain });
}

class HandedBack extends Error {
  override name = 'HandedBack';
}

function attemptsOf(name: TaskName): number {
  return taskKind(name).retries.attempts;
}

/** What does not fit was written by another version: to try it again would change nothing. */
function payloadOf(name: TaskName, data: unknown): unknown {
  const read = taskKind(name).payload.safeParse(data);
  if (!read.success) {
    throw new UnrecoverableError(
      `Running ${name}: its payload is of another version: ${z.prettifyError(read.error)}`,
    );
  }
  return read.data;
}

async function within(
  work: Promise<void>,
  { name, deadlineMs, handBack }: { name: string; deadlineMs: number; handBack: AbortSignal },
): Promise<void> {
  const ended = new AbortController();
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Running ${name}: not done within ${deadlineMs} ms`)),
      deadlineMs,
    );
    ended.signal.addEventListener('abort', () => clearTimeout(timer));
    handBack.addEventListener('abort', () => reject(new HandedBack()), { signal: ended.signal });
  });
  try {
    await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}

interface NotedRun {
  readonly task: string;
  readonly startedAt: Date;
  /** The rhythm in which it is expected. */
  readonly everyMs?: number | null;
}

/** Notes how a task or a beat went. That it could not be noted is no failure of the work. */
export async function note(
  parts: WorkerParts,
  { task, startedAt, everyMs = null }: NotedRun,
  failure?: { readonly error: unknown; readonly isLast: boolean },
): Promise<void> {
  const { stores, log } = parts.services;
  const finished = { startedAt, endedAt: new Date(stores.clock()) };
  const noted = { task, cure: isTaskName(task) ? taskKind(task).cure : BEAT_CURE };
  try {
    if (failure === undefined) {
      await noteSuccess(stores, noted, { ...finished, everyMs });
    } else if (await noteFailure(stores, noted, { ...finished, ...failure })) {
      log.error({ task, err: failure.error, cure: noted.cure }, 'a task keeps failing');
    }
  } catch (error) {
    log.warn({ task, err: error }, 'how a task went could not be noted');
  }
}

function everyMsOf(name: TaskName): number | null {
  return FLEET_SCHEDULE[name]?.everyMs ?? null;
}
