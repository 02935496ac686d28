import { healthOf } from '../core/tasks/task-run.ts';
import type { TaskHealth, TaskRun } from '../core/tasks/task-run.ts';
import type { Bot } from './call.ts';

/** How long something took to answer; undefined where it did not. */
export interface Standing {
  readonly recordsMs: number | undefined;
  readonly gateMs: number | undefined;
  readonly slackMs: number | undefined;
  readonly organizations: number | undefined;
  /** How the worker's tasks and loops are doing; undefined where the records do not answer. */
  readonly tasks: readonly TaskStanding[] | undefined;
}

export interface TaskStanding extends TaskRun {
  readonly health: TaskHealth;
}

/** Asks each part that the bot stands on. */
export async function readStanding({ stores, client }: Bot): Promise<Standing> {
  let organizations: number | undefined;
  let tasks: readonly TaskStanding[] | undefined;
  const [recordsMs, gateMs, slackMs] = await Promise.all([
    timed(async () => {
      organizations = (await stores.records.organizations.list()).length;
      const nowMs = stores.clock();
      const runs = await stores.records.taskRuns.list();
      tasks = runs.map((run) => ({ ...run, health: healthOf(run, nowMs) }));
    }),
    // A key that does not exist: what counts is that there is an answer.
    timed(async () => stores.gate.identify('nobody', '')),
    timed(async () => client.auth.test()),
  ]);
  return { recordsMs, gateMs, slackMs, organizations, tasks };
}

/** For who may not look at all customers: neither how many there are, nor what is said of any where a task fails. */
export function withoutCustomers({ tasks, ...standing }: Standing): Standing {
  const complaint = 'operators see why';
  return {
    ...standing,
    organizations: undefined,
    tasks: tasks?.map((each) => (each.complaint === null ? each : { ...each, complaint })),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number | undefined> {
  const startedAtMs = performance.now();
  try {
    await work();
    return Math.round(performance.now() - startedAtMs);
  } catch {
    return undefined;
  }
}
