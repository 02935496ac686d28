// What Quartermaster costs a call, beside the same call made directly and through a pass-through that
// checks nothing. `npm run bench`, with `-- --json` for one JSON object as the last line, `-- --quick`,
// `-- --seconds 5 --rounds 5` for figures to lean on, `-- --profile <folder>` for CPU profiles.

import { callOf } from './calls.ts';
import type { Call, Kind } from './calls.ts';
import { shareCores } from './cores.ts';
import type { Cores } from './cores.ts';
import { watchBacklog } from './drained.ts';
import { GATE_NAMESPACE, startInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { measure } from './measure.ts';
import type { Plan, Way } from './measure.ts';
import { readOptions } from './options.ts';
import type { Options } from './options.ts';
import { jsonOf, tableOf } from './report.ts';
import { checkCharges, createTeams } from './teams.ts';
import type { Team } from './teams.ts';

const say = (line: string): void => console.log(line);
const nothing = async (): Promise<undefined> => undefined;

async function main(options: Options): Promise<void> {
  const stopped = stopSignal();
  const cores = await shareCores();
  say('Starting Postgres, Redis, upstream, bare pass-through, Quartermaster and worker');
  await using installation = await startInstallation(cores, options.profileFolder);
  const measured = await Promise.race([measureAll(installation, cores, options), stopped]);
  for (const line of measured) {
    say(line);
  }
}

/** Rejects when somebody wants us to stop: then all that was started is stopped first. */
async function stopSignal(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`Stopped by ${signal}`)));
  }
  return promise;
}

/** The lines to print at the end; throws if any call was answered wrongly or charged wrongly. */
async function measureAll(
  installation: Installation,
  cores: Cores,
  options: Options,
): Promise<string[]> {
  const teams = await createTeams(installation);
  say(`Ready: ${cores.description}; ${teams.length} teams in ${teams.length / 2} organizations`);
  const answered = teams.map(() => 0);
  const plan: Plan = {
    ...options,
    say,
    onAnswered(way, counts) {
      for (const [at, count] of counts.entries()) {
        answered[at] = (answered[at] ?? 0) + (way.name === 'quartermaster' ? count : 0);
      }
    },
  };
  const backlog = watchBacklog(installation.redisUrl, GATE_NAMESPACE);
  try {
    const ways = waysOf(installation, teams, async () => backlog.drained());
    const plain = await measure(ways, 'plain', plan);
    const streaming = await measure(ways, 'streaming', plan);
    await checkCharges(installation, teams, answered);
    const calls = answered.reduce((sum, count) => sum + count, 0);
    return [
      ...tableOf('Plain calls', plain),
      ...tableOf('Streams', streaming),
      `\nAll ${calls} calls through Quartermaster were answered, and charged exactly once.`,
      ...(options.json ? [jsonOf(plain, streaming)] : []),
    ];
  } finally {
    backlog.close();
  }
}

/** The same calls each way; only Quartermaster looks at whose they are. */
function waysOf(
  { upstreamPort, bare, quartermaster, port }: Installation,
  teams: readonly Team[],
  drained: () => Promise<void>,
): Way[] {
  const ofKind = (kind: Kind): Call[] => teams.map(({ secretKey }) => callOf(kind, secretKey));
  const calls = { plain: ofKind('plain'), streaming: ofKind('streaming') };
  return [
    { name: 'direct', port: upstreamPort, calls, cpuMs: nothing, settle: nothing },
    { name: 'bare', port: bare.port, calls, cpuMs: bare.cpuMs, settle: nothing },
    { name: 'quartermaster', port, calls, cpuMs: quartermaster.cpuMs, settle: drained },
  ];
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// After a failure, connections and timers of the load may still be there.
process.exit();
