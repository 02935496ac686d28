// What every command of an operator begins with: the services of the deployment that the environment names, or of the
// product that `npm start` runs here. What stands in the way is one line.

import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { loadConfigHere } from '../src/config.ts';
import type { LogLevel } from '../src/config/environment.ts';
import { ConfigError } from '../src/config/problems.ts';
import { Fault } from '../src/core/faults.ts';
import { openServices } from '../src/services.ts';
import type { Services } from '../src/services.ts';

/** Does it with all services; answers by the exit code and on standard error where it can't. */
export async function command(
  name: string,
  work: (services: Services) => Promise<void>,
  logLevel?: LogLevel,
): Promise<void> {
  try {
    await using services = await openServices(loadConfigHere(logLevel));
    await work(services);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof Fault)) {
      throw error;
    }
    process.stderr.write(`${name}: ${error.message.replaceAll(/:?\s*\n\s*/g, '; ')}\n`);
    process.exitCode = 1;
  }
}

/** Says a line of the answer. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a command line holds; ends the process with one line where it can't be read. */
export function argumentsFor<const Wish extends ParseArgsConfig>(name: string, wish: Wish) {
  try {
    return parseArgs(wish);
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exit(1);
  }
}
