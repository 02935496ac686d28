// Where a command line finds its server, and the key that opens it: in the environment, else in what
// `npm start` left in its folder. A key is never an argument, because every user of a machine sees those.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Environment } from './references.ts';

export interface ServerAddress {
  readonly url: string;
  readonly adminKey: string;
}

const LOCAL_FILE = 'local.json';

/** Answers what is missing where it can't be found. */
export function readServerAddress(
  env: Environment,
  urlWish?: string,
): ServerAddress | { readonly problem: string } {
  const home = resolve(env['QUARTERMASTER_HOME'] ?? '.quartermaster');
  const local = readLocal(resolve(home, LOCAL_FILE));
  const url = urlWish ?? env['QUARTERMASTER_URL'] ?? local?.url;
  const adminKey =
    env['QUARTERMASTER_ADMIN_KEY'] ?? (urlWish === undefined ? local?.adminKey : undefined);
  if (url === undefined || !URL.canParse(url)) {
    return {
      problem: `Finding the server: there is no ${LOCAL_FILE} in ${home}, run it where \`npm start\` runs or set QUARTERMASTER_URL`,
    };
  }
  if (adminKey === undefined || adminKey.trim() === '') {
    return { problem: `Finding a key for ${url}: set QUARTERMASTER_ADMIN_KEY` };
  }
  return { url: url.replace(/\/+$/, ''), adminKey: adminKey.trim() };
}

function readLocal(file: string): { url?: string; adminKey?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { url?: string; adminKey?: string };
  } catch {
    return undefined;
  }
}
