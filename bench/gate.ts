// The gate alone: how many admissions one core of Redis decides in a second, by how many share a script call,
// for a team without limits and for one with every limit set; and the memory that a team takes.
// `npm run bench:gate`, with `-- --json` for one JSON object as the last line, `-- --teams 10000` for fewer.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { readEnvironment } from '../src/embedded/environment.ts';
import { freePort } from '../src/embedded/ports.ts';
import { startRedis } from '../src/embedded/redis.ts';
import { findRedisBinary } from '../src/embedded/redis/binary.ts';
import { sendBatch } from '../src/storage/gate/admitting.ts';
import type { Line } from '../src/storage/gate/admitting.ts';
import { createRedisGate } from '../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../src/storage/gate/redis-gate.ts';
import { shardOf } from '../src/storage/gate/shards.ts';
import type { ShardKeys } from '../src/storage/gate/shards.ts';
import { madeUpRecords } from './made-up-records.ts';
import type { MadeUpRecords, MadeUpTeam } from './made-up-records.ts';

const BATCHES = [1, 4, 16, 64] as const;
/** Long enough for a steady figure, short enough that what stays open fits into memory easily. */
const MEASURE_MS = 2_000;
const DEADLINE_MS = 600_000;
/** Script calls under way at once, so that Redis never waits for us. */
const UNDER_WAY = 8;
const DEFAULT_TEAMS = 100_000;
/** Projected at once: as many as a proxy may ask for. */
const LOADED_AT_ONCE = 64;

interface Rate {
  readonly batch: number;
  readonly admissionsPerSecond: number;
  /** Of Redis's own processor time. */
  readonly microsecondsEach: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, teams: { type: 'string' } },
  });
  const teams = Number(values.teams ?? DEFAULT_TEAMS);
  if (!Number.isInteger(teams) || teams < 100 || teams > 1_000_000) {
    throw new Error(`Read --teams: "${values.teams}" was given, allowed is 100 to 1,000,000`);
  }
  await using stack = new AsyncDisposableStack();
  const { gate, records } = await openGate(stack, teams);
  console.log(`Loading ${teams.toLocaleString('en')} teams, each with one key`);
  const bytesPerTeam = await loadAll(gate, records);
  const plain = await measureAll(gate, records.plain, 'A team without limits');
  const bounded = await measureAll(gate, records.bounded, `A team with ${records.meters} meters`);
  console.log(`\nMemory of the gate: ${bytesPerTeam} bytes for each idle team with one key`);
  if (values.json) {
    console.log(JSON.stringify({ plain, bounded, meters: records.meters, teams, bytesPerTeam }));
  }
}

async function openGate(
  stack: AsyncDisposableStack,
  teams: number,
): Promise<{ gate: RedisGate; records: MadeUpRecords }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-bench-gate-'));
  stack.defer(async () => rm(folder, { recursive: true, force: true }));
  const redis = await startRedis({
    binary: await findRedisBinary(readEnvironment().searchPath),
    dataFolder: folder,
    port: await freePort(),
    password: randomBytes(16).toString('hex'),
    appendOnly: true,
    fsync: 'everysec',
  });
  stack.defer(async () => redis.stop());
  await apart(redis.pid);
  const records = madeUpRecords(teams);
  const gate = createRedisGate({
    redisUrl: redis.url,
    namespace: 'bench',
    source: records.source,
    reservationDeadlineMs: DEADLINE_MS,
    onComplaint: (complaint) => console.error(complaint),
    clock: Date.now,
  });
  stack.defer(() => gate.close());
  await gate.ready(10_000);
  return { gate, records };
}

/** Redis on one core, and this process on another, where there are two. */
async function apart(redisPid: number): Promise<void> {
  const run = promisify(execFile);
  await run('taskset', ['-a', '-c', '-p', '0', String(redisPid)]).catch(() => undefined);
  await run('taskset', ['-a', '-c', '-p', '1', String(process.pid)]).catch(() => undefined);
}

/** Loads every team as its first call would; answers the bytes that each takes. */
async function loadAll(gate: RedisGate, records: MadeUpRecords): Promise<number> {
  const before = await figureOf(gate, 'memory', 'used_memory');
  for (let at = 0; at < records.teams.length; at += LOADED_AT_ONCE) {
    await Promise.all(
      records.teams.slice(at, at + LOADED_AT_ONCE).map(async ({ identity }) => {
        await gate.project({ organizationId: identity.organizationId });
        await gate.project({ teamId: identity.teamId });
        await gate.project({ keyId: identity.keyId });
      }),
    );
  }
  const after = await figureOf(gate, 'memory', 'used_memory');
  return Math.round((after - before) / records.teams.length);
}

async function measureAll(gate: RedisGate, team: MadeUpTeam, title: string): Promise<Rate[]> {
  console.log(`\n${title}\n  per script call   admissions/s   µs of Redis each`);
  const measured: Rate[] = [];
  for (const batch of BATCHES) {
    const rate = await measure(gate, team, batch);
    measured.push(rate);
    const { admissionsPerSecond, microsecondsEach } = rate;
    const columns = [batch, admissionsPerSecond.toLocaleString('en'), microsecondsEach.toFixed(1)];
    console.log(`  ${columns.map((column) => String(column).padStart(13)).join('  ')}`);
  }
  return measured;
}

async function measure(gate: RedisGate, team: MadeUpTeam, batch: number): Promise<Rate> {
  const keys = gate.shards[shardOf(team.identity.organizationId)] as ShardKeys;
  let count = 0;
  const admitBatch = async (): Promise<void> => {
    const lines = Array.from({ length: batch }, (): Line => {
      count += 1;
      return { ...team.line, reservationId: `${batch}-${team.identity.teamId}-${count}` };
    });
    const answers = await sendBatch(gate.connection, keys, DEADLINE_MS, lines);
    if (!answers.every((one) => typeof one === 'object' && 'admitted' in one && one.admitted)) {
      throw new Error(`Admitting: ${JSON.stringify(answers[0])}`);
    }
  };
  // Loads what is missing, and has the script known.
  await gate.admit({ ...team.line, reservationId: `first-${batch}` });
  count = 0;
  const cpuBefore = await figureOf(gate, 'cpu', 'used_cpu_user_main_thread');
  const systemBefore = await figureOf(gate, 'cpu', 'used_cpu_sys_main_thread');
  const began = performance.now();
  await Promise.all(
    Array.from({ length: UNDER_WAY }, async () => {
      while (performance.now() - began < MEASURE_MS) {
        await admitBatch();
      }
    }),
  );
  const elapsedMs = performance.now() - began;
  const cpuSeconds =
    (await figureOf(gate, 'cpu', 'used_cpu_user_main_thread')) -
    cpuBefore +
    (await figureOf(gate, 'cpu', 'used_cpu_sys_main_thread')) -
    systemBefore;
  await gate.connection.redis.del(keys.open);
  return {
    batch,
    admissionsPerSecond: Math.round((count / elapsedMs) * 1_000),
    microsecondsEach: (cpuSeconds / count) * 1_000_000,
  };
}

async function figureOf(gate: RedisGate, section: string, name: string): Promise<number> {
  const info = await gate.connection.redis.info(section);
  return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
}

await main();
