// Servers that a person knows by name, with the keys that open them: one file, which nobody else may read.

import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Environment } from './references.ts';

export interface Profile {
  readonly url: string;
  readonly adminKey: string;
}

export interface Profiles {
  /** The one that is meant where nothing is said. */
  readonly current?: string;
  readonly byName: ReadonlyMap<string, Profile>;
}

/** The profiles of one user. */
export interface ProfileStore {
  read(): Profiles | { readonly problem: string };
  write(profiles: Profiles): void;
}

/** What others may do with a file, of its mode. */
const OTHERS = 0o077;
const OWNER_ALONE = 0o600;
const OWNER_ALONE_FOLDER = 0o700;

const FILE = z.strictObject({
  current: z.string().optional(),
  profiles: z.record(z.string(), z.strictObject({ url: z.url(), admin_key: z.string().min(1) })),
});

/** Where profiles are kept, by the XDG Base Directory rules: a relative folder counts as none. */
export function profilesFile(env: Environment): string {
  const wished = env['XDG_CONFIG_HOME'] ?? '';
  const folder = path.isAbsolute(wished) ? wished : path.join(env['HOME'] ?? homedir(), '.config');
  return path.join(folder, 'quartermaster', 'profiles.json');
}

/** None where there is no file; a problem where it can't be trusted or read. */
export function readProfiles(file: string): Profiles | { readonly problem: string } {
  let text: string;
  try {
    const mode = statSync(file).mode;
    // Windows keeps no such bits.
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      const octal = (mode & 0o777).toString(8);
      return {
        problem: `Reading profiles: others may open ${file}, which holds keys (mode ${octal}): chmod 600 ${file}`,
      };
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? { byName: new Map() }
      : { problem: `Reading profiles: ${(error as Error).message}` };
  }
  const read = FILE.safeParse(jsonIn(text));
  if (!read.success) {
    const [mistake] = read.error.issues;
    const place = mistake?.path.join('.') ?? '';
    return { problem: `Reading profiles: ${file}: ${place} ${mistake?.message ?? 'is not JSON'}` };
  }
  const { current, profiles } = read.data;
  const byName = new Map(
    Object.entries(profiles).map(([name, { url, admin_key: adminKey }]) => [
      name,
      { url, adminKey },
    ]),
  );
  return { ...(current === undefined ? {} : { current }), byName };
}

/** Writes all of them at once, so that a file is never half written, and never open to others. */
export function writeProfiles(file: string, { current, byName }: Profiles): void {
  const profiles = Object.fromEntries(
    [...byName].map(([name, { url, adminKey }]) => [name, { url, admin_key: adminKey }]),
  );
  const draft = `${file}.${process.pid}`;
  mkdirSync(path.dirname(file), { recursive: true, mode: OWNER_ALONE_FOLDER });
  writeFileSync(draft, `${JSON.stringify({ current, profiles }, null, 2)}\n`, {
    mode: OWNER_ALONE,
  });
  // A draft that was left over has the mode that it had.
  chmodSync(draft, OWNER_ALONE);
  renameSync(draft, file);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
