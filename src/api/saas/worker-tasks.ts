import { healthOf } from '../../core/tasks/task-run.ts';
import type { TaskRun } from '../../core/tasks/task-run.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { TASKS } from './answers/operations.ts';

export const workerTasksEndpoint = endpoint({
  isOwn: true,
  summary: 'How the tasks of the worker are doing, over all workers',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: NO_QUERY,
  answer: TASKS,
  async handle({ stores }) {
    const runs = await stores.records.taskRuns.list();
    const nowMs = stores.clock();
    return { tasks: runs.map((run) => taskView(run, nowMs)) };
  },
});

function taskView(run: TaskRun, nowMs: number) {
  return {
    task: run.task,
    health: healthOf(run, nowMs),
    every_ms: run.everyMs,
    last_success_at: run.succeededAt?.toISOString() ?? null,
    last_failure_at: run.failedAt?.toISOString() ?? null,
    failing_since: run.failingSince?.toISOString() ?? null,
    complaint: run.complaint,
    duration_ms: run.durationMs,
    successes: run.successes,
    failures: run.failures,
    backlog: run.backlog,
    lag_ms: run.lagMs,
  };
}
