import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { readEnvironment } from '../../src/embedded/environment.ts';
import { generateClient } from '../../src/embedded/generate-client.mjs';
import { migrate } from '../../src/embedded/migrate.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { endEarlierPostgres, startPostgres } from '../../src/embedded/postgres.ts';
import { commandOf } from '../../src/embedded/command-of.mjs';
import { findRedisBinary } from '../../src/embedded/redis/binary.ts';
import { endEarlierRedis, startRedis } from '../../src/embedded/redis.ts';

const PREFIX = 'quartermaster-test-';
const PASSWORD = 'for-tests';

export interface ServicesForTests {
  /** The maintenance database, from which `createTestDatabase` makes the others. */
  readonly adminDatabaseUrl: string;
  /** The migrated database that the others are copies of. */
  readonly template: string;
  readonly redisUrl: string;
  /** Whether Redis is ours alone and so has a database number for every test. */
  readonly redisIsOurs: boolean;
  /** For tests that start a Redis of their own. */
  readonly redisBinary: string | null;
}

declare module 'vitest' {
  export interface ProvidedContext {
    services: ServicesForTests;
  }
}

/**
 * Starts one Postgres with a migrated template and one Redis for all tests (or takes those of
 * DATABASE_URL and REDIS_URL); everything is gone afterwards.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = readEnvironment();
  generateClient();
  await sweepKilledRuns();
  const folder = await mkdtemp(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Postgres runs as another user when we are root, and must get through to its data.
  await chmod(folder, 0o755);
  const redisBinary = await findRedisBinary(environment.searchPath).catch(() => null);
  const opening = [
    openDatabase(environment.databaseUrl, folder),
    openRedis(environment.redisUrl, folder, environment.searchPath),
  ] as const;
  const close = async () => {
    const opened = await Promise.allSettled(opening);
    const closing = opened.flatMap((each) =>
      each.status === 'fulfilled' ? [each.value.close()] : [],
    );
    await Promise.all(closing);
    await rm(folder, { recursive: true, force: true });
  };
  const [database, redis] = await Promise.all(opening).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  project.provide('services', {
    adminDatabaseUrl: database.url,
    template: database.template,
    redisUrl: redis.url,
    redisIsOurs: environment.redisUrl === null,
    redisBinary,
  });
  return close;
}

async function openDatabase(given: string | null, folder: string) {
  if (given !== null) {
    const template = `qm_template_${process.pid}`;
    await runSql(given, `create database ${template}`);
    await migrate(withDatabase(given, template));
    const close = () => runSql(given, `drop database ${template}`);
    return { url: given, template, close };
  }
  const template = 'qm_template';
  const server = await startPostgres({
    dataFolder: path.join(folder, 'postgres'),
    port: await freePort(),
    password: PASSWORD,
    database: template,
    durable: false,
  });
  await migrate(server.url).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return { url: withDatabase(server.url, 'postgres'), template, close: () => server.stop() };
}

async function openRedis(given: string | null, folder: string, searchPath: string) {
  if (given !== null) {
    return { url: given, close: async () => undefined };
  }
  const server = await startRedis({
    binary: await findRedisBinary(searchPath),
    dataFolder: path.join(folder, 'redis'),
    port: await freePort(),
    password: PASSWORD,
    appendOnly: false,
    fsync: 'no',
  });
  return { url: server.url, close: () => server.stop() };
}

/** Ends and removes what runs that were killed before their teardown left in the temporary folder. */
async function sweepKilledRuns(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const runner = Number(name.slice(PREFIX.length).split('-')[0]);
    if ((await commandOf(runner)) === null) {
      const folder = path.join(tmpdir(), name);
      await endEarlierPostgres(path.join(folder, 'postgres'));
      await endEarlierRedis(path.join(folder, 'redis'));
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The same server's address with another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
