// What Quartermaster costs a call, beside the same call made directly and through a pass-through that
// checks nothing. `npm run bench`, with `-- --json` for one JSON object as the last line, `-- --quick`,
// `-- --seconds 5 --rounds 5` for figures to lean on, `-- --profile <folder>` for CPU profiles.

import { callOf } from './calls.ts';
import type { Call, Kind } from './calls.ts';
import { shareCores } from './cores.ts';
import { watchBacklog } from './drained.ts';
import { startInstallation } from './installation.ts';
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
  const cores = await shareCores();
  say('Starting Postgres, Redis, upstream, bare pass-through, Quartermaster and worker');
  await using installation = await startInstallation(cores, options.profileFolder);
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
  const backlog = watchBacklog(installation.redisUrl, 'qm');
  try {
    const ways = waysOf(installation, teams, async () => backlog.drained());
    const plain = await measure(ways, 'plain', plan);
    const streaming = await measure(ways, 'streaming', plan);
    await checkCharges(installation, teams, answered);
    const calls = answered.reduce((sum, count) => sum + count, 0);
    for (const line of [...tableOf('Plain calls', plain), ...tableOf('Streams', streaming)]) {
      say(line);
    }
    say(`\nAll ${calls} calls through Quartermaster were answered, and charged exactly once.`);
    if (options.json) {
      say(jsonOf(plain, streaming));
    }
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

await main(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
