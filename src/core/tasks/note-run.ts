import { isRefusal, refuse } from '../refusals.ts';
import { OPERATORS } from '../posts/post.ts';
import type { Records, Stores } from '../stores.ts';
import { COMPLAINT_MAX_LENGTH, TOLD_AFTER_MS } from './task-run.ts';
import type { FinishedRun } from './task-run.ts';

/** A task, and what an operator does when it keeps failing. */
export interface NotedTask {
  readonly task: string;
  readonly cure: string;
}

/** Notes that a task succeeded; the message that said that it fails is brought up to date. */
export async function noteSuccess(
  { records }: Pick<Stores, 'records'>,
  noted: NotedTask,
  run: FinishedRun & { readonly everyMs: number | null },
): Promise<void> {
  const failedSince = await records.taskRuns.succeeded(noted.task, run);
  if (failedSince !== undefined) {
    await post(records, noted, failedSince);
  }
}

/**
 * Notes that a task failed. Operators are told once in each spell of failing, by one of all workers: when it
 * has lasted for a minute, or at once if nothing will try again by itself. True if they are told now.
 */
export async function noteFailure(
  { records }: Pick<Stores, 'records'>,
  noted: NotedTask,
  failed: FinishedRun & { readonly error: unknown; readonly isLast: boolean },
): Promise<boolean> {
  const { error, isLast, ...finished } = failed;
  const text = error instanceof Error ? error.message : String(error);
  const complaint = text.slice(0, COMPLAINT_MAX_LENGTH);
  const run = await records.taskRuns.failed(noted.task, { ...finished, complaint });
  const since = run.failingSince;
  if (since === null || run.toldAt !== null) {
    return false;
  }
  if (!isLast && finished.endedAt.getTime() - since.getTime() < TOLD_AFTER_MS) {
    return false;
  }
  const told = await records.change<true>(async (inside) => {
    if (!(await inside.taskRuns.claimTelling(noted.task, since, finished.endedAt))) {
      return refuse('reference_conflict', { reference: noted.task });
    }
    await post(inside, noted, since);
    return true;
  });
  return !isRefusal(told);
}

/** One message for each spell, kept current. */
async function post(records: Records, { task, cure }: NotedTask, since: Date): Promise<void> {
  const sinceMs = since.getTime();
  await records.posts.add({
    place: OPERATORS,
    kind: 'task.failing',
    facts: { task, cure, sinceMs },
    manner: 'keep',
    message: `task:${task}:${sinceMs}`,
  });
}
