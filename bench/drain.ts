// The drain: how many usage events a worker writes in a second, with roll-ups and ledger, and what that takes of each
// process; then a backlog worked off beside calls, and how many fewer of them are admitted meanwhile.
// `npm run bench:drain`, with `-- --events 200000`, `-- --backlog 1000000`, `-- --teams 200`, `-- --json` for one JSON
// object as the last line. On a machine that does something else, trust the ratio and the µs, not events a second.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDrainer } from '../src/storage/drainer.ts';
import { admissionsPerSecond } from './admissions.ts';
import { cpuMsOf, fillStream, makeCustomers, startScene } from './drain-scene.ts';
import type { Customer, DrainScene } from './drain-scene.ts';

const KEYS_PER_TEAM = 5;
/** Calls alone, then calls beside the drain: short and long enough for the drain to get ahead. */
const ALONE_MS = 2_000;
const BESIDE_MS = 8_000;
const SPEED_ROUNDS = 4;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    backlog: { type: 'string', default: '1000000' },
    teams: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});

interface Speed {
  readonly eventsPerSecond: number;
  /** Of processor time, for each event. */
  readonly workerMicroseconds: number;
  readonly postgresMicroseconds: number;
  readonly redisMicroseconds: number;
  readonly memoryMib: number;
}

interface Beside {
  readonly backlog: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly admissionsAlone: number;
  readonly admissionsBeside: number;
  /** Median over all windows of admissions beside the drain, against those of the window before it. */
  readonly ratio: number;
}

async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const scene = await startScene(stack);
  const customers = await makeCustomers(scene, Number(values.teams), KEYS_PER_TEAM);
  console.log(
    `${customers.length} keys of ${values.teams} teams, 3 models; rounds of ${values.events} events\n`,
  );
  console.log('  events/s   worker µs   Postgres µs   Redis µs   memory MiB');
  const speeds: Speed[] = [];
  for (let round = 0; round < SPEED_ROUNDS; round += 1) {
    await fillStream(scene, customers, Number(values.events) / SPEED_ROUNDS);
    const speed = await measureSpeed(scene);
    speeds.push(speed);
    const columns = [
      speed.eventsPerSecond.toLocaleString('en'),
      speed.workerMicroseconds.toFixed(1),
      speed.postgresMicroseconds.toFixed(1),
      speed.redisMicroseconds.toFixed(1),
      speed.memoryMib.toFixed(0),
    ];
    console.log(`  ${columns.map((column) => column.padStart(10)).join('  ')}`);
  }
  const backlog = Number(values.backlog);
  const beside = backlog > 0 ? await measureBeside(stack, scene, customers, backlog) : undefined;
  if (values.json) {
    console.log(JSON.stringify({ speeds, beside }));
  }
}

/** Drains all that waits, in this process. */
async function measureSpeed(scene: DrainScene): Promise<Speed> {
  const drain = createDrainer(scene.postgres, scene.gate);
  const servers = async (): Promise<[number, number]> => [
    await cpuMsOf(scene.postgresPid),
    await cpuMsOf(scene.redisPid),
  ];
  const [postgresBefore, redisBefore] = await servers();
  const own = process.cpuUsage();
  const began = performance.now();
  let events = 0;
  for (let more = true; more;) {
    const drained = await drain();
    events += drained.events;
    ({ more } = drained);
  }
  const elapsedMs = performance.now() - began;
  const { user, system } = process.cpuUsage(own);
  const [postgresAfter, redisAfter] = await servers();
  const each = (cpuMs: number): number => (cpuMs / events) * 1_000;
  return {
    eventsPerSecond: Math.round((events / elapsedMs) * 1_000),
    workerMicroseconds: each((user + system) / 1_000),
    postgresMicroseconds: each(postgresAfter - postgresBefore),
    redisMicroseconds: each(redisAfter - redisBefore),
    memoryMib: process.memoryUsage.rss() / 1024 ** 2,
  };
}

/** Works a backlog off in another process, while this one admits calls; and stops it now and then to compare. */
async function measureBeside(
  stack: AsyncDisposableStack,
  scene: DrainScene,
  customers: readonly Customer[],
  backlog: number,
): Promise<Beside> {
  await fillStream(scene, customers, backlog);
  const worker = fork(path.join(import.meta.dirname, 'drain-worker.ts'), [
    scene.databaseUrl,
    scene.redisUrl,
  ]);
  stack.defer(() => void worker.kill());
  await once(worker, 'message');
  console.log(`\n${backlog.toLocaleString('en')} events wait; calls are admitted meanwhile`);
  console.log('  admissions/s alone   beside the drain   ratio   drained/s   still waiting');
  const customer = customers[0] as Customer;
  const windows: { alone: number; beside: number; drained: number }[] = [];
  for (let waiting = await waitingIn(scene); waiting > 0;) {
    const alone = await admissionsPerSecond(scene, customer, ALONE_MS);
    await tell(worker, 'go');
    const beside = await admissionsPerSecond(scene, customer, BESIDE_MS);
    await tell(worker, 'pause');
    const left = await waitingIn(scene);
    windows.push({ alone, beside, drained: waiting - left });
    const columns = [
      Math.round(alone).toLocaleString('en'),
      Math.round(beside).toLocaleString('en'),
      (beside / alone).toFixed(3),
      Math.round(((waiting - left) / BESIDE_MS) * 1_000).toLocaleString('en'),
      left.toLocaleString('en'),
    ];
    console.log(`  ${columns.map((column) => column.padStart(14)).join('  ')}`);
    waiting = left;
  }
  return summaryOf(backlog, windows);
}

function summaryOf(backlog: number, windows: readonly { alone: number; beside: number }[]): Beside {
  const seconds = (windows.length * BESIDE_MS) / 1_000;
  const summary = {
    backlog,
    seconds,
    eventsPerSecond: Math.round(backlog / seconds),
    admissionsAlone: Math.round(medianOf(windows.map(({ alone }) => alone))),
    admissionsBeside: Math.round(medianOf(windows.map(({ beside }) => beside))),
    ratio: medianOf(windows.map(({ alone, beside }) => beside / alone)),
  };
  const slower = ((1 - summary.ratio) * 100).toFixed(1);
  console.log(
    `\nThe backlog was worked off in ${seconds} s of draining; admission was ${slower} % slower meanwhile.`,
  );
  return summary;
}

async function waitingIn({ gate }: DrainScene): Promise<number> {
  const lengths = await Promise.all(
    gate.shards.map(async (keys) => gate.connection.redis.xlen(keys.usage)),
  );
  return lengths.reduce((sum, each) => sum + each, 0);
}

/** Has the worker go or pause, and waits until it does. */
async function tell(worker: ChildProcess, wish: 'go' | 'pause'): Promise<void> {
  const answered = once(worker, 'message');
  worker.send(wish);
  await answered;
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

await main();
process.exit();
