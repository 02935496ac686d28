import { pino } from 'pino';
import { expect, inject } from 'vitest';
import { deliverPosts } from '../../src/bot/posts/deliver.ts';
import { createBot } from '../../src/bot/app.ts';
import type { RunningBot } from '../../src/bot/app.ts';
import { Secret } from '../../src/config/secret.ts';
import type { SlackRoles } from '../../src/config/settings.ts';
import { DEFAULT_APPROVALS } from '../../src/core/approvals/policy.ts';
import type { ApprovalPolicy } from '../../src/core/approvals/policy.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createSealer } from '../../src/core/sealing.ts';
import { freePort } from '../../src/embedded/ports.ts';
import type { Person, Seed } from '../../src/embedded/slack/model.ts';
import { defaultSeed } from '../../src/embedded/slack/seed.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { createKnownModels } from '../../src/known-models.ts';
import { createAskedRequests } from '../../src/storage/asked-requests.ts';
import { createRedisGate } from '../../src/storage/gate/redis-gate.ts';
import type { RedisGate } from '../../src/storage/gate/redis-gate.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import type { Postgres } from '../../src/storage/postgres/client.ts';
import { createProjectionSource } from '../../src/storage/postgres/projection-source.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { createRefusedCalls } from '../../src/storage/refusals/reading.ts';
import { startBeat } from '../../worker/beats.ts';
import { mailTo } from '../support/mail.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import { createTestRedis } from '../support/redis-for-tests.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** How Slack reaches the bots of a run; see vitest.config.ts. */
    slackMode: 'socket' | 'http';
  }
}

const POSTS_EVERY_MS = 20;
/** Fifty clicks that wait for one lock take more than a moment, most of all on a busy machine. */
const IDLE_WITHIN_MS = 30_000;

export const MANAGER = 'U0MANAGER';
export const APPROVER = 'U0APPROVER';
export const VIEWER = 'U0VIEWER';

/** Managers by their user group; who looks, by name. */
export const ROLES: SlackRoles = {
  managers: ['S0MANAGERS'],
  approvers: ['U0APPROVER'],
  viewers: ['S0VIEWERS', 'U0VIEWER'],
};

