import type { TaskRun } from './task-run.ts';

const SECOND_MS = 1_000;

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly valueOf: (run: TaskRun) => number | null;
}

const seconds = (at: Date | null): number | null => at && at.getTime() / SECOND_MS;

const METRICS: readonly Metric[] = [
  {
    name: 'quartermaster_task_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the task last succeeded.',
    valueOf: (run) => seconds(run.succeededAt),
  },
  {
    name: 'quartermaster_task_duration_seconds',
    type: 'gauge',
    help: 'How long its last success took.',
    valueOf: ({ durationMs }) => durationMs && durationMs / SECOND_MS,
  },
  {
    name: 'quartermaster_task_successes_total',
    type: 'counter',
    help: 'How often it succeeded; loops are counted once in ten seconds.',
    valueOf: (run) => run.successes,
  },
  {
    name: 'quartermaster_task_failures_total',
    type: 'counter',
    help: 'How often it failed.',
    valueOf: (run) => run.failures,
  },
  {
    name: 'quartermaster_task_failing',
    type: 'gauge',
    help: '1 while it fails.',
    valueOf: (run) => (run.failingSince === null ? 0 : 1),
  },
  {
    name: 'quartermaster_task_backlog',
    type: 'gauge',
    help: 'What waits for it: tasks, usage events (drain), deliveries (webhooks).',
    valueOf: (run) => run.backlog,
  },
  {
    name: 'quartermaster_task_lag_seconds',
    type: 'gauge',
    help: 'How old the oldest of what waits is; of drain, the lag of the drain.',
    valueOf: (run) => run.lagMs / SECOND_MS,
  },
];

/** The worker's tasks in Prometheus' text format 0.0.4. Names of tasks are ours, and need no escaping. */
export function taskMetrics(runs: readonly TaskRun[]): string {
  const lines = METRICS.flatMap(({ name, type, help, valueOf }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...runs.flatMap((run) => {
      const value = valueOf(run);
      return value === null ? [] : [`${name}{task="${run.task}"} ${value}`];
    }),
  ]);
  return `${lines.join('\n')}\n`;
}
