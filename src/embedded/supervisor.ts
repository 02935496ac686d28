import path from 'node:path';
import { readEnvironment } from './environment.ts';
import { createScreen } from './supervisor/screen.ts';
import { ourPrograms } from './supervisor/settings.ts';
import { supervise } from './supervisor/supervise.ts';
import { messageOf } from './thrown.ts';

/** Runs the whole product on this machine: what `npm start` comes down to. */
async function main(): Promise<number> {
  const environment = readEnvironment();
  return supervise({
    environment,
    homeFolder: path.resolve(environment.home ?? '.quartermaster'),
    workFolder: process.cwd(),
    programs: ourPrograms,
    screen: createScreen(process.stdout.isTTY && !environment.noColor),
    mark: 'supervisor.ts',
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);
