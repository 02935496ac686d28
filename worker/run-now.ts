// `npm run worker:run`: says how it is used, and lists the tasks. `npm run worker:run <task>` runs one now, in this process, beside whatever
// workers run; with `-- --dry-run` it says what the task would do, and does nothing. A task that needs one gets its
// payload by `-- --payload '{"proposalId": "…"}'`.

import { z } from 'zod';
import { isTaskName, TASK_NAMES, taskKind } from '../src/queue/tasks.ts';
import type { TaskName } from '../src/queue/tasks.ts';
import type { Services } from '../src/services.ts';
import { argumentsFor, command, say } from './command.ts';
import { dryRun, runHere } from './dry-run.ts';
import { taskList } from './task-list.ts';

/** Above the list of tasks. */
const HELP = [
  'npm run worker:run <task>                            runs it once, now, beside whatever workers run',
  'npm run worker:run <task> -- --dry-run               says what it would do, and changes nothing',
  "npm run worker:run carry-proposal -- --payload '{…}'  where a task is about one thing",
  '',
];

const { values, positionals } = argumentsFor('worker:run', {
  allowPositionals: true,
  options: {
    'dry-run': { type: 'boolean', default: false },
    payload: { type: 'string', default: '{}' },
    help: { type: 'boolean', default: false },
  },
});
const [name] = positionals;
if (name === undefined || values.help) {
  HELP.forEach(say);
  taskList().forEach(say);
} else if (isTaskName(name)) {
  const given = parsed(values.payload);
  const payload = taskKind(name).payload.safeParse(given);
  if (payload.success) {
    await command('worker:run', async (services) => runOnce(services, name, payload.data), 'info');
  } else {
    say(`Running ${name}: its payload is wrong, give it by --payload '{…}'`);
    say(given === undefined ? '✖ It is no JSON' : z.prettifyError(payload.error));
    process.exitCode = 1;
  }
} else {
  say(
    `Running a task: there is no task "${name}" to be run by hand, give one of ${TASK_NAMES.join(', ')}. ` +
      'What workers do all the time, such as the drain, is not among them.',
  );
  process.exitCode = 1;
}

/** What the task finds stands in the log, which is told with it. */
async function runOnce(services: Services, task: TaskName, payload: unknown): Promise<void> {
  if (values['dry-run']) {
    const lines = await dryRun(services, task, payload);
    lines.forEach(say);
    say(`${task}: ${lines.length === 0 ? 'nothing to do' : 'nothing was changed'}`);
  } else {
    await runHere(services, task, payload);
    say(`${task} is done`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
