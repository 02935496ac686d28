import type { Registry } from 'prom-client';
import type { TaskRun } from '../../core/tasks/task-run.ts';
import { SECOND_MS } from '../../core/time.ts';
import { addCounter, addGauge } from './add.ts';

const seconds = (at: Date | null): number | null => at && at.getTime() / SECOND_MS;

type ValueOf = (run: TaskRun) => number | null;

/** Adds how the worker's tasks are doing, over all workers: a worker has no port of its own. */
export function addTaskMetrics(registry: Registry, runs: readonly TaskRun[]): void {
  const rows = (valueOf: ValueOf) =>
    runs.map((run) => ({ labels: { task: run.task }, value: valueOf(run) }));
  const gauge = (name: string, help: string, valueOf: ValueOf): void =>
    addGauge(registry, { name: `quartermaster_task_${name}`, help }, rows(valueOf));
  const counter = (name: string, help: string, valueOf: ValueOf): void =>
    addCounter(registry, { name: `quartermaster_task_${name}`, help }, rows(valueOf));
  gauge('last_success_timestamp_seconds', 'When the task last succeeded.', (run) =>
    seconds(run.succeededAt),
  );
  gauge(
    'duration_seconds',
    'How long its last success took.',
    ({ durationMs }) => durationMs && durationMs / SECOND_MS,
  );
  counter(
    'successes_total',
    'How often it succeeded; loops are counted once in ten seconds.',
    (run) => run.successes,
  );
  counter('failures_total', 'How often it failed.', (run) => run.failures);
  gauge('failing', '1 while it fails.', (run) => (run.failingSince === null ? 0 : 1));
  gauge(
    'backlog',
    'What waits for it: tasks, usage events (drain), deliveries (webhooks).',
    (run) => run.backlog,
  );
  gauge(
    'lag_seconds',
    'How old the oldest of what waits is; of drain, the lag of the drain.',
    (run) => run.lagMs / SECOND_MS,
  );
}
