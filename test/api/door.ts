import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { createApi } from '../../src/api/server.ts';
import type { RevealSettings } from '../../src/config/environment.ts';
import { Secret } from '../../src/config/secret.ts';
import { DEFAULT_APPROVALS } from '../../src/core/approvals/policy.ts';
import type { Records, Stores } from '../../src/core/stores.ts';
import { createSealer } from '../../src/core/sealing.ts';
import { createRedisGate } from '../../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../../src/storage/gate/redis-gate.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import type { Postgres } from '../../src/storage/postgres/client.ts';
import { createProjectionSource } from '../../src/storage/postgres/projection-source.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { createRefusedCalls } from '../../src/storage/refusals/reading.ts';
import { createAddressOf } from '../../src/proxy/address.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import { createTestRedis } from '../support/redis-for-tests.ts';

export const ADMIN_KEY = 'sk-admin-0123456789abcdef';
const BODY_MAX_BYTES = 64 * 1024;
const GATE_READY_MS = 5_000;

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests read answers as clients do, by the names that are documented.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

export interface Door {
  readonly url: string;
  readonly stores: Stores;
  readonly gate: RedisGate;
  readonly postgres: Postgres;
  /** Everything that was logged, as text. */
  logged(): string;
  /** Sends a request with the admin key; a body that is text goes as it is. */
  ask(method: string, path: string, body?: unknown, headers?: HeadersGiven): Promise<Told>;
  /** Sends a request as a stranger. */
  askBare(method: string, path: string, headers?: HeadersGiven): Promise<Told>;
  /** Sends a form, as a page does. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Told>;
  health: { ok: boolean };
  close(): Promise<void>;
}
type HeadersGiven = Readonly<Record<string, string>>;

/**
 * The management door behind a server of its own, over a database and a Redis of its own. Given other
 * records, it answers from those.
 */
export async function openDoor(
  others: { readonly records?: Records; readonly reveal?: RevealSettings } = {},
): Promise<Door> {
  const [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
  const postgres = connectPostgres(database.url);
  const records = createRecords(postgres);
  const gate = createRedisGate({
    redisUrl: redis.url,
    namespace: redis.namespace,
    source: createProjectionSource(postgres),
    reservationDeadlineMs: 15_000,
    onComplaint: () => undefined,
    clock: Date.now,
  });
  await gate.ready(GATE_READY_MS);
  await records.accessGroups.replace(GROUPS, [
    'gpt-4o',
    'gpt-4o-mini',
    'claude-sonnet',
    'gemini-pro',
  ]);
  const stores: Stores = {
    records: others.records ?? records,
    gate,
    refused: createRefusedCalls(gate.connection.redis, redis.namespace, Date.now),
    clock: () => Date.now(),
    sealer: createSealer(['a master key for tests']),
    settings: {
      keyPepper: 'pepper-0123456789abcdef',
      lowCreditPercent: 20,
      webhooks: { allowedAddresses: [], allowHttp: false },
      jobs: { chargeFailed: false, lifeMs: 86_400_000 },
      approvals: DEFAULT_APPROVALS,
      newTeam: {
        budgetMode: 'job_based',
        microcreditsPerUsd: 10_000_000n,
        tokensPerCredit: 10_000n,
        markupBasisPoints: 0,
      },
    },
  };
  let logged = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  const health = { ok: true };
  const server = createServer((request, response) => api.handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = await createApi({
    stores,
    adminKey: new Secret(ADMIN_KEY),
    addressOf: createAddressOf([]),
    publicUrl: url,
    log: pino({ level: 'trace' }, sink),
    health: {
      ready: async () => ({
        ok: health.ok,
        parts: { postgres: 'up', gate: health.ok ? 'up' : 'down' },
      }),
    },
    bodyMaxBytes: BODY_MAX_BYTES,
    ...(others.reveal === undefined ? {} : { reveal: others.reveal }),
  });
  const send = async (method: string, path: string, init: RequestInit): Promise<Told> => {
    const response = await fetch(url + path, { method, redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  };
  return {
    url,
    stores,
    gate,
    postgres,
    health,
    logged: () => logged,
    ask: async (method, path, body, headers = {}) =>
      send(method, path, {
        headers: {
          authorization: `Bearer ${ADMIN_KEY}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    askBare: async (method, path, headers = {}) => send(method, path, { headers }),
    submit: async (path, fields) => send('POST', path, { body: new URLSearchParams(fields) }),
    async close() {
      await api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      gate.close();
      await postgres.$disconnect();
      await database.drop();
    },
  };
}

const GROUPS = [
  { name: 'gpt-models', displayName: 'GPT', aliases: ['gpt-4o', 'gpt-4o-mini'] },
  { name: 'claude-models', displayName: 'Claude', aliases: ['claude-sonnet'] },
  { name: 'gemini-models', displayName: 'Gemini', aliases: ['gemini-pro'] },
];
