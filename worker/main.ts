import { runRoles } from '../src/roles.ts';

await runRoles(['--roles', 'worker']);
