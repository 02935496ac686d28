import type { RevealSettings } from '../../src/config/environment.ts';
import { readConfigText } from '../../src/config/file.ts';
import type { ModelConfig } from '../../src/config/models.ts';
import { DEFAULT_APPROVALS } from '../../src/core/approvals/policy.ts';
import type { Records, Stores } from '../../src/core/stores.ts';
import { createSealer } from '../../src/core/sealing.ts';
import { createKnownModels } from '../../src/known-models.ts';
import { createRedisGate } from '../../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../../src/storage/gate/redis-gate.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import type { Postgres } from '../../src/storage/postgres/client.ts';
import { createProjectionSource } from '../../src/storage/postgres/projection-source.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { createRevealGuesses } from '../../src/storage/reveal-guesses.ts';
import { createRefusedCalls } from '../../src/storage/refusals/reading.ts';
import { connectQueue } from '../../src/queue/queue.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import { createTestRedis } from '../support/redis-for-tests.ts';
import { openManagement } from './management.ts';
import type { Management } from './management.ts';

const GATE_READY_MS = 5_000;

export { ADMIN_KEY } from './management.ts';
export type { Told } from './management.ts';

export interface Door extends Management {
  readonly stores: Stores;
  readonly gate: RedisGate;
  readonly postgres: Postgres;
  /** Another server of the same door. */
  replica(): Promise<Management>;
  readonly redisUrl: string;
  readonly namespace: string;
}

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
  await records.accessGroups.replace(
    GROUPS,
    modelsOfFile().map(({ alias }) => alias),
    new Map(modelsOfFile().map(({ alias, dialects }) => [alias, dialects])),
  );
  const stores: Stores = {
    records: others.records ?? records,
    gate,
    refused: createRefusedCalls(gate.connection.redis, redis.namespace, Date.now),
    clock: () => Date.now(),
    sealer: createSealer(['a master key for tests']),
    settings: {
      keyPepper: 'pepper-0123456789abcdef',
      knownModels: createKnownModels(modelsOfFile(), 16_384),
      lowCreditPercent: 20,
      budgetPercents: [80],
      keyExpiryDays: [7, 1],
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
  const openReplica = async () =>
    openManagement(stores, {
      ...(others.reveal === undefined
        ? {}
        : {
            reveal: {
              settings: others.reveal,
              guesses: createRevealGuesses(gate.connection.redis, redis.namespace),
            },
          }),
      openQueue: async () => connectQueue(redis.url, redis.namespace, () => undefined),
    });
  const management = await openReplica();
  return {
    ...management,
    replica: openReplica,
    stores,
    gate,
    postgres,
    redisUrl: redis.url,
    namespace: redis.namespace,
    async close() {
      await management.close();
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

const FILE = `
models:
  gpt-4o: { deployments: [{ base_url: http://openai.test/v1, api_key: sk-of-the-file }] }
  gpt-4o-mini: { max_output_tokens: 1000, deployments: [{ base_url: http://openai.test/v1 }] }
  claude-sonnet: { deployments: [{ dialect: anthropic, model: claude-sonnet-4-5, base_url: http://anthropic.test/v1 }] }
model_list:
  - model_name: gemini-pro
    litellm_params: { model: gemini/gemini-2.5-pro, api_key: sk-of-the-file, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
    model_info: { supports_vision: true, team: research }
`;

function modelsOfFile(): readonly ModelConfig[] {
  const read = readConfigText('test.yaml', FILE, {});
  if ('problems' in read) {
    throw new Error(read.problems.map(({ message }) => message).join('\n'));
  }
  return read.config.models;
}
