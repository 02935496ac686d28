import { access, constants, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../thrown.ts';
import { runProgram } from '../processes.ts';

/** Either speaks the same protocol and runs our scripts. */
const PROGRAMS = ['redis-server', 'valkey-server'];

/** Where package managers put servers, for a PATH that leaves some of it out. */
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/opt/homebrew/bin', '/snap/bin'];

/** Fetching package lists and one small package over a slow line. */
const INSTALL_TIMEOUT_MS = 180_000;

/** Debian asks it before a package may start its service. */
const POLICY_FILE = '/usr/sbin/policy-rc.d';

/**
 * Finds a Redis server program; installs Debian's where we are root and there is none.
 * @throws Error that says what to install when it cannot.
 */
export async function findRedisBinary(
  searchPath: string,
  report: (news: string) => void = () => undefined,
): Promise<string> {
  const found = await findOnPath(searchPath);
  if (found) {
    return found;
  }
  const apt = '/usr/bin/apt-get';
  const mayInstall = process.getuid?.() === 0 && (await isRunnable(apt));
  if (!mayInstall) {
    throw new Error(
      'Start Redis: there is no redis-server here, install it (Debian: apt-get install redis-server, ' +
        'macOS: brew install redis) or set REDIS_URL to a Redis of your own',
    );
  }
  report('installing redis-server with apt');
  await installByApt(apt);
  const installed = await findOnPath(searchPath);
  if (!installed) {
    throw new Error(
      'Start Redis: apt installed redis-server but it is not on the PATH, set REDIS_URL',
    );
  }
  return installed;
}

async function findOnPath(searchPath: string): Promise<string | null> {
  const folders = [...searchPath.split(path.delimiter).filter(Boolean), ...USUAL_FOLDERS];
  for (const program of PROGRAMS) {
    for (const folder of folders) {
      const file = path.join(folder, program);
      if (await isRunnable(file)) {
        return file;
      }
    }
  }
  return null;
}

async function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Installs the program alone: `policy-rc.d` keeps Debian from starting a service of its own. An old package
 * list is refreshed only when the first try fails, because that takes longer than the installation.
 */
async function installByApt(apt: string): Promise<void> {
  const install = ['install', '-y', '--no-install-recommends', 'redis-server'];
  const run = async (args: readonly string[]) =>
    runProgram('/usr/bin/env', ['DEBIAN_FRONTEND=noninteractive', apt, ...args], {
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
  const isOurPolicy = await forbidServiceStarts();
  try {
    await run(install).catch(async () => {
      await run(['update']);
      await run(install);
    });
  } catch (cause) {
    throw new Error(
      `Install redis-server: ${messageOf(cause)}\nInstall it by hand, or set REDIS_URL to a Redis of your own`,
      { cause },
    );
  } finally {
    if (isOurPolicy) {
      await rm(POLICY_FILE, { force: true });
    }
  }
}

/** @returns whether the policy is ours to remove: an existing one is the machine's owner's. */
async function forbidServiceStarts(): Promise<boolean> {
  try {
    await writeFile(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}
