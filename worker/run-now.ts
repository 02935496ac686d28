// `npm run worker:run`: says how it is used, and lists the tasks. `npm run worker:run <task>` runs one now, in this process, beside whatever
// workers run; with `-- --dry-run` it says what the task would do, and does nothing. A task that needs one gets its
// payload by `-- --payload '{"proposalId": "…"}'`.

import { z } from 'zod';
import { isTaskName, TASK_NAMES, taskKind } from '../src/queue/tasks.ts';
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
  const payload = taskKind(name).payload.safeParse(parsed(values.payload));
  if (payload.success) {
    await command('worker:run', async (services) => {
      if (values['dry-run']) {
        const lines = await dryRun(services, name, payload.data);
        lines.forEach(say);
        say(`${name}: ${lines.length === 0 ? 'nothing to do' : 'nothing was changed'}`);
      } else {
        await runHere(services, name, payload.data);
        say(`${name} is done`);
      }
    });
  } else {
    say(`Running ${name}: its payload is wrong, give it by --payload '{…}'`);
    say(z.prettifyError(payload.error));
    process.exitCode = 1;
  }
} else {
  say(`Running a task: there is no task "${name}", give one of ${TASK_NAMES.join(', ')}`);
  process.exitCode = 1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
