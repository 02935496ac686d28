/**
 * A PostgreSQL server of our own, from binaries that npm installed.
 *
 * States of the data folder: absent → being made (beside it, moved into place when whole) → there.
 * Trade-off: the server outlives a killed parent, so that no half-written page ever needs our help;
 * the next start ends it by its pid file. Invariants: loopback only, one server per data folder.
 */
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { codeOf, messageOf } from './thrown.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { dataElsewhere, findPostgresBinaries, reachableData } from './postgres/binaries.ts';
import type { PostgresBinaries } from './postgres/binaries.ts';
import { endLeftover, runProgram, startProgram, stopProgram } from './processes.ts';
import type { StartedProgram } from './processes.ts';

const USER = 'quartermaster';

/** Making a data folder takes a second; a cold, slow disk is given its time. */
const INIT_TIMEOUT_MS = 60_000;

/** Crash recovery reads the write-ahead log, which is bounded by `max_wal_size` (1 GB). */
const READY_TIMEOUT_MS = 60_000;

/** A fast shutdown writes a checkpoint; the whole product must be down in 10 s. */
const STOP_TIMEOUT_MS = 5_000;

/** Backends of a killed server let go of its shared memory within moments. */
const RETRY_PAUSE_MS = 150;

/** Each proxy, worker and bot holds a small pool; a few hundred is far above their sum. */
const MAX_CONNECTIONS = 200;

/** PostgreSQL's code for a password that is not the one it was made with. */
const WRONG_PASSWORD = '28P01';

export interface PostgresOptions {
  /** Where the data lives; made when absent. */
  readonly dataFolder: string;
  readonly port: number;
  readonly password: string;
  /** Created when absent. */
  readonly database: string;
  /** Off only where losing everything is fine (tests). */
  readonly durable: boolean;
  readonly onLine?: (line: string) => void;
}

/**
 * Starts the server on its data, recovering from any earlier crash, and makes sure the database exists.
 * @throws Error with what Postgres said when it cannot.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedServer> {
  const binaries = await findPostgresBinaries();
  const dataFolder = await reachableData(path.resolve(options.dataFolder), binaries.runAs);
  await endEarlierPostgres(dataFolder);
  await makeDataFolder(dataFolder, options, binaries);
  const program = await startOnData(dataFolder, options, binaries);
  const url = postgresUrl(options.port, options.password, options.database);
  try {
    await ensureDatabase(options);
  } catch (error) {
    await stopProgram(program, 'SIGINT', STOP_TIMEOUT_MS);
    throw error;
  }
  return {
    url,
    port: options.port,
    pid: program.pid,
    ended: program.ended,
    stop: (timeoutMs = STOP_TIMEOUT_MS) => stopProgram(program, 'SIGINT', timeoutMs),
    // Without a checkpoint, yet with its helpers told to go; the next start recovers.
    force: () => void program.child.kill('SIGQUIT'),
  };
}

/** The address of a database on our own server. */
function postgresUrl(port: number, password: string, database: string): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Ends the server that still runs on this data folder, left by a killed parent. A pid file whose server is
 * gone is removed: its number may belong to a stranger by now, and Postgres would wait for that one.
 */
export async function endEarlierPostgres(dataFolder: string): Promise<void> {
  const folder = path.resolve(dataFolder);
  for (const place of [folder, dataElsewhere(folder)]) {
    const pidFile = path.join(place, 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8').catch(() => '');
    const pid = Number(text.split('\n')[0]);
    if (pid > 0) {
      await endLeftover(pid, place, 'SIGINT', STOP_TIMEOUT_MS);
      await rm(pidFile, { force: true });
    }
  }
}

async function makeDataFolder(
  folder: string,
  options: PostgresOptions,
  binaries: PostgresBinaries,
): Promise<void> {
  if (await stat(path.join(folder, 'PG_VERSION')).catch(() => null)) {
    return;
  }
  const draft = `${folder}.being-made`;
  const passwordFile = `${folder}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if ('uid' in binaries.runAs) {
    await chown(draft, binaries.runAs.uid, binaries.runAs.gid);
    await chown(passwordFile, binaries.runAs.uid, binaries.runAs.gid);
  }
  const flags = [
    `--pgdata=${draft}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...(options.durable ? [] : ['--no-sync']),
  ];
  try {
    await runProgram(binaries.initdb, flags, { runAs: binaries.runAs, timeoutMs: INIT_TIMEOUT_MS });
    await rename(draft, folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function startOnData(
  dataFolder: string,
  options: PostgresOptions,
  binaries: PostgresBinaries,
): Promise<StartedProgram> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${MAX_CONNECTIONS}`,
    'lc_messages=C',
    'log_min_messages=warning',
    ...(options.durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const args = ['-D', dataFolder, '-p', String(options.port)];
  const program = {
    name: 'Postgres',
    file: binaries.postgres,
    args: [...args, ...settings.flatMap((setting) => ['-c', setting])],
    runAs: binaries.runAs,
    readyLine: 'database system is ready to accept connections',
    timeoutMs: READY_TIMEOUT_MS,
    ...(options.onLine && { onLine: options.onLine }),
  };
  const until = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await startProgram(program);
    } catch (error) {
      if (!isHeldByTheDying(messageOf(error)) || Date.now() > until) {
        throw error;
      }
      await pause(RETRY_PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

/** The backends of a killed server are still going: the wish is fine, the moment is not. */
function isHeldByTheDying(message: string): boolean {
  return message.includes('pre-existing shared memory block');
}

async function ensureDatabase(options: PostgresOptions): Promise<void> {
  const client = new Client({
    connectionString: postgresUrl(options.port, options.password, 'postgres'),
    connectionTimeoutMillis: STOP_TIMEOUT_MS,
  });
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [
      options.database,
    ]);
    if (found.rowCount === 0) {
      await client.query(`create database ${client.escapeIdentifier(options.database)}`);
    }
  } catch (error) {
    const cure =
      codeOf(error) === WRONG_PASSWORD
        ? `put back the secrets.json that belongs to ${options.dataFolder}, or move that folder away to start empty`
        : 'see its log';
    throw new Error(`Open Postgres: ${messageOf(error)}; ${cure}`, { cause: error });
  } finally {
    await client.end();
  }
}
