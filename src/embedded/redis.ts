/**
 * A Redis server of our own, from a program on the PATH.
 *
 * States of the data folder: absent → redis.conf written at every start → append-only file beside it.
 * Trade-off: `everysec` may lose the last second when the machine dies, which the design allows for;
 * a killed process alone loses nothing that reached the kernel. Invariants: loopback only, a password
 * that stands in no command line, nothing is ever evicted, one server per data folder.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EmbeddedServer } from './embedded-server.ts';
import { endLeftover, startProgram, stopProgram } from './processes.ts';

/** Loading an append-only file of some gigabytes takes this long at worst. */
const READY_TIMEOUT_MS = 60_000;

/** A stop writes what is buffered; the whole product must be down in 10 s. */
const STOP_TIMEOUT_MS = 5_000;

/** Tests take a database number each; an empty one costs a few hundred bytes. */
const DATABASES = 1024;

export interface RedisOptions {
  /** The program, as `findRedisBinary` found it. */
  readonly binary: string;
  readonly dataFolder: string;
  readonly port: number;
  /** Letters, digits, `-` and `_` only, so that it can stand in a URL and in redis.conf as it is. */
  readonly password: string;
  readonly appendOnly: boolean;
  readonly fsync: 'always' | 'everysec' | 'no';
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the server on its data, ending one that a killed parent left running on it.
 * @throws Error with what Redis said when it cannot.
 */
export async function startRedis(options: RedisOptions): Promise<EmbeddedServer> {
  const dataFolder = path.resolve(options.dataFolder);
  const configFile = configFileIn(dataFolder);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await endEarlierRedis(dataFolder);
  // Removed first: the mode is only given to a file that is made anew.
  await rm(configFile, { force: true });
  await writeFile(configFile, redisConfig(options, dataFolder), { mode: 0o600 });
  const program = await startProgram({
    name: 'Redis',
    file: options.binary,
    args: [configFile],
    readyLine: 'Ready to accept connections',
    timeoutMs: READY_TIMEOUT_MS,
    ...(options.onLine && { onLine: options.onLine }),
  });
  return {
    url: `redis://:${options.password}@127.0.0.1:${options.port}`,
    port: options.port,
    pid: program.pid,
    ended: program.ended,
    stop: (timeoutMs = STOP_TIMEOUT_MS) => stopProgram(program, 'SIGTERM', timeoutMs),
    force: () => void program.child.kill('SIGKILL'),
  };
}

function configFileIn(dataFolder: string): string {
  return path.join(dataFolder, 'redis.conf');
}

function redisConfig(options: RedisOptions, dataFolder: string): string {
  return [
    'bind 127.0.0.1',
    `port ${options.port}`,
    `requirepass ${options.password}`,
    `dir "${dataFolder}"`,
    `pidfile "${path.join(dataFolder, 'redis.pid')}"`,
    // The command line then keeps the path of this file, by which a leftover is told from a stranger.
    'set-proc-title no',
    `appendonly ${options.appendOnly ? 'yes' : 'no'}`,
    `appendfsync ${options.fsync}`,
    'save ""',
    // An evicted balance would be money lost: better to refuse the write.
    'maxmemory-policy noeviction',
    `databases ${DATABASES}`,
    'daemonize no',
    'logfile ""',
    '',
  ].join('\n');
}

/** Ends the server that still runs on this data folder, left by a killed parent. */
export async function endEarlierRedis(folder: string): Promise<void> {
  const dataFolder = path.resolve(folder);
  const pid = Number(await readFile(path.join(dataFolder, 'redis.pid'), 'utf8').catch(() => ''));
  if (pid > 0) {
    await endLeftover(pid, configFileIn(dataFolder), 'SIGTERM', STOP_TIMEOUT_MS);
  }
}
