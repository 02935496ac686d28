import type { Home, RunningProcess } from '../home.ts';
import { endEarlierPostgres } from '../postgres.ts';
import { endLeftover } from '../processes.ts';
import { endEarlierRedis } from '../redis.ts';
import { postgresFolder, redisFolder } from './services.ts';

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
