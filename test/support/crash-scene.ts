// What the tests of crashes share: processes that run behind doors, teams with a ceiling of every kind, and
// what must hold of such a team whatever died.

import path from 'node:path';
import { expect } from 'vitest';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { Limit } from '../../src/core/limits/limit.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { GRACE_AFTER_RESTART_MS, reapShard } from '../../src/storage/reaper.ts';
import { startHeldProvider, wishFor } from './held-provider.ts';
import type { HeldProvider } from './held-provider.ts';
import { startInterceptor } from './interceptor.ts';
import type { Interceptor } from './interceptor.ts';
import { observeCall } from './observed-call.ts';
import type { CallSeen, ObservedCall } from './observed-call.ts';
import { configFile, startChild } from './processes.ts';
import type { Child, Environment } from './processes.ts';
import { PEPPER } from './quartermaster.ts';
import type { Quartermaster } from './quartermaster.ts';

/** The shortest deadline that a configuration may name. */
const RESERVATION_DEADLINE_MS = 2_000;

export const CRASH_CONFIG = `
models:
  held: { price: { input: 1, output: 2 }, max_output_tokens: 1000, deployments: [{ base_url: os.environ/HELD_PROVIDER }] }
access_groups:
  gpt-models: { models: [held] }
limits: { reservation_deadline_ms: ${RESERVATION_DEADLINE_MS}, mark_every_ms: 100 }
`;

/** What each call uses, and what that costs by either mode. */
const USAGE = { input: 40, output: 30 };
export const CHARGES = { job_based: 1_000_000n, consumption_usd: 1_000n } as const;
export type Mode = keyof typeof CHARGES;

const FUNDS = 100_000_000n;

export interface CrashTeam {
  readonly id: string;
  readonly secretKey: string;
  readonly mode: Mode;
}

const limit = (kind: Limit['kind'], max: number): Limit => ({
  kind,
  max,
  model: null,
  shadow: false,
  boost: null,
});

let teams = 0;

/** A team with a budget and a limit of every kind, none of which is in its way. */
export async function crashTeam(qm: Quartermaster, mode: Mode): Promise<CrashTeam> {
  teams += 1;
  const wish = { id: `crashed-${teams}`, credits: FUNDS, terms: { budgetMode: mode } };
  const { id, secretKey } = await qm.team(wish);
  await qm.stores.records.teams.update(id, {
    ceilings: {
      ...NO_CEILINGS,
      limits: [limit('requests', 1_000), limit('usage_tokens', 1_000_000), limit('parallel', 100)],
      budgets: [
        {
          duration: '1y',
          model: null,
          maxNanoUsd: 5_000_000_000n,
          softNanoUsd: null,
          anchorMs: 0,
          shadow: false,
          boost: null,
        },
      ],
    },
  });
  await qm.gate.project({ teamId: id });
  return { id, secretKey, mode };
}

/** Calls that are under way at once, every other one a stream. */
export function callsOf(url: string, team: CrashTeam, count: number): ObservedCall[] {
  return Array.from({ length: count }, (_, at) =>
    observeCall(url, team.secretKey, {
      model: 'held',
      max_tokens: 100,
      stream: at % 2 === 0,
      ...wishFor(USAGE),
    }),
  );
}

export interface ProxyProcess {
  readonly child: Child;
  readonly url: string;
  /** Between it and Redis. */
  readonly door: Interceptor;
  readonly provider: HeldProvider;
  close(): Promise<void>;
}

/** Starts a proxy with a door to Redis and a provider of its own. */
export async function startProxyProcess(
  qm: Quartermaster,
  configText = CRASH_CONFIG,
): Promise<ProxyProcess> {
  const [door, provider, port] = await Promise.all([
    startInterceptor(qm.redisUrl),
    startHeldProvider(),
    freePort(),
  ]);
  const child = await startChild('src/main.ts', ['--roles', 'proxy'], {
    ...(await environmentOf(qm, configText)),
    REDIS_URL: door.url,
    HELD_PROVIDER: provider.url,
    QUARTERMASTER_PORT: String(port),
  });
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    door,
    provider,
    async close() {
      await child.kill9();
      await Promise.all([door.close(), provider.close()]);
    },
  };
}

let compiled = false;

/** Starts a proxy and stops it, so that all that start after it find their code compiled. */
export async function compileOnce(qm: Quartermaster): Promise<void> {
  if (!compiled) {
    compiled = true;
    const first = await startProxyProcess(qm);
    await first.child.stop();
    await first.close();
  }
}

/** Starts a worker; its Postgres may be behind a door. */
export async function startWorkerProcess(
  qm: Quartermaster,
  databaseUrl: string,
  configText = CRASH_CONFIG,
  more: Environment = {},
): Promise<Child> {
  return startChild('worker/main.ts', [], {
    ...(await environmentOf(qm, configText)),
    DATABASE_URL: databaseUrl,
    HELD_PROVIDER: 'http://127.0.0.1:9/v1',
    ...more,
  });
}

const files = new Map<string, Promise<string>>();

async function environmentOf(qm: Quartermaster, configText: string): Promise<Environment> {
  const file = files.get(configText) ?? configFile(configText);
  files.set(configText, file);
  return {
    DATABASE_URL: qm.databaseUrl,
    REDIS_URL: qm.redisUrl,
    QUARTERMASTER_GATE_NAMESPACE: qm.namespace,
    QUARTERMASTER_ADMIN_KEY: 'sk-admin-for-these-tests',
    QUARTERMASTER_KEY_PEPPER: PEPPER,
    QUARTERMASTER_CONFIG: await file,
    QUARTERMASTER_LOG_LEVEL: 'silent',
    // Starts are most of what these tests do.
    NODE_COMPILE_CACHE: path.join(path.dirname(await file), 'compiled'),
  };
}

