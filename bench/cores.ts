// Which core runs what. The process under test has one to itself; all that surrounds it (load generator,
// upstream, Redis, Postgres, worker) shares the others, so that a figure is one core's work.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Cores {
  /** The command that the process under test is started by; empty where nothing can be pinned. */
  readonly pinned: readonly string[];
  readonly description: string;
}

/** Moves this process, and so all that it starts, off the first core; the rest is told in words. */
export async function shareCores(): Promise<Cores> {
  const cores = await allowedCores();
  const [first, ...others] = cores;
  if (first === undefined || others.length === 0) {
    const why = cores.length === 1 ? 'there is one core' : 'there is no taskset';
    return { pinned: [], description: `nothing is pinned, because ${why}` };
  }
  await run('taskset', ['-a', '-c', '-p', others.join(','), String(process.pid)]);
  return {
    pinned: ['taskset', '-c', String(first)],
    description: `the process under test alone on core ${first}, all else on ${others.join(', ')}`,
  };
}

async function allowedCores(): Promise<number[]> {
  try {
    const { stdout } = await run('taskset', ['-c', '-p', String(process.pid)]);
    return coresIn(stdout.slice(stdout.lastIndexOf(':') + 1).trim());
  } catch {
    return [];
  }
}

/** Reads `0-2,5`. */
function coresIn(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}
