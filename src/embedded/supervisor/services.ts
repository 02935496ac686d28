import path from 'node:path';
import type { EmbeddedServer } from '../embedded-server.ts';
import type { Environment } from '../environment.ts';
import type { Home, Secrets } from '../home.ts';
import { startPostgres } from '../postgres.ts';
import { startRedis } from '../redis.ts';
import { findRedisBinary } from '../redis/binary.ts';
import type { Ports } from '../start-ports.mjs';
import type { Running } from './child.ts';
import type { LogFile } from './log-file.ts';

const DATABASE = 'quartermaster';

export function postgresFolder(home: Home): string {
  return path.join(home.folder, 'postgres');
}

export function redisFolder(home: Home): string {
  return path.join(home.folder, 'redis');
}

/** A server, with the address that the product takes. */
export type RunningServer = Running & { readonly url: string };

/** Starts our own Postgres with everything safe on disk. */
export async function startOurPostgres(
  home: Home,
  ports: Ports,
  secrets: Secrets,
  log: LogFile,
): Promise<RunningServer> {
  const server = await startPostgres({
    dataFolder: postgresFolder(home),
    port: ports.postgres,
    password: secrets.postgresPassword,
    database: DATABASE,
    durable: true,
    onLine: log.write,
  });
  return asRunning(server);
}

/** Starts our own Redis, which flushes to disk every second; installs the program if need be. */
export async function startOurRedis(
  home: Home,
  ports: Ports,
  secrets: Secrets,
  log: LogFile,
  environment: Environment,
  report: (news: string) => void,
): Promise<RunningServer> {
  const server = await startRedis({
    binary: await findRedisBinary(environment.searchPath, report),
    dataFolder: redisFolder(home),
    port: ports.redis,
    password: secrets.redisPassword,
    appendOnly: true,
    fsync: 'everysec',
    onLine: log.write,
  });
  return asRunning(server);
}

function asRunning(server: EmbeddedServer): RunningServer {
  const { url, pid, ended, stop, force } = server;
  return { url, pid, ended, stop: async (timeoutMs) => stop(timeoutMs), force, message: null };
}
