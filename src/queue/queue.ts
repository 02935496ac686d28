import { Queue } from 'bullmq';
import type { ConnectionOptions } from 'bullmq';
import { TASKS, taskKind } from './tasks.ts';
import type { PayloadOf, TaskName } from './tasks.ts';

/** Done tasks that stay to be looked at. */
const KEPT_DONE = 200;
/** Tasks that were given up stay longer: somebody may want to run them again. */
const KEPT_FAILED = 2_000;

/** One queue holds all tasks: there are few, and their order matters more than their number. */
export const QUEUE_NAME = 'tasks';

export function queuePrefix(namespace: string): string {
  return `{${namespace}-queue}`;
}

/** BullMQ waits for Redis by itself, for as long as it takes. */
export function queueConnection(redisUrl: string): ConnectionOptions {
  return { url: redisUrl, maxRetriesPerRequest: null };
}

export interface TaskQueue {
  /** Asks for a task; asking again with the same id while it waits changes nothing. */
  ask<Name extends TaskName>(name: Name, payload: PayloadOf<Name>, id: string): Promise<void>;
  /** Makes the repeating tasks repeat. Any number of workers may call it. */
  schedule(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the queue for those who ask. */
export function openQueue(
  redisUrl: string,
  namespace: string,
  onComplaint: (complaint: string) => void,
): TaskQueue {
  const queue = new Queue(QUEUE_NAME, {
    connection: queueConnection(redisUrl),
    prefix: queuePrefix(namespace),
  });
  queue.on('error', (error) => onComplaint(error.message));
  return {
    async ask(name, payload, id) {
      await queue.add(name, payload, { ...optionsOf(name), jobId: id });
    },
    async schedule() {
      for (const name of Object.keys(TASKS) as TaskName[]) {
        const { everyMs } = taskKind(name);
        if (everyMs !== undefined) {
          const template = { name, data: {}, opts: optionsOf(name) };
          await queue.upsertJobScheduler(name, { every: everyMs }, template);
        }
      }
    },
    close: async () => queue.close(),
  };
}

function optionsOf(name: TaskName) {
  const { attempts } = taskKind(name);
  return {
    attempts,
    backoff: { type: 'custom' },
    removeOnComplete: { count: KEPT_DONE },
    removeOnFail: { count: KEPT_FAILED },
  };
}
