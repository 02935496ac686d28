// A whole Quartermaster in this process, on real parts: a database and a corner of Redis of its own, the
// demo provider, the proxy on a free port, and a drain that runs when a test asks for it.

import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { createSealer } from '../../src/core/sealing.ts';
import { isRepeated } from '../../src/core/change.ts';
import { createOrganization } from '../../src/core/organizations/create-organization.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createTeam } from '../../src/core/teams/create-team.ts';
import type { TeamWish } from '../../src/core/teams/create-team.ts';
import { createCallMeters } from '../../src/core/gateway/call-meters.ts';
import type { CallMeters } from '../../src/core/gateway/call-meters.ts';
import { createStartNotes } from '../../src/core/jobs/start-notes.ts';
import type { JobPolicy } from '../../src/core/jobs/job.ts';
import { complaintAboutAdmin } from '../../src/api/admin-key.ts';
import { readConfigText } from '../../src/config/file.ts';
import type { FileConfig } from '../../src/config/file.ts';
import type { ModelConfig } from '../../src/config/models.ts';
import { Secret } from '../../src/config/secret.ts';
import { startDemoProvider } from '../../src/embedded/demo-provider/server.ts';
import type { DemoProvider } from '../../src/embedded/demo-provider/server.ts';
import { createAddressOf } from '../../src/proxy/address.ts';
import { createAuthenticate } from '../../src/proxy/authenticate.ts';
import { BODIES_MAX_BYTES, createByteBudget } from '../../src/proxy/byte-budget.ts';
import { createJwtCallers } from '../../src/proxy/jwt-callers.ts';
import { createOpenCalls } from '../../src/proxy/open-calls.ts';
import { createProxyServer } from '../../src/proxy/server.ts';
import { createUpstreams } from '../../src/proxy/upstream.ts';
import { createServedModels } from '../../src/served-models.ts';
import { openSignIn } from '../../src/sign-in.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { createKnownModels } from '../../src/known-models.ts';
import { createRedisGate } from '../../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../../src/storage/gate/redis-gate.ts';
import type { PrismaClient } from '../../src/storage/generated/client.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import { createProjectionSource } from '../../src/storage/postgres/projection-source.ts';
import type { ProjectionSource } from '../../src/storage/gate/source.ts';
import { createRefusedCalls } from '../../src/storage/refusals/reading.ts';
import { createRemembering } from '../../src/storage/refusals/remembering.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { createTestDatabase } from './postgres-for-tests.ts';
import { createTestRedis } from './redis-for-tests.ts';

export const PEPPER = 'a pepper for tests only';
export const ADMIN_KEY = 'sk-admin-0123456789abcdef';
const PROVIDER_KEY = 'sk-provider-for-tests';

export interface Quartermaster extends AsyncDisposable {
  readonly stores: Stores;
  readonly gate: RedisGate;
  readonly postgres: PrismaClient;
  readonly source: ProjectionSource;
  readonly provider: DemoProvider;
  readonly config: FileConfig;
  readonly url: string;
  /** What the first proxy serves; a test may change it as src/standing-prices.ts does. */
  readonly models: Map<string, ModelConfig>;
  /** What the first proxy counted. */
  readonly meters: CallMeters;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly namespace: string;
  /** Another proxy on the same records and gate, as another process would be. */
  anotherProxy(): Promise<{ url: string; gate: RedisGate; close(): Promise<void> }>;
  /** Creates a team (and its organization), and answers its key. */
  team(wish?: Partial<TeamWish>): Promise<{ id: string; secretKey: string; keyId: string }>;
  /** Writes all usage to Postgres. */
  drain(): Promise<number>;
  /** Calls the proxy. */
  call(secretKey: string, body?: object, path?: string): Promise<Response>;
  /** The identity that must always hold, as a difference: 0. */
  drift(teamId: string): Promise<bigint>;
}

export interface QuartermasterOptions {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly eventDelayMs?: number;
  readonly reservationDeadlineMs?: number;
  readonly markEveryMs?: number;
  readonly upstreamTimeoutMs?: number;
  readonly trustedProxies?: readonly string[];
  /** A configuration file in place of the usual one, and the addresses that it refers to. */
  readonly configText?: string;
  readonly addresses?: Readonly<Record<string, string>>;
  readonly clock?: () => number;
  readonly jobs?: JobPolicy;
  /** Where the gate reads the time, in ms, in place of Redis's own. */
  readonly timeKey?: string;
}

