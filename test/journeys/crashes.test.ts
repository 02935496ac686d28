// What dies, dies without warning, in the middle of 500 calls. After it is back: whatever was delivered
// was charged, nothing was charged twice, and the gate and the ledger tell the same balance.

import { afterEach, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { createTeam } from '../../src/core/teams/create-team.ts';
import { migrate } from '../../src/embedded/migrate.ts';
import { startDemoProvider } from '../../src/embedded/demo-provider/server.ts';
import type { DemoProvider } from '../../src/embedded/demo-provider/server.ts';
import { freePort } from '../../src/embedded/ports.ts';
import { startOwnPostgres } from '../support/postgres-for-tests.ts';
import type { OwnServer } from '../support/postgres-for-tests.ts';
import { configFile, startChild } from '../support/processes.ts';
import type { Child, Environment } from '../support/processes.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { startOwnRedis } from '../support/redis-for-tests.ts';

const CALLS = 500;
const AT_ONCE = 40;
const KILL_AFTER = 150;
const CREDITS = 10_000_000_000n;

const CONFIG = `
models:
  gpt-4o: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/DEMO_PROVIDER_URL, api_key: os.environ/DEMO_PROVIDER_KEY }] }
access_groups:
  gpt-models: { models: [gpt-4o] }
limits: { reservation_deadline_ms: 3000, mark_every_ms: 500 }
`;

interface Scene {
  readonly redis: OwnServer;
  readonly postgres: OwnServer;
  readonly provider: DemoProvider;
  readonly url: string;
  proxy: Child;
  worker: Child;
  readonly startProxy: () => Promise<Child>;
  readonly startWorker: () => Promise<Child>;
  /** The records and the gate, seen from outside. */
  readonly outside: Quartermaster;
}

let scene: Scene | undefined;
afterEach(async () => {
  if (scene !== undefined) {
    await Promise.allSettled([scene.proxy.kill9(), scene.worker.kill9()]);
    await scene.outside[Symbol.asyncDispose]();
    await scene.provider.close();
    await Promise.allSettled([scene.redis.stop(), scene.postgres.stop()]);
  }
  scene = undefined;
}, 60_000);

async function setScene(): Promise<Scene> {
  const [redis, postgres] = await Promise.all([startOwnRedis(), startOwnPostgres()]);
  await migrate(postgres.url);
  const provider = await startDemoProvider({
    port: 0,
    apiKey: 'demo',
    latencyMs: 20,
    eventDelayMs: 2,
  });
  const port = await freePort();
  const environment: Environment = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    QUARTERMASTER_PORT: String(port),
    QUARTERMASTER_ADMIN_KEY: 'sk-admin-for-these-tests',
    QUARTERMASTER_KEY_PEPPER: 'a pepper for tests only',
    QUARTERMASTER_GATE_NAMESPACE: 'own',
    QUARTERMASTER_CONFIG: await configFile(CONFIG),
    DEMO_PROVIDER_URL: provider.url,
    DEMO_PROVIDER_KEY: 'demo',
  };
  const startProxy = async () => startChild('src/main.ts', ['--roles', 'api,proxy'], environment);
  const startWorker = async () => startChild('worker/main.ts', [], environment);
  const [proxy, worker] = await Promise.all([startProxy(), startWorker()]);
  const outside = await startQuartermaster({ databaseUrl: postgres.url, redisUrl: redis.url });
  const url = `http://127.0.0.1:${port}`;
  return { redis, postgres, provider, url, proxy, worker, startProxy, startWorker, outside };
}

interface Call {
  readonly id: string | null;
  readonly delivered: boolean;
  readonly status: number | undefined;
}

async function oneCall(url: string, secretKey: string, at: number): Promise<Call> {
  let id: string | null = null;
  let status: number | undefined;
  try {
    const stream = at % 2 === 0;
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}` },
      body: JSON.stringify({
        model: 'gpt-4o',
        stream,
        messages: [{ role: 'user', content: `${at}` }],
      }),
      signal: AbortSignal.timeout(20_000),
    });
    status = response.status;
    id = response.headers.get('x-quartermaster-call');
    const text = await response.text();
    const whole = stream ? text.includes('[DONE]') : text.endsWith('}');
    return { id, status, delivered: status === 200 && whole };
  } catch {
    return { id, status, delivered: false };
  }
}

/** Runs all calls, and `strike` once while they run. */
async function callsWith(
  { url }: Scene,
  secretKey: string,
  strike: () => Promise<void>,
): Promise<Call[]> {
  const calls: Call[] = [];
  let next = 0;
  let struck: Promise<void> | undefined;
  const caller = async (): Promise<void> => {
    while (next < CALLS) {
      next += 1;
      calls.push(await oneCall(url, secretKey, next));
      if (calls.length === KILL_AFTER) {
        struck = strike();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  await struck;
  return calls;
}

const STRIKES: readonly [who: string, strike: (scene: Scene) => Promise<void>][] = [
  [
    'the proxy',
    async (set) => {
      await set.proxy.kill9();
      set.proxy = await set.startProxy();
    },
  ],
  [
    'the worker',
    async (set) => {
      await set.worker.kill9();
      set.worker = await set.startWorker();
    },
  ],
  [
    'Redis',
    async (set) => {
      await set.redis.kill9();
      await set.redis.restart();
    },
  ],
  [
    'Postgres',
    async (set) => {
      await set.postgres.kill9();
      await set.postgres.restart();
    },
  ],
];

test.each(STRIKES)(
  'when %s is killed, what was delivered is charged once and the balances agree',
  async (who, strike) => {
    scene = await setScene();
    const { outside } = scene;
    const created = await createTeam(outside.stores, SYSTEM, {
      id: 'acme-prod',
      organizationId: 'acme',
      accessGroups: ['gpt-models'],
      credits: CREDITS,
      createOrganization: true,
    });
    if (!('secretKey' in created)) {
      throw new Error(JSON.stringify(created));
    }
    const calls = await callsWith(scene, created.secretKey, async () => strike(scene as Scene));
    const delivered = calls.filter((call) => call.delivered);
    // Calls need neither of these two; with the others some are refused, never many.
    const needed = who === 'the worker' || who === 'Postgres' ? CALLS : KILL_AFTER / 2;
    expect(delivered.length).toBeGreaterThanOrEqual(needed);

    const own = { id: 'acme-prod', organizationId: 'acme' };
    await expect
      .poll(async () => (await outside.gate.balance(own)).reserved, {
        timeout: 40_000,
        interval: 250,
      })
      .toBe(0n);
    await expect
      .poll(
        async () => {
          const { charged } = await outside.gate.balance(own);
          const account = await outside.stores.records.ledger.account('acme-prod');
          return charged - (account?.used ?? 0n);
        },
        { timeout: 20_000, interval: 250 },
      )
      .toBe(0n);
    const events = await outside.postgres.usageEvent.findMany({ where: { teamId: 'acme-prod' } });
    const charged = new Map(events.map((event) => [event.id, event.charge]));
    expect(delivered.filter((call) => charged.get(call.id ?? '') !== 1_000_000n)).toEqual([]);
    expect(events.reduce((sum, event) => sum + event.charge, 0n)).toBe(
      CREDITS - ((await outside.stores.records.ledger.account('acme-prod'))?.balance ?? 0n),
    );
    expect(await outside.drift('acme-prod')).toBe(0n);
  },
  120_000,
);
