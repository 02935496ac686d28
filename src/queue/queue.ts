import { Queue } from 'bullmq';
import type { ConnectionOptions } from 'bullmq';
import type { Waiting } from '../core/tasks/task-run.ts';
import { taskKind } from './tasks.ts';
import type { PayloadOf, TaskName } from './tasks.ts';
import { isStuck } from './rhythm.ts';
import type { Rhythm } from './rhythm.ts';

/** Done tasks that stay to be looked at. */
const KEPT_DONE = 200;
/** Tasks that were given up stay longer: somebody may want to run them again. */
const KEPT_FAILED = 2_000;

/** A figure for a screen: whoever has more waiting knows it without the exact number. */
const LOOKED_AT = 5_000;

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
  /**
   * Makes the repeating tasks repeat, and revives those whose next time was lost or lies too far ahead, as after
   * a clock that went back. Any number of workers may call it, at any time. Answers which were revived.
   */
  schedule(rhythms: Readonly<Partial<Record<TaskName, Rhythm>>>, nowMs: number): Promise<string[]>;
  /** Ends the repeating of tasks that an earlier version had. */
  unschedule(kept: readonly string[]): Promise<void>;
  /** What waits, of all tasks: how many, and for how long the first one has been due. */
  waiting(nowMs: number): Promise<Readonly<Record<string, Waiting>>>;
  close(): Promise<void>;
}

/** BullMQ's own view of the queue, for a page that shows it. */
export function connectQueue(
  redisUrl: string,
  namespace: string,
  onComplaint: (complaint: string) => void,
): Queue {
  const queue = new Queue(QUEUE_NAME, {
    connection: queueConnection(redisUrl),
    prefix: queuePrefix(namespace),
  });
  queue.on('error', (error) => onComplaint(error.message));
  return queue;
}

/** Opens the queue for those who ask. */
export function openQueue(
  redisUrl: string,
  namespace: string,
  onComplaint: (complaint: string) => void,
): TaskQueue {
  const queue = connectQueue(redisUrl, namespace, onComplaint);
  return {
    async ask(name, payload, id) {
      await queue.add(name, payload, { ...optionsOf(name), jobId: id });
    },
    async schedule(rhythms, nowMs) {
      const revived: string[] = [];
      for (const [task, rhythm] of Object.entries(rhythms)) {
        const name = task as TaskName;
        const known = await queue.getJobScheduler(name);
        if (known?.next !== undefined && isStuck(rhythm, known.next, nowMs)) {
          await queue.removeJobScheduler(name);
          revived.push(name);
        }
        const template = { name, data: {}, opts: optionsOf(name) };
        await queue.upsertJobScheduler(name, { every: rhythm.everyMs }, template);
      }
      return revived;
    },
    async unschedule(kept) {
      for (const { key } of await queue.getJobSchedulers()) {
        if (!kept.includes(key)) {
          await queue.removeJobScheduler(key);
        }
      }
    },
    async waiting(nowMs) {
      const waiting: Record<string, Waiting> = {};
      for (const job of await queue.getJobs(['wait', 'prioritized', 'delayed'], 0, LOOKED_AT - 1)) {
        const lagMs = Math.max(0, nowMs - (job.timestamp + job.delay));
        const known = waiting[job.name] ?? { backlog: 0, lagMs: 0 };
        const isDue = lagMs > 0;
        waiting[job.name] = {
          backlog: known.backlog + (isDue ? 1 : 0),
          lagMs: Math.max(known.lagMs, lagMs),
        };
      }
      return waiting;
    },
    close: async () => queue.close(),
  };
}

function optionsOf(name: TaskName) {
  const { attempts } = taskKind(name).retries;
  return {
    attempts,
    backoff: { type: 'custom' },
    removeOnComplete: { count: KEPT_DONE },
    removeOnFail: { count: KEPT_FAILED },
  };
}
