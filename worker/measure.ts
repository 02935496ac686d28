import { measureDrain } from '../src/storage/drain-lag.ts';
import { TASK_NAMES } from '../src/queue/tasks.ts';
import type { WorkerParts } from './parts.ts';

const NOTHING = { backlog: 0, lagMs: 0 };

/** Writes down what waits, so that a screen and a metric read one table. */
export async function measureBacklogs({ services, queue }: WorkerParts): Promise<void> {
  const { stores, gate } = services;
  const nowMs = stores.clock();
  const at = new Date(nowMs);
  const waiting = await queue.waiting(nowMs);
  for (const task of TASK_NAMES) {
    await stores.records.taskRuns.measured(task, waiting[task] ?? NOTHING, at);
  }
  await stores.records.taskRuns.measured('drain', await measureDrain(gate, nowMs), at);
  const { count, since } = await stores.records.webhooks.waiting(at);
  const lagMs = since === null ? 0 : nowMs - since.getTime();
  await stores.records.taskRuns.measured('webhooks', { backlog: count, lagMs }, at);
}