export const GROUPS = [
  { name: 'gpt-models', displayName: 'GPT models', aliases: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1'] },
  { name: 'claude-models', displayName: 'Claude models', aliases: ['claude-sonnet-4-5'] },
];

export interface BotUnderTest {
  readonly bot: RunningBot;
  readonly workspace: RunningWorkspace;
  readonly control: RunningWorkspace['control'];
  readonly stores: Stores;
  readonly gate: RedisGate;
  readonly postgres: Postgres;
  readonly redisUrl: string;
  /** Its corner of Redis. */
  readonly namespace: string;
  /** Every line that the bot logged. */
  readonly logged: () => string;
  /** Where signed requests go; undefined where a socket is open. */
  readonly requestUrl: string | undefined;
  /** Starts another bot on the same stores, after the first was stopped. */
  restart(): Promise<void>;
  /** Until the bot has nothing under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Stores of a database and a corner of Redis of their own. */
export async function createStores(
  lowCreditPercent = 20,
  approvals: ApprovalPolicy = DEFAULT_APPROVALS,
  /** The way to the database, where something stands on it. */
  through: (databaseUrl: string) => Promise<string> = async (url) => url,
) {
  const [database, redis] = await Promise.all([createTestDatabase(), createTestRedis()]);
  const postgres = connectPostgres(await through(database.url));
  const gate = createRedisGate({
    redisUrl: redis.url,
    namespace: redis.namespace,
    source: createProjectionSource(postgres),
    reservationDeadlineMs: 15_000,
    onComplaint: () => undefined,
    clock: Date.now,
  });
  await gate.ready(5_000);
  const stores: Stores = {
    records: createRecords(postgres),
    gate,
    refused: createRefusedCalls(gate.connection.redis, redis.namespace, Date.now),
    clock: Date.now,
    sealer: createSealer(['a master key for tests']),
    settings: {
      keyPepper: 'pepper-for-tests',
      knownModels: createKnownModels([], 16_384),
      lowCreditPercent,
      budgetPercents: [80],
      keyExpiryDays: [7, 1],
      webhooks: { allowedAddresses: [], allowHttp: false },
      jobs: { chargeFailed: false, lifeMs: 86_400_000 },
      approvals,
      newTeam: {
        budgetMode: 'job_based',
        microcreditsPerUsd: 10_000_000n,
        tokensPerCredit: 10_000n,
        markupBasisPoints: 0,
      },
    },
  };
  await stores.records.accessGroups.replace(
    GROUPS,
    [...new Set(GROUPS.flatMap((g) => g.aliases))],
    new Map([['claude-sonnet-4-5', ['anthropic'] as const]]),
  );
  const close = async () => {
    gate.close();
    await postgres.$disconnect();
    await database.drop();
  };
  const { url: redisUrl, namespace } = redis;
  return { stores, gate, postgres, redisUrl, namespace, close };
}

interface Wish {
  readonly roles?: SlackRoles;
  readonly approvals?: Partial<ApprovalPolicy>;
  /** Who else works there, beside those of the workspace's own seed. */
  readonly colleagues?: readonly Person[];
  /** Until when the workspace says it is; moves its 3 s and 30 min. */
  readonly now?: () => number;
  /** How Slack reaches the bot: as in the rest of the run if absent. */
  readonly mode?: 'socket' | 'http';
  /** The way to the database, where something stands on it. */
  readonly through?: (databaseUrl: string) => Promise<string>;
  /** Opens the pages that links lead to; without it they lead nowhere. */
  readonly pages?: (stores: Stores) => Promise<{ readonly url: string }>;
}

/** In every channel, as those who are there anyway. */
function seedWith(colleagues: readonly Person[]): Seed {
  const seed = defaultSeed();
  const ids = colleagues.map(({ id }) => id);
  return {
    ...seed,
    people: [...seed.people, ...colleagues],
    channels: seed.channels.map((channel) => ({
      ...channel,
      members: [...channel.members, ...ids],
    })),
  };
}

/** A real bot in a real workspace, on real stores. */
export async function startBot({
  roles = ROLES,
  colleagues = [],
  now,
  approvals,
  mode = inject('slackMode'),
  pages,
  through,
}: Wish = {}): Promise<BotUnderTest> {
  const [kept, workspace, httpPort] = await Promise.all([
    createStores(undefined, { ...DEFAULT_APPROVALS, channelId: 'C0OPS', ...approvals }, through),
    startWorkspace({
      port: 0,
      seed: seedWith(colleagues),
      ...(now === undefined ? {} : { now }),
    }),
    mode === 'http' ? freePort() : 0,
  ]);
  const requestUrl = mode === 'http' ? `http://127.0.0.1:${httpPort}/slack/events` : undefined;
  workspace.control.useRequestUrl(requestUrl);
  const publicUrl = (await pages?.(kept.stores))?.url ?? 'http://127.0.0.1:4000';
  const lines: string[] = [];
  const log = pino(
    { level: 'trace' },
    {
      write: (line) => {
        lines.push(line);
        if (process.env['BOT_TEST_LOG'] !== undefined) {
          process.stderr.write(line);
        }
      },
    },
  );
  const makeBot = () =>
    createBot({
      slack: {
        botToken: new Secret(workspace.botToken),
        appToken: new Secret(workspace.appToken),
        signingSecret: new Secret(workspace.signingSecret),
        apiUrl: `${workspace.url}/api/`,
        mode,
        httpPort,
      },
      roles,
      stores: kept.stores,
      publicUrl,
      operatorsChannel: 'C0OPS',
      askedRequests: createAskedRequests(kept.gate.connection.redis, kept.namespace),
      pace: { everyMs: 200, lifeMs: 1_500 },
      log,
    });
  let bot = makeBot();
  await bot.start();
  // The worker's part in what people see.
  const mail = mailTo(workspace, kept.stores);
  const posts = startBeat(
    POSTS_EVERY_MS,
    async () => (await deliverPosts(mail)) > 0,
    () => undefined,
  );
  return {
    ...kept,
    get bot() {
      return bot;
    },
    logged: () => lines.join(''),
    requestUrl,
    workspace,
    control: workspace.control,
    async idle() {
      expect(await bot.settled(IDLE_WITHIN_MS)).toBe(true);
    },
    async restart() {
      bot = makeBot();
      await bot.start();
    },
    async close() {
      await bot.stop();
      await posts.stop();
      await workspace.close();
      await kept.close();
    },
  };
}

/** All text of a message or a view, as one string. */
export function textOf(shown: { blocks: unknown; text?: unknown }): string {
  return JSON.stringify(shown.blocks);
}