/** The shard of the one organization that these tests have. */
export function keysOf(qm: Quartermaster): ShardKeys {
  return qm.gate.shards[shardOf('acme')] as ShardKeys;
}

export async function balanceOf(qm: Quartermaster, team: CrashTeam) {
  return qm.gate.balance({ id: team.id, organizationId: 'acme' });
}

/** Ends what lapsed and brings usage to the records, as a worker does. */
export async function workOnce(qm: Quartermaster): Promise<void> {
  // As if the time that living proxies get after a restart were over: here they have had their turn.
  await reapShard(qm.gate, qm.source, keysOf(qm), Date.now() + GRACE_AFTER_RESTART_MS);
  await drainShard(qm.postgres, qm.gate, keysOf(qm));
}

/** The identity that holds at any moment, whatever is open. Reads are not one step, so it may take a few. */
export async function expectIdentity(qm: Quartermaster, team: CrashTeam, where: string) {
  const drift = async (): Promise<bigint> => qm.drift(team.id);
  const message = `${where}: the identity does not hold`;
  await expect.poll(drift, { timeout: 10_000, interval: 20, message }).toBe(0n);
}

export interface Books {
  readonly events: readonly {
    readonly id: string;
    readonly charge: bigint;
    readonly outcome: string;
    readonly estimated: boolean;
  }[];
  readonly charged: bigint;
}

interface Rules {
  /** How usage gets to the records: by this test, or by a worker that runs. */
  readonly work: (qm: Quartermaster) => Promise<void>;
  /** A Redis that lost its last second has lost windows of a minute with it. */
  readonly hasWindows?: boolean;
}

/** All that must hold of a team once nothing of it is under way. Answers what the records say. */
export async function expectBalanced(
  qm: Quartermaster,
  team: CrashTeam,
  calls: readonly CallSeen[],
  where: string,
  rules: Rules = { work: workOnce },
): Promise<Books> {
  const delivered = calls.filter((call) => call.delivered).map((call) => call.id ?? 'unnamed');
  const isQuiet = async (): Promise<string> => {
    await rules.work(qm);
    const { reserved, charged } = await balanceOf(qm, team);
    const account = await qm.stores.records.ledger.account(team.id);
    const known = await qm.postgres.usageEvent.count({ where: { id: { in: delivered } } });
    const undrained = charged - (account?.used ?? 0n);
    return `${reserved} held, ${undrained} not drained, ${delivered.length - known} not recorded`;
  };
  const patience = { timeout: 30_000, interval: 50, message: `${where}: never came to rest` };
  await expect.poll(isQuiet, patience).toBe('0 held, 0 not drained, 0 not recorded');
  const events = await qm.postgres.usageEvent.findMany({ where: { teamId: team.id } });
  const account = await qm.stores.records.ledger.account(team.id);
  const charged = events.reduce((sum, event) => sum + event.charge, 0n);
  expect(charged, `${where}: events and ledger`).toBe(account?.used);
  expect(FUNDS - charged, `${where}: balance`).toBe(account?.balance);
  expect(await qm.drift(team.id), `${where}: drift`).toBe(0n);

  const byCall = Map.groupBy(events, (event) => event.id.split(':')[0] ?? '');
  expect(byCall.size, `${where}: events of calls that nobody made`).toBeLessThanOrEqual(
    calls.length,
  );
  const full = CHARGES[team.mode];
  for (const call of calls.filter((one) => one.delivered)) {
    const own = byCall.get(call.id ?? '') ?? [];
    const paid = own.reduce((sum, event) => sum + event.charge, 0n);
    expect(paid, `${where}: a delivered call, ${JSON.stringify(call)}`).toBe(full);
  }
  for (const [id, own] of byCall) {
    const completed = own.filter((event) => !event.estimated && event.charge > 0n);
    expect(completed.length, `${where}: ${id} charged twice`).toBeLessThanOrEqual(1);
  }
  await expectMeters(qm, team, events, where, rules.hasWindows ?? true);
  return { events, charged };
}

async function expectMeters(
  qm: Quartermaster,
  team: CrashTeam,
  events: readonly { costNanoUsd: bigint; inputTokens: bigint; outputTokens: bigint }[],
  where: string,
  hasWindows: boolean,
): Promise<void> {
  const meters = await qm.gate.meters({ kind: 'team', teamId: team.id }, 'acme');
  const read = (name: string) => meters.find((meter) => meter.meter === name);
  const cost = events.reduce((sum, event) => sum + event.costNanoUsd, 0n);
  expect(read('budget-1y'), `${where}: budget`).toMatchObject({ used: Number(cost), held: 0 });
  const spends = await qm.postgres.budgetSpend.findMany({ where: { subject: `team:${team.id}` } });
  const spent = spends.reduce((sum, spend) => sum + spend.spentNanoUsd, 0n);
  expect(spent, `${where}: recorded spend`).toBe(cost);
  expect(read('parallel')?.used, `${where}: calls at once`).toBe(0);
  if (hasWindows) {
    const usageTokens = events.reduce((sum, one) => sum + one.inputTokens + one.outputTokens, 0n);
    expect(read('usage_tokens')?.used, `${where}: usage tokens`).toBe(Number(usageTokens));
  }
}
