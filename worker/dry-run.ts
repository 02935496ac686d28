import type { Gate } from '../src/core/gateway/gate.ts';
import { taskKind } from '../src/queue/tasks.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import type { Services } from '../src/services.ts';
import { rehearse } from '../src/storage/postgres/rehearse.ts';
import type { WorkerParts } from './parts.ts';
import { PREVIEWS } from './previews.ts';
import { PROCESSORS } from './processors.ts';
import { openParts } from './worker.ts';

/** Says what a task would do, line by line, and leaves everything as it is. */
export async function dryRun(
  services: Services,
  task: TaskName,
  payload: unknown,
): Promise<string[]> {
  switch (taskKind(task).rehearsal) {
    case 'records':
      return rehearsed(services, task, payload);
    case 'reads':
      await runHere(services, task, payload);
      return ['it changes nothing anyway, so it was run: what it found stands in the log'];
    case 'preview':
      return (await PREVIEWS[task]?.(services, payload)) ?? [];
  }
}

/** Runs a task in this process. */
export async function runHere(services: Services, task: TaskName, payload: unknown): Promise<void> {
  const parts = openParts(services);
  const processor = PROCESSORS[task] as (parts: WorkerParts, payload: unknown) => Promise<void>;
  try {
    await processor(parts, payload);
  } finally {
    await parts.queue.close();
  }
}

async function rehearsed(services: Services, task: TaskName, payload: unknown): Promise<string[]> {
  const gate = { ...services.stores.gate, ...UNTOLD };
  const { lines, posts, rows } = await rehearse(services.postgres, async (records) => {
    await runHere({ ...services, stores: { ...services.stores, records, gate } }, task, payload);
  });
  const told = Map.groupBy(posts, (kind) => kind);
  return [
    ...lines.map(
      ({ action, target, reason }) =>
        `would write: ${action} ${target}${reason === undefined ? '' : ` (${reason})`}`,
    ),
    ...[...told].map(([kind, all]) => `would say in Slack: ${all.length} × ${kind}`),
    ...rows.map(({ table, count }) => `would touch ${count} rows of ${table}`),
  ];
}

/** The gate is read and not told: what is undone was never in force. Withheld is all that would be at the most. */
const UNTOLD: Pick<Gate, 'project' | 'withhold' | 'release'> = {
  project: async () => undefined,
  withhold: async ({ amount }) => ({ withheld: true, amount }),
  release: async () => undefined,
};