const MODELS = `
models:
  gpt-4o: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  gpt-4o-mini: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  claude-sonnet-4-5: { max_output_tokens: 1000, deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  text-embedding-3-small: { deployments: [{ base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
  two-ways: { price: { input: 1, output: 2 }, deployments: [{ id: a, model: way-a, base_url: os.environ/PROVIDER, api_key: os.environ/KEY }, { id: b, model: way-b, base_url: os.environ/PROVIDER, api_key: os.environ/KEY }] }
access_groups:
  gpt-models: { models: [gpt-4o, gpt-4o-mini, text-embedding-3-small, two-ways] }
  claude-models: { models: [claude-sonnet-4-5] }
`;

export async function startQuartermaster(
  options: QuartermasterOptions = {},
): Promise<Quartermaster> {
  const database =
    options.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: options.databaseUrl, drop: async () => undefined };
  const redis =
    options.redisUrl === undefined
      ? await createTestRedis()
      : { url: options.redisUrl, namespace: 'own' };
  const provider = await startDemoProvider({
    port: 0,
    apiKey: PROVIDER_KEY,
    eventDelayMs: options.eventDelayMs ?? 0,
  });
  const read = readConfigText('test.yaml', options.configText ?? MODELS, {
    PROVIDER: provider.url,
    KEY: PROVIDER_KEY,
    ...options.addresses,
  });
  if ('problems' in read) {
    throw new Error(read.problems.map((problem) => problem.message).join('\n'));
  }
  const config = read.config;
  const postgres = connectPostgres(database.url);
  const source = createProjectionSource(postgres);
  const records = createRecords(postgres);
  const openGate = async (): Promise<RedisGate> => {
    const gate = createRedisGate({
      redisUrl: redis.url,
      namespace: redis.namespace,
      source,
      reservationDeadlineMs: options.reservationDeadlineMs ?? 15_000,
      onComplaint: () => undefined,
      clock: options.clock ?? Date.now,
      ...(options.timeKey === undefined ? {} : { timeKey: options.timeKey }),
    });
    await gate.ready(10_000);
    return gate;
  };
  const gate = await openGate();
  const stores: Stores = {
    records,
    gate,
    refused: createRefusedCalls(gate.connection.redis, redis.namespace, options.clock ?? Date.now),
    clock: options.clock ?? Date.now,
    sealer: createSealer(['a master key for tests']),
    settings: {
      keyPepper: PEPPER,
      knownModels: createKnownModels(config.models, config.limits.defaultMaxOutputTokens),
      lowCreditPercent: 20,
      budgetPercents: [80],
      keyExpiryDays: [7, 1],
      newTeam: config.teamDefaults,
      jobs: options.jobs ?? config.jobs,
      approvals: config.approvals,
      webhooks: config.webhooks,
    },
  };
  await records.change(async (inside) => {
    await inside.accessGroups.replace(
      config.accessGroups,
      config.models.map((model) => model.alias),
    );
    return undefined;
  });
  await gate.project({ catalog: true });
  const first = await openProxy(stores, config, options, [gate, redis.namespace]);
  let teams = 0;

  return {
    stores,
    gate,
    postgres,
    source,
    provider,
    config,
    url: first.url,
    models: first.models,
    meters: first.meters,
    databaseUrl: database.url,
    redisUrl: redis.url,
    namespace: redis.namespace,
    async anotherProxy() {
      const ownGate = await openGate();
      const own = { ...stores, gate: ownGate };
      const proxy = await openProxy(own, config, options, [ownGate, redis.namespace]);
      return {
        url: proxy.url,
        gate: ownGate,
        close: async () => {
          await proxy.close();
          ownGate.close();
        },
      };
    },
    async team(wish = {}) {
      teams += 1;
      const organizationId = wish.organizationId ?? 'acme';
      if ((await records.organizations.find(organizationId)) === undefined) {
        await createOrganization(stores, SYSTEM, { id: organizationId, name: organizationId });
      }
      const created = await createTeam(stores, SYSTEM, {
        id: `team-${teams}`,
        accessGroups: ['gpt-models'],
        credits: 1_000_000_000n,
        ...wish,
        organizationId,
      });
      if (isRefusal(created) || isRepeated(created)) {
        throw new Error(`No team was created: ${JSON.stringify(created)}`);
      }
      return { id: created.team.id, secretKey: created.secretKey, keyId: created.keyId };
    },
    async drain() {
      let events = 0;
      for (const keys of gate.shards) {
        for (let more = true; more;) {
          const drained = await drainShard(postgres, gate, keys);
          events += drained.events;
          more = drained.more;
        }
      }
      return events;
    },
    call: async (secretKey, body = {}, path = '/v1/chat/completions') =>
      fetch(first.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-4o',
          messages: [{ role: 'user', content: 'Tell me a story' }],
          ...body,
        }),
      }),
    drift: async (teamId) => driftOf(stores, gate, postgres, teamId),
    [Symbol.asyncDispose]: async () => {
      await first.close();
      gate.close();
      await postgres.$disconnect();
      await provider.close();
      await database.drop();
    },
  };
}

