import { WebClient } from '@slack/web-api';
import { Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { slackClientOptions } from '../src/bot/slack-client.ts';
import { openQueue, QUEUE_NAME, queueConnection, queuePrefix } from '../src/queue/queue.ts';
import { TASKS, taskKind } from '../src/queue/tasks.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import type { Services } from '../src/services.ts';
import { startBeats } from './beats.ts';
import type { WorkerParts } from './parts.ts';
import { PROCESSORS } from './processors.ts';
import { startLocalSchedule } from './schedule.ts';

/** Tasks mostly wait for Slack and Postgres. */
const CONCURRENCY = 8;

export interface RunningWorker {
  isUp(): boolean;
  /** Lets current work end; what does not end in time is handed back. */
  stop(): Promise<void>;
}

/** Starts everything that happens without anyone asking. */
export async function startWorker(services: Services): Promise<RunningWorker> {
  const { config, log } = services;
  const complain = (complaint: string): void => log.warn({ part: 'queue' }, complaint);
  const queue = openQueue(config.redisUrl, config.gateNamespace, complain);
  const parts: WorkerParts = { services, queue, slack: slackClient(services) };
  const worker = new Worker(QUEUE_NAME, async (job) => process(parts, job), {
    connection: queueConnection(config.redisUrl),
    prefix: queuePrefix(config.gateNamespace),
    concurrency: CONCURRENCY,
    settings: {
      backoffStrategy: (attempt, _type, _error, job) => backoffOf(job?.name, attempt),
    },
  });
  worker.on('error', (error) => complain(error.message));
  worker.on('failed', (job, error) => log.warn({ task: job?.name, err: error }, 'a task failed'));
  await queue.schedule();
  const local = startLocalSchedule(parts);
  const beats = startBeats(parts);
  return {
    isUp: () => worker.isRunning(),
    async stop() {
      await Promise.all(local.map(async (task) => task.destroy()));
      await Promise.all([worker.close(), ...beats.map(async (beat) => beat.stop())]);
      await queue.close();
    },
  };
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

async function process(parts: WorkerParts, job: Job): Promise<void> {
  const name = job.name as TaskName;
  if (!Object.hasOwn(TASKS, name)) {
    throw new Error(
      `Running a task: there is no task "${job.name}", known are ${Object.keys(TASKS).join(', ')}`,
    );
  }
  const kind = taskKind(name);
  const payload = kind.payload.parse(job.data);
  const run = PROCESSORS[name] as (parts: WorkerParts, payload: unknown) => Promise<void>;
  await withDeadline(run(parts, payload), kind.deadlineMs, name);
}

async function withDeadline(work: Promise<void>, deadlineMs: number, name: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`Running ${name}: not done within ${deadlineMs} ms`);
    timer = setTimeout(() => reject(error), deadlineMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function backoffOf(name: string | undefined, attempt: number): number {
  if (name === undefined || !Object.hasOwn(TASKS, name)) {
    return 0;
  }
  const { backoffMs, backoffMaxMs } = taskKind(name as TaskName);
  const ceiling = Math.min(backoffMs * 2 ** (attempt - 1), backoffMaxMs);
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
