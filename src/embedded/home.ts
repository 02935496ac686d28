/**
 * The folder that a fresh machine's data lives in.
 *
 * secrets.json  passwords and keys, made once, 0600
 * run.json      who runs here: the supervisor's pid and those of its children, 0600
 * local.json    where the running product is, how to enter, and what its programs were told, 0600; there only while it is ready
 * postgres/ redis/ logs/ workspace.json
 */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandOf } from './command-of.mjs';
import { codeOf } from './thrown.ts';

/** Entered but not listed by others: Postgres runs as another user when we are root. */
const HOME_MODE = 0o711;
const PRIVATE_FOLDER_MODE = 0o700;
const PRIVATE_FILE_MODE = 0o600;

const SECRET_BYTES = 24;

export interface Home {
  readonly folder: string;
  readonly logs: string;
  readonly localFile: string;
  readonly runFile: string;
}

export interface Secrets {
  readonly postgresPassword: string;
  readonly redisPassword: string;
  readonly adminKey: string;
  readonly keyPepper: string;
  readonly providerKey: string;
}

/** Makes the folder if need be. @throws Error that says why it cannot be used. */
export async function openHome(folder: string): Promise<Home> {
  const home = {
    folder,
    logs: path.join(folder, 'logs'),
    localFile: path.join(folder, 'local.json'),
    runFile: path.join(folder, 'run.json'),
  };
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, HOME_MODE);
    await mkdir(home.logs, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  } catch (cause) {
    const reason = codeOf(cause) ?? 'it cannot be made';
    throw new Error(`Open ${folder}: ${reason}, set QUARTERMASTER_HOME to a folder of your own`, {
      cause,
    });
  }
  return home;
}

/** Reads the secrets and makes those that are not there yet. */
export async function readSecrets(home: Home): Promise<Secrets> {
  const file = path.join(home.folder, 'secrets.json');
  const kept = await readJson<Partial<Secrets>>(file);
  const secrets = {
    postgresPassword: kept?.postgresPassword ?? randomSecret(),
    redisPassword: kept?.redisPassword ?? randomSecret(),
    adminKey: kept?.adminKey ?? `sk-admin-${randomSecret()}`,
    keyPepper: kept?.keyPepper ?? randomSecret(),
    providerKey: kept?.providerKey ?? `sk-demo-${randomSecret()}`,
  };
  if (JSON.stringify(secrets) !== JSON.stringify(kept)) {
    await writePrivately(file, secrets);
  }
  return secrets;
}

function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Writes JSON so that a reader sees the old text or the new, never half, and only its owner may read. */
export async function writePrivately(file: string, value: unknown): Promise<void> {
  const draft = await writeDraft(file, value);
  await rename(draft, file);
}

async function writeDraft(file: string, value: unknown): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: PRIVATE_FILE_MODE });
  return draft;
}

/** @returns null when the file is not there. @throws Error when it is there and is no JSON. */
export async function readJson<Value>(file: string): Promise<Value | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  });
  if (text === null) {
    return null;
  }
  try {
    return JSON.parse(text) as Value;
  } catch (cause) {
    throw new Error(`Read ${file}: it is not JSON, mend it or remove it`, { cause });
  }
}

/** One process that this home started: `mark` stands in its command line as long as it is that process. */
export interface RunningProcess {
  readonly role: string;
  readonly pid: number;
  readonly mark: string;
}

export interface Run {
  readonly pid: number;
  /** Stands in the supervisor's command line. */
  readonly mark: string;
  readonly url: string;
  readonly processes: readonly RunningProcess[];
}

/**
 * Takes the home for this process, or says who has it. Two that start at the same moment cannot both
 * get it: the file is put in place whole, and only where there is none.
 * @returns the other run when it lives; else null, with what a killed run left in `leftovers`.
 */
export async function claimHome(
  home: Home,
  run: Run,
): Promise<{ other: Run | null; leftovers: readonly RunningProcess[] }> {
  let leftovers: readonly RunningProcess[] = [];
  const draft = await writeDraft(home.runFile, run);
  try {
    for (;;) {
      try {
        await link(draft, home.runFile);
        return { other: null, leftovers };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') {
          throw error;
        }
      }
      const other = await readJson<Run>(home.runFile);
      if (other && (await commandOf(other.pid))?.includes(other.mark)) {
        return { other, leftovers: [] };
      }
      leftovers = other?.processes ?? leftovers;
      await rm(home.runFile, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}
