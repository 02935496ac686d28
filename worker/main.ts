import { constants, setPriority } from 'node:os';
import { runRoles } from '../src/roles.ts';

// What the worker does can wait for a moment; calls and Redis on the same machine cannot.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

await runRoles(['--roles', 'worker']);
