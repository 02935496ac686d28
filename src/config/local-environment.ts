// What `npm start` tells its programs, for a command that is typed beside it: it stands in local.json while all of it
// runs. Given addresses always win; half of them are a mistake, and told as one.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from './references.ts';

const LOCAL_FILE = 'local.json';

interface Local {
  readonly pid?: number;
  readonly environment?: Environment;
}

/** The environment itself where it says which servers, else that of the product that runs here; or what is missing. */
export function environmentHere(
  env: Environment,
): { readonly variables: Environment } | { readonly problem: string } {
  if (isGiven(env, 'DATABASE_URL') || isGiven(env, 'REDIS_URL')) {
    return { variables: env };
  }
  const home = resolve(env['QUARTERMASTER_HOME'] ?? '.quartermaster');
  const local = readLocal(resolve(home, LOCAL_FILE));
  if (local?.environment === undefined || !isAlive(local.pid)) {
    return {
      problem: `Nothing runs in ${home} and DATABASE_URL is not set: run it where \`npm start\` runs, or with the environment of the deployment (DATABASE_URL, REDIS_URL, QUARTERMASTER_ADMIN_KEY, QUARTERMASTER_KEY_PEPPER, QUARTERMASTER_CONFIG)`,
    };
  }
  const given = Object.entries(env).filter(([name]) => isGiven(env, name));
  return { variables: { ...local.environment, ...Object.fromEntries(given) } };
}

function isGiven(env: Environment, name: string): boolean {
  return (env[name]?.trim() ?? '') !== '';
}

function readLocal(file: string): Local | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Local;
  } catch {
    return undefined;
  }
}

/** A supervisor that was killed leaves its file behind. */
function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process, which we may not signal, is one nevertheless.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
