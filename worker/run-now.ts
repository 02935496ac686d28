// `npm run worker:run <task>`: runs one task now, in this process, beside whatever workers run. With
// `-- --dry-run` it shows what the task would write, and undoes it.

import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { isTaskName, TASK_NAMES, taskKind } from '../src/queue/tasks.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import { openServices } from '../src/services.ts';
import type { Services } from '../src/services.ts';
import { rehearse } from '../src/storage/postgres/rehearse.ts';
import type { WorkerParts } from './parts.ts';
import { PROCESSORS } from './processors.ts';
import { openParts } from './worker.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean', default: false } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [name = ''] = positionals;
if (!isTaskName(name)) {
  say(`Running a task: there is no task "${name}", give one of ${TASK_NAMES.join(', ')}`);
  process.exitCode = 1;
} else if (values['dry-run'] && taskKind(name).rehearsal === 'none') {
  say(`Running ${name}: it works on more than the records, so it has no dry run`);
  process.exitCode = 1;
} else {
  await using services = await openServices(loadConfig(undefined, { role: 'worker' }));
  await (values['dry-run'] ? rehearseTask(services, name) : runTaskNow(services, name));
}

async function runTaskNow(services: Services, task: TaskName): Promise<void> {
  const parts = openParts(services);
  try {
    await processorOf(task)(parts, taskKind(task).payload.parse({}));
    say(`${task} is done`);
  } finally {
    await parts.queue.close();
  }
}

/** The gate is read and not told: what is undone was never in force. */
async function rehearseTask(services: Services, task: TaskName): Promise<void> {
  const gate = { ...services.stores.gate, project: async () => undefined };
  const lines = await rehearse(services.postgres, async (records) => {
    const stores = { ...services.stores, records, gate };
    const parts = openParts({ ...services, stores });
    try {
      await processorOf(task)(parts, {});
    } finally {
      await parts.queue.close();
    }
  });
  for (const { action, target, reason } of lines) {
    say(`would write: ${action} ${target}${reason === undefined ? '' : ` (${reason})`}`);
  }
  say(`${task} was rehearsed: ${lines.length} changes, all undone`);
}

function processorOf(task: TaskName) {
  return PROCESSORS[task] as (parts: WorkerParts, payload: unknown) => Promise<void>;
}
