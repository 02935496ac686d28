// The two things that an operator may do on the page: have a task that was given up tried again, and have one that
// waits for its time run now. Both only bring a task to a worker sooner; what it does then is its own promise.

import { ErrorCode } from 'bullmq';
import type { Queue } from 'bullmq';
import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '../../core/audit/audit.ts';
import type { Stores } from '../../core/stores.ts';
import { BOARD_PATH } from './session.ts';

const OPERATOR: Actor = { id: 'api:admin', door: 'api' };

export const AGAIN_PLACES = [
  { method: 'PUT', path: `${BOARD_PATH}/api/queues/tasks/:id/retry`, what: 'retry' },
  { method: 'PUT', path: `${BOARD_PATH}/api/queues/tasks/:id/promote`, what: 'promote' },
] as const;

export type Again = (typeof AGAIN_PLACES)[number]['what'];

const STATE_OF = { retry: 'failed', promote: 'delayed' } as const;

/** BullMQ waits for its Redis for as long as it takes; whoever looks at the page does not. */
const QUEUE_DEADLINE_MS = 5_000;

/**
 * Has it done, with a line in the audit trail before: what is not told there is not done. Undefined if it was done, else
 * why it can't be. Throws where the queue does not answer; what was asked of it may come about still.
 */
export async function doAgain(
  { records }: Pick<Stores, 'records'>,
  queue: Queue,
  what: Again,
  id: string,
): Promise<string | undefined> {
  const task = await inTime(queue.getJob(id));
  const state = task === undefined ? undefined : await inTime(task.getState());
  const cannot = `A task that is ${STATE_OF[what]} was to ${what}`;
  if (task === undefined || state !== STATE_OF[what]) {
    return `${cannot}: ${task === undefined ? 'there is none of this id' : `it is ${state}`}`;
  }
  await records.change(async (inside) => {
    const [action, target] = [`task.${STATES_AFTER[what]}`, `task:${task.name}`];
    await inside.audit.write({ actor: OPERATOR, action, target, after: { id } });
    return undefined;
  });
  try {
    await inTime(what === 'retry' ? task.retry('failed') : task.promote());
    return undefined;
  } catch (error) {
    if (CAME_FIRST.has((error as { readonly code?: unknown }).code)) {
      return `${cannot}: it is no longer, somebody else was first`;
    }
    throw error;
  }
}

const STATES_AFTER = { retry: 'retried', promote: 'promoted' } as const;

/** What BullMQ says of a task that a worker or another operator has moved meanwhile, or that was removed. */
const CAME_FIRST: ReadonlySet<unknown> = new Set([ErrorCode.JobNotInState, ErrorCode.JobNotExist]);

async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const timer = new AbortController();
  const late = pause(QUEUE_DEADLINE_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Asking the queue of tasks: no answer in ${QUEUE_DEADLINE_MS} ms`);
  });
  // Who is no longer waited for is not heard.
  asked.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    timer.abort();
  }
}
