// Where a command line finds its server, and the key that opens it: in a profile that is named, the environment, the
// profile in use, else in what `npm start` left in its folder. A key is never an argument, because every user of a
// machine sees those.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { profilesFile, readProfiles } from './profiles.ts';
import type { Environment } from './references.ts';

export interface ServerAddress {
  readonly url: string;
  readonly adminKey: string;
}

type Found = ServerAddress | { readonly problem: string };

/** What was said on the command line. */
export interface ServerWish {
  readonly url?: string | undefined;
  readonly profile?: string | undefined;
}

const LOCAL_FILE = 'local.json';

/** Answers what is missing where it can't be found. */
export function readServerAddress(env: Environment, wish: ServerWish = {}): Found {
  const given = env['QUARTERMASTER_URL'];
  if (wish.url !== undefined && wish.profile !== undefined) {
    return { problem: 'Finding the server: say --server or --profile, not both' };
  }
  if (wish.url !== undefined || (wish.profile === undefined && given !== undefined)) {
    return addressFrom(wish.url ?? given, env['QUARTERMASTER_ADMIN_KEY']);
  }
  const named = wish.profile ?? env['QUARTERMASTER_PROFILE'];
  return profileNamed(env, named) ?? localAddress(env);
}

/** The profile of that name, or the one in use; undefined where there is neither a name nor one in use. */
function profileNamed(env: Environment, wished: string | undefined): Found | undefined {
  const file = profilesFile(env);
  const profiles = readProfiles(file);
  if ('problem' in profiles) {
    return profiles;
  }
  const name = wished ?? profiles.current;
  if (name === undefined) {
    return undefined;
  }
  const profile = profiles.byName.get(name);
  const known = [...profiles.byName.keys()].join(', ') || 'none';
  return profile === undefined
    ? {
        problem: `Finding the server: there is no profile "${name}" in ${file} (${known}), see \`quartermaster profile add\``,
      }
    : addressFrom(profile.url, profile.adminKey);
}

function localAddress(env: Environment): Found {
  const home = resolve(env['QUARTERMASTER_HOME'] ?? '.quartermaster');
  const local = readLocal(resolve(home, LOCAL_FILE));
  return local?.url === undefined
    ? {
        problem: `Finding the server: there is no ${LOCAL_FILE} in ${home}, run it where \`npm start\` runs, set QUARTERMASTER_URL, or see \`quartermaster profile add\``,
      }
    : addressFrom(local.url, env['QUARTERMASTER_ADMIN_KEY'] ?? local.adminKey);
}

function addressFrom(url: string | undefined, adminKey: string | undefined): Found {
  if (url === undefined || !URL.canParse(url)) {
    return { problem: `Finding the server: "${url ?? ''}" is no URL` };
  }
  return adminKey === undefined || adminKey.trim() === ''
    ? {
        problem: `Finding a key for ${url}: set QUARTERMASTER_ADMIN_KEY, or see \`quartermaster profile add\``,
      }
    : { url: url.replace(/\/+$/, ''), adminKey: adminKey.trim() };
}

function readLocal(file: string): { url?: string; adminKey?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { url?: string; adminKey?: string };
  } catch {
    return undefined;
  }
}
