import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../../src/embedded/ports.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import type { PostgresOptions } from '../../src/embedded/postgres.ts';
import { runSql, withDatabase } from './services-for-tests.ts';

export interface TestDatabase {
  readonly url: string;
  /** Ends the connections that are still open, too. */
  readonly drop: () => Promise<void>;
}

let count = 0;

/** A migrated, empty database of this test's own. Drop it in `afterAll` or `afterEach`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminDatabaseUrl, template } = inject('services');
  const name = `qm_test_${process.pid}_${Date.now().toString(36)}_${(count += 1)}`;
  await runSql(adminDatabaseUrl, `create database ${name} template ${template}`);
  return {
    url: withDatabase(adminDatabaseUrl, name),
    drop: () => runSql(adminDatabaseUrl, `drop database if exists ${name} with (force)`),
  };
}

export interface OwnServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Kills it without warning, as a crash would, and waits until it is gone. */
  readonly kill9: () => Promise<void>;
  /** Starts it again on the same port and data, after `kill9` or while it runs (then it is stopped first). */
  readonly restart: () => Promise<void>;
  /** Stops it and removes its data. */
  readonly stop: () => Promise<void>;
}

/** A Postgres that a test may kill. Its database `own` is empty: migrate it. */
export async function startOwnPostgres(
  settings: Partial<Pick<PostgresOptions, 'durable' | 'onLine'>> = {},
): Promise<OwnServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-own-postgres-'));
  await chmod(folder, 0o755);
  const options = {
    dataFolder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: 'for-tests',
    database: 'own',
    durable: true,
    ...settings,
  };
  return ownServer(folder, () => startPostgres(options));
}

/** What `startOwnPostgres` and `startOwnRedis` share. */
export async function ownServer(
  folder: string,
  start: () => ReturnType<typeof startPostgres>,
): Promise<OwnServer> {
  let server = await start();
  return {
    url: server.url,
    port: server.port,
    get pid() {
      return server.pid;
    },
    async kill9() {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