async function openProxy(
  stores: Stores,
  config: FileConfig,
  options: QuartermasterOptions,
  [gate, namespace]: readonly [RedisGate, string],
) {
  const remembering = createRemembering({
    redis: gate.connection.redis,
    namespace,
    clock: stores.clock,
    onComplaint: () => undefined,
  });
  const upstreamTimeoutMs = options.upstreamTimeoutMs ?? 30_000;
  const openCalls = createOpenCalls(
    stores.gate,
    stores.clock,
    options.markEveryMs ?? 2_000,
    () => undefined,
  );
  const meters = createCallMeters();
  const upstreams = createUpstreams(upstreamTimeoutMs);
  const ofFile = new Map(config.models.map((model) => [model.alias, model]));
  const models = createServedModels(stores, ofFile, {
    maxOutputTokens: 1_000,
    onComplaint: (message) => faults.push(message),
  });
  const following = await gate.followCatalog(models.load);
  const jwt = openSignIn(stores, config.jwt, { warn: () => undefined });
  const server = createProxyServer(
    {
      gate: stores.gate,
      authenticate: createAuthenticate(
        stores.gate,
        PEPPER,
        jwt === undefined ? undefined : createJwtCallers(jwt.proxy),
      ),
      isAdmin: (headers) => complaintAboutAdmin(headers, new Secret(ADMIN_KEY)) === undefined,
      addressOf: createAddressOf(options.trustedProxies ?? []),
      models,
      upstreams,
      openCalls,
      bodies: createByteBudget(BODIES_MAX_BYTES),
      clock: stores.clock,
      stores,
      noteStart: createStartNotes(stores.records, stores.clock, () => undefined),
      remember: remembering.remember,
      meters,
      bodyMaxBytes: 16 * 1024 * 1024,
      minOutputTokens: 16,
      upstreamTimeoutMs,
      onFault: (message) => faults.push(message),
    },
    { headerMaxBytes: 32 * 1024 },
  );
  const url = await listening(server);
  return {
    url,
    models: ofFile,
    meters,
    close: async () => {
      openCalls.stop();
      await following.stop();
      await remembering.stop();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await upstreams.close();
    },
  };
}

/** Faults that proxies told of since the start; tests that expect none look here. */
export const faults: string[] = [];

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function driftOf(
  stores: Stores,
  gate: RedisGate,
  postgres: PrismaClient,
  teamId: string,
): Promise<bigint> {
  const team = await stores.records.teams.find(teamId);
  const account = await stores.records.ledger.account(teamId);
  if (team === undefined || account === undefined) {
    throw new Error(`There is no team ${teamId}`);
  }
  const balance = await gate.balance(team);
  let undrained = 0n;
  for (const keys of gate.shards) {
    const position = await postgres.drainPosition.findUnique({ where: { shard: keys.shard } });
    const from = `(${position?.position ?? '0-0'}`;
    for (const [, fields] of await gate.connection.redis.xrange(keys.usage, from, '+')) {
      const [charge = '0', , , owner] = (fields[1] ?? '').split(' ');
      undrained += owner === teamId ? BigInt(charge) : 0n;
    }
  }
  // What was drained in between would be counted on one side alone: then it is read again.
  const after = await stores.records.ledger.account(teamId);
  return after?.used === account.used && after.funded === account.funded
    ? balance.spendable + balance.reserved + undrained - account.balance
    : driftOf(stores, gate, postgres, teamId);
}
