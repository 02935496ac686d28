// The drain: how many usage events a worker writes in a second, with roll-ups and ledger, and what that takes of each
// process; then a backlog worked off beside calls, and what that does to them.
// `npm run bench:drain`, with `-- --events 200000`, `-- --backlog 1000000`, `-- --teams 200`, `-- --json` for one JSON
// object as the last line. On a machine that does something else, trust the ratio and the µs, not events a second.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDrainer } from '../src/storage/drainer.ts';
import { admissionsAtPace, CALLS_PER_SECOND } from './admissions.ts';
import type { Admissions } from './admissions.ts';
import { median } from './figures.ts';
import { cpuMsOf, fillStream, makeCustomers, memoryMibOf, startScene } from './drain-scene.ts';
import type { Customer, DrainScene } from './drain-scene.ts';

const KEYS_PER_TEAM = 5;
/** Whose calls are admitted: enough for all shards. */
const CALLERS = 100;
/** What waits where the drain keeps up with calls. */
const CAUGHT_UP = 20_000;
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

interface Window {
  readonly alone: Admissions;
  readonly beside: Admissions;
  readonly drained: number;
}

interface Beside {
  readonly backlog: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly alone: Admissions;
  readonly beside: Admissions;
  /** Calls admitted beside the drain, against those without it. */
  readonly rateRatio: number;
  readonly p50Ratio: number;
  /** Of the worker, when the backlog was half done and when it was done: it must not grow with what waits. */
  readonly memoryMib: readonly [number, number];
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
  console.log(
    `\n${backlog.toLocaleString('en')} events wait; ${CALLS_PER_SECOND.toLocaleString('en')} calls/s are due meanwhile`,
  );
  console.log(
    '  admitted/s alone, p50, p95 ms     beside the drain, p50, p95 ms    drained/s   waiting   memory MiB',
  );
  const caller = customers.slice(0, CALLERS);
  await admissionsAtPace(scene, caller, ALONE_MS);
  const windows: Window[] = [];
  const memoryMib: number[] = [];
  for (let waiting = await waitingIn(scene); waiting > CAUGHT_UP;) {
    const alone = await admissionsAtPace(scene, caller, ALONE_MS);
    await tell(worker, 'go');
    const beside = await admissionsAtPace(scene, caller, BESIDE_MS);
    await tell(worker, 'pause');
    const left = await waitingIn(scene);
    const made = ((ALONE_MS + BESIDE_MS) / 1_000) * CALLS_PER_SECOND;
    windows.push({ alone, beside, drained: waiting + made - left });
    memoryMib.push(await memoryMibOf(worker.pid ?? 0));
    sayWindow(windows.at(-1) as Window, left, memoryMib.at(-1) ?? 0);
    waiting = left;
  }
  return summaryOf(backlog, windows, memoryMib);
}

function sayWindow({ alone, beside, drained }: Window, left: number, memoryMib: number): void {
  const admissions = ({ perSecond, p50Ms, p95Ms }: Admissions): string[] => [
    Math.round(perSecond).toLocaleString('en'),
    p50Ms.toFixed(2),
    p95Ms.toFixed(2),
  ];
  const columns = [
    ...admissions(alone),
    ...admissions(beside),
    Math.round((drained / BESIDE_MS) * 1_000).toLocaleString('en'),
    left.toLocaleString('en'),
    memoryMib.toFixed(0),
  ];
  console.log(`  ${columns.map((column) => column.padStart(9)).join('  ')}`);
}

function summaryOf(
  backlog: number,
  windows: readonly Window[],
  memoryMib: readonly number[],
): Beside {
  const seconds = (windows.length * BESIDE_MS) / 1_000;
  const middle = (when: 'alone' | 'beside'): Admissions => ({
    perSecond: median(windows.map((window) => window[when].perSecond)),
    p50Ms: median(windows.map((window) => window[when].p50Ms)),
    p95Ms: median(windows.map((window) => window[when].p95Ms)),
  });
  const [alone, beside] = [middle('alone'), middle('beside')];
  const summary: Beside = {
    backlog,
    seconds,
    eventsPerSecond: Math.round(
      median(windows.map(({ drained }) => drained / (BESIDE_MS / 1_000))),
    ),
    alone,
    beside,
    rateRatio: beside.perSecond / alone.perSecond,
    p50Ratio: beside.p50Ms / alone.p50Ms,
    memoryMib: [
      memoryMib[Math.floor(memoryMib.length / 2)] ?? Number.NaN,
      memoryMib.at(-1) ?? Number.NaN,
    ],
  };
  const percent = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`;
  console.log(
    `\nThe backlog was worked off in ${seconds} s of draining; calls admitted meanwhile: ${percent(summary.rateRatio)}, ` +
      `their wait at the gate (p50): ${percent(summary.p50Ratio)}.`,
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

await main();
process.exit();
