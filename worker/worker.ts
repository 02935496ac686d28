import { setTimeout as pause } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { Worker } from 'bullmq';
import { createRoles } from '../src/bot/roles.ts';
import { slackClientOptions } from '../src/bot/slack-client.ts';
import { openQueue, QUEUE_NAME, queueConnection, queuePrefix } from '../src/queue/queue.ts';
import { SECOND_MS } from '../src/core/time.ts';
import { waitAfter } from '../src/queue/task-kind.ts';
import { isTaskName, taskKind } from '../src/queue/tasks.ts';
import type { Services } from '../src/services.ts';
import { startBeats } from './beats.ts';
import type { WorkerParts } from './parts.ts';
import { noteStalled, runTask } from './run-task.ts';
import { FLEET_SCHEDULE, startLocalSchedule } from './schedule.ts';

/** Tasks mostly wait for Slack and Postgres. */
const CONCURRENCY = 8;
/** A task that dies with its worker so often takes the worker with it: then it is failed, and told. */
const STALLS_MAX = 5;
/** How often one worker of all looks for tasks whose worker is gone; their locks last for as long. */
const STALLED_EVERY_MS = 30 * SECOND_MS;
/** What runs when a worker is told to stop gets this long to end; the process has half as long again. */
const STOP_GRACE_MS = 3_500;

export interface RunningWorker {
  isUp(): boolean;
  /** Lets current work end; what does not end in time is handed back. */
  stop(): Promise<void>;
}

/** Starts everything that happens without anyone asking. */
export async function startWorker(services: Services): Promise<RunningWorker> {
  const parts = openParts(services);
  const { queue } = parts;
  const consumer = startConsumer(parts);
  await queue.unschedule(Object.keys(FLEET_SCHEDULE));
  await queue.schedule(FLEET_SCHEDULE, services.stores.clock());
  const local = startLocalSchedule(parts);
  const beats = startBeats(parts);
  return {
    isUp: () => consumer.isUp(),
    async stop() {
      // What a loop does may be cut off at any moment: what it had begun is undone, or found by its lease.
      const loops = Promise.all([
        ...local.map(async (task) => task.destroy()),
        ...beats.map(async (beat) => beat.stop()),
      ]);
      await Promise.all([consumer.stop(), Promise.race([loops, pause(STOP_GRACE_MS)])]);
      await queue.close();
    },
  };
}

/** Takes tasks from the queue and runs them. */
export function startConsumer(
  parts: WorkerParts,
  { stopGraceMs = STOP_GRACE_MS, stalledEveryMs = STALLED_EVERY_MS } = {},
): RunningWorker {
  const { config, log } = parts.services;
  const handBack = new AbortController();
  const worker = new Worker(
    QUEUE_NAME,
    async (job, lock) => runTask(parts, job, lock, handBack.signal),
    {
      connection: queueConnection(config.redisUrl),
      prefix: queuePrefix(config.gateNamespace),
      concurrency: CONCURRENCY,
      maxStalledCount: STALLS_MAX,
      stalledInterval: stalledEveryMs,
      settings: {
        backoffStrategy: (attempt, _type, _error, job) => backoffOf(job?.name ?? '', attempt),
      },
    },
  );
  worker.on('error', (error) => log.warn({ part: 'queue' }, error.message));
  worker.on('stalled', (id) =>
    log.warn({ id }, 'the worker of a task is gone, another takes it up'),
  );
  worker.on('failed', (job, error) => {
    log.warn({ task: job?.name, err: error }, 'a task failed');
    if (job !== undefined && /stalled more than/.test(error.message)) {
      void noteStalled(parts, job, error);
    }
  });
  return {
    isUp: () => worker.isRunning(),
    async stop() {
      const grace = setTimeout(() => handBack.abort(), stopGraceMs);
      await worker.close();
      clearTimeout(grace);
    },
  };
}

/** What processors and beats work with. */
export function openParts(services: Services): WorkerParts {
  const { config, log } = services;
  const queue = openQueue(config.redisUrl, config.gateNamespace, (complaint) =>
    log.warn({ part: 'queue' }, complaint),
  );
  const slack = slackClient(services);
  const { stores } = services;
  const given = stores.records.roles.list;
  const roles = slack && createRoles(config.slackRoles, slack, stores.clock, log, given);
  return { services, queue, slack, roles };
}

function slackClient({ config, log }: Services): WebClient | undefined {
  const { botToken: slackBotToken } = config.slack;
  return slackBotToken === undefined
    ? undefined
    : new WebClient(slackBotToken.reveal(), {
        ...slackClientOptions(config.slack, log),
        // The queue tries again, and knows for how long.
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
      });
}

function backoffOf(name: string, attempt: number): number {
  return isTaskName(name) ? waitAfter(taskKind(name).retries, attempt) : 0;
}
