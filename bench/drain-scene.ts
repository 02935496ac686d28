// What the benches of the worker start with: Postgres and Redis of their own, as `npm start` has them, with customers
// whose calls wait in the gate's stream.

import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SYSTEM } from '../src/core/audit/audit.ts';
import { newId } from '../src/core/ids.ts';
import { createRedisGate } from '../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../src/storage/gate/redis-gate.ts';
import { shardOf } from '../src/storage/gate/shards.ts';
import type { ShardKeys } from '../src/storage/gate/shards.ts';
import type { PrismaClient } from '../src/storage/generated/client.ts';
import { connectPostgres } from '../src/storage/postgres/client.ts';
import { createProjectionSource } from '../src/storage/postgres/projection-source.ts';
import { createRecords } from '../src/storage/postgres/records.ts';
import { startServers } from './servers.ts';

export const NAMESPACE = 'bench';
const DEADLINE_MS = 600_000;
/** A billion credits: no bench uses them up. */
const PLENTY = 1_000_000_000_000_000n;
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5'];
const ENTRIES_AT_ONCE = 2_000;

export interface Customer {
  readonly organizationId: string;
  readonly teamId: string;
  readonly keyId: string;
}

export interface DrainScene {
  readonly postgres: PrismaClient;
  readonly gate: RedisGate;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly postgresPid: number;
  readonly redisPid: number;
}

/** Starts both servers and connects. */
export async function startScene(stack: AsyncDisposableStack): Promise<DrainScene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-bench-drain-'));
  stack.defer(async () => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const { postgres: server, redis } = await startServers(folder, stack);
  const addresses = { databaseUrl: server.url, redisUrl: redis.url };
  const connected = await connectScene(stack, addresses);
  return { ...connected, ...addresses, postgresPid: server.pid, redisPid: redis.pid };
}

/** Connects to servers that run. */
export async function connectScene(
  stack: AsyncDisposableStack,
  { databaseUrl, redisUrl }: Pick<DrainScene, 'databaseUrl' | 'redisUrl'>,
): Promise<Pick<DrainScene, 'postgres' | 'gate'>> {
  const postgres = connectPostgres(databaseUrl);
  stack.defer(async () => postgres.$disconnect());
  const gate = createRedisGate({
    redisUrl,
    namespace: NAMESPACE,
    source: createProjectionSource(postgres),
    reservationDeadlineMs: DEADLINE_MS,
    onComplaint: (complaint) => console.error(complaint),
    clock: Date.now,
  });
  stack.defer(() => gate.close());
  await gate.ready(10_000);
  return { postgres, gate };
}

/** Funded teams, four to an organization, with a few keys each. */
export async function makeCustomers(
  { postgres }: DrainScene,
  teams: number,
  keysPerTeam: number,
): Promise<Customer[]> {
  const customers: Customer[] = [];
  const records = createRecords(postgres);
  for (let at = 0; at < teams; at += 1) {
    const organizationId = `org-${Math.floor(at / 4)}`;
    const teamId = `team-${at}`;
    await postgres.$executeRaw`INSERT INTO organizations (id, name) VALUES (${organizationId}, 'bench') ON CONFLICT DO NOTHING`;
    await postgres.$executeRaw`
      INSERT INTO teams (id, organization_id, alias, models) VALUES (${teamId}, ${organizationId}, 'bench', ${MODELS})`;
    await records.change(async ({ ledger }) => {
      await ledger.open(teamId);
      await ledger.post({
        teamId,
        kind: 'grant',
        amount: PLENTY,
        actor: SYSTEM.id,
        reason: 'bench',
        reference: 'bench',
      });
      return undefined;
    });
    for (let key = 0; key < keysPerTeam; key += 1) {
      const keyId = newId();
      await postgres.$executeRaw`
        INSERT INTO virtual_keys (id, hash, team_id, organization_id, name, last_four, tags)
        VALUES (${keyId}, ${keyId}, ${teamId}, ${organizationId}, 'bench', 'abcd', ${key % 2 === 0 ? ['web'] : []})`;
      customers.push({ organizationId, teamId, keyId });
    }
  }
  return customers;
}

/** Puts calls of the last minutes into the stream, as settling them would have. */
export async function fillStream(
  { gate }: DrainScene,
  customers: readonly Customer[],
  count: number,
): Promise<void> {
  for (let done = 0; done < count; done += ENTRIES_AT_ONCE) {
    const pipeline = gate.connection.redis.pipeline();
    for (let at = done; at < Math.min(count, done + ENTRIES_AT_ONCE); at += 1) {
      // Far apart in the list, so that neighbours in the stream are of different teams.
      const customer = customers[(at * 7_919) % customers.length] as Customer;
      const keys = gate.shards[shardOf(customer.organizationId)] as ShardKeys;
      pipeline.xadd(keys.usage, '*', 'e', packed(customer, at));
    }
    await pipeline.exec();
  }
}

function packed({ organizationId: o, teamId, keyId: k }: Customer, at: number): string {
  const s = Date.now() - (at % 600_000);
  const m = MODELS[at % MODELS.length];
  const numbers = { i: 1_200, p: 300, c: '5000000', g: false, s, t: s + 900 };
  const event = { o, k, m, j: 'chat', d: 'openai-eu', e: 'completed', ...numbers };
  return `50000 0 ${newId()} ${teamId} ${JSON.stringify(event)}`;
}

/** Processor time in ms of a process and all that it started, as far as the system tells. */
export async function cpuMsOf(pid: number): Promise<number> {
  const pids = [pid, ...(await childrenOf(pid))];
  const times = await Promise.all(pids.map(ownCpuMs));
  return times.reduce((sum, each) => sum + each, 0);
}

/** Resident memory of a process. */
export async function memoryMibOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function childrenOf(pid: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(all.map(async (each) => (await statOf(each))[1]));
  return all.filter((_, at) => Number(parents[at]) === pid);
}

const TICK_MS = 10;

/** With what its ended children took. */
async function ownCpuMs(pid: number): Promise<number> {
  const fields = await statOf(pid);
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
}

/** Fields after the name of the program; none where the process is gone. */
async function statOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
