// The two things that an operator may do on the page: have a task that was given up tried again, and have one that
// waits for its time run now. Both only bring a task to a worker sooner; what it does then is its own promise.

import type { Queue } from 'bullmq';
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

/** Does it, with a line in the audit trail. Undefined if it was done, else why it can't be. */
export async function doAgain(
  { records }: Pick<Stores, 'records'>,
  queue: Queue,
  what: Again,
  id: string,
): Promise<string | undefined> {
  const task = await queue.getJob(id);
  const state = await task?.getState();
  if (task === undefined || state !== STATE_OF[what]) {
    const is = task === undefined ? 'there is none of this id' : `it is ${state}`;
    return `A task that is ${STATE_OF[what]} was to ${what}: ${is}`;
  }
  await records.change(async (inside) => {
    const [action, target] = [`task.${STATES_AFTER[what]}`, `task:${task.name}`];
    await inside.audit.write({ actor: OPERATOR, action, target, after: { id } });
    await (what === 'retry' ? task.retry('failed') : task.promote());
    return undefined;
  });
  return undefined;
}

const STATES_AFTER = { retry: 'retried', promote: 'promoted' } as const;
