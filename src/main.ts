import { runRoles } from './roles.ts';

await runRoles(process.argv.slice(2));
