import type { TaskRun, TaskRunRecords } from '../../core/tasks/task-run.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** One row for each task. Many workers write it: a row never goes back to an earlier run. */
export function taskRunsIn(scope: PostgresScope): TaskRunRecords {
  return {
    list: async () => (await scope.taskRun.findMany({ orderBy: { task: 'asc' } })).map(taskRunFrom),
    async find(task) {
      const row = await scope.taskRun.findUnique({ where: { task } });
      return row === null ? undefined : taskRunFrom(row);
    },
    async succeeded(task, { startedAt, endedAt, everyMs }) {
      const durationMs = endedAt.getTime() - startedAt.getTime();
      const [before] = await scope.$queryRaw<{ since: Date | null }[]>`
        WITH before AS (SELECT told_at, failing_since FROM task_runs WHERE task = ${task} FOR UPDATE),
        noted AS (
          INSERT INTO task_runs (task, every_ms, started_at, succeeded_at, duration_ms, successes)
          VALUES (${task}, ${everyMs}::bigint, ${startedAt}, ${endedAt}, ${durationMs}::int, 1)
          ON CONFLICT (task) DO UPDATE SET
            every_ms = EXCLUDED.every_ms,
            started_at = GREATEST(task_runs.started_at, EXCLUDED.started_at),
            succeeded_at = GREATEST(task_runs.succeeded_at, EXCLUDED.succeeded_at),
            duration_ms = EXCLUDED.duration_ms,
            failing_since = NULL,
            told_at = NULL,
            successes = task_runs.successes + 1
        )
        SELECT failing_since AS since FROM before WHERE told_at IS NOT NULL`;
      return before?.since ?? undefined;
    },
    async failed(task, { startedAt, endedAt, complaint }) {
      const row = await scope.taskRun.upsert({
        where: { task },
        create: {
          task,
          startedAt,
          failedAt: endedAt,
          failingSince: endedAt,
          complaint,
          failures: 1,
        },
        update: { startedAt, failedAt: endedAt, complaint, failures: { increment: 1 } },
      });
      await scope.$executeRaw`
        UPDATE task_runs SET failing_since = ${endedAt} WHERE task = ${task} AND failing_since IS NULL`;
      return taskRunFrom({ ...row, failingSince: row.failingSince ?? endedAt });
    },
    claimTelling: async (task, since, at) =>
      (
        await scope.taskRun.updateMany({
          where: { task, failingSince: since, toldAt: null },
          data: { toldAt: at },
        })
      ).count === 1,
    async measured(task, { backlog, lagMs }, at) {
      const data = { backlog, lagMs, measuredAt: at };
      await scope.taskRun.upsert({ where: { task }, create: { task, ...data }, update: data });
    },
  };
}

function taskRunFrom({ measuredAt: _measuredAt, ...row }: rows.TaskRun): TaskRun {
  return {
    ...row,
    everyMs: row.everyMs === null ? null : Number(row.everyMs),
    successes: Number(row.successes),
    failures: Number(row.failures),
    backlog: Number(row.backlog),
    lagMs: Number(row.lagMs),
  };
}
