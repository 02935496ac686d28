import type { Environment } from '../environment.ts';
import type { Home, RunningProcess } from '../home.ts';
import { isPortFree, ownerOfPort } from '../ports.ts';
import { endEarlierPostgres } from '../postgres.ts';
import { endLeftover } from '../processes.ts';
import { endEarlierRedis } from '../redis.ts';
import { postgresFolder, redisFolder } from './services.ts';
import type { Ports } from './settings.ts';

/** Children of a killed supervisor end by themselves; those that hang get this long. */
const LEFTOVER_TIMEOUT_MS = 5_000;

/** Ends what a killed run left behind: its children by their pids, the servers by their own pid files. */
export async function endLeftovers(
  home: Home,
  leftovers: readonly RunningProcess[],
): Promise<string[]> {
  const ended: string[] = [];
  // The servers have signals and pid files of their own.
  const programs = leftovers.filter(({ role }) => role !== 'postgres' && role !== 'redis');
  const children = programs.map(async ({ role, pid, mark }) => {
    if (await endLeftover(pid, mark, 'SIGTERM', LEFTOVER_TIMEOUT_MS)) {
      ended.push(role);
    }
  });
  await Promise.all(children);
  await Promise.all([endEarlierPostgres(postgresFolder(home)), endEarlierRedis(redisFolder(home))]);
  return ended;
}

/** @throws Error that names each port that is taken, by whom, and how to choose others. */
export async function requireFreePorts(ports: Ports, given: Environment): Promise<void> {
  const needed = [
    { port: ports.proxy, use: 'proxy and API' },
    ...(given.slackBotToken === null ? [{ port: ports.workspace, use: 'Slack workspace' }] : []),
    { port: ports.provider, use: 'demo provider' },
    ...(given.databaseUrl === null ? [{ port: ports.postgres, use: 'Postgres' }] : []),
    ...(given.redisUrl === null ? [{ port: ports.redis, use: 'Redis' }] : []),
  ];
  const taken: string[] = [];
  for (const { port, use } of needed) {
    if (!(await isPortFree(port))) {
      const owner = (await ownerOfPort(port)) ?? 'a process of somebody else';
      taken.push(`port ${port} (${use}) is taken by ${owner}`);
    }
  }
  if (taken.length > 0) {
    throw new Error(
      `Start: ${taken.join('; ')}. End that, or choose five other ports: QUARTERMASTER_PORT=5000 npm start`,
    );
  }
}
