// The composition root: builds every client once, by hand, and disposes of them in reverse.

import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { Fault, RecordsUnavailable } from './core/faults.ts';
import type { Stores } from './core/stores.ts';
import { createSealer } from './core/sealing.ts';
import { createKnownModels } from './known-models.ts';
import { createRedisGate } from './storage/gate/redis-gate.ts';
import type { RedisGate } from './storage/gate/redis-gate.ts';
import type { ProjectionSource } from './storage/gate/source.ts';
import type { PrismaClient } from './storage/generated/client.ts';
import { connectPostgres, reached } from './storage/postgres/client.ts';
import { createProjectionSource } from './storage/postgres/projection-source.ts';
import { createRecords } from './storage/postgres/records.ts';
import { createRefusedCalls } from './storage/refusals/reading.ts';

export interface Services extends AsyncDisposable {
  readonly config: Config;
  readonly log: Logger;
  readonly postgres: PrismaClient;
  readonly source: ProjectionSource;
  readonly gate: RedisGate;
  readonly stores: Stores;
}

/** At start Redis may still be loading its data. */
const GATE_READY_TIMEOUT_MS = 30_000;

/** Postgres may be starting at the same time as we do. */
const POSTGRES_READY_TIMEOUT_MS = 30_000;
const POSTGRES_RETRY_MS = 500;

/** Connects to everything. Throws, with the cure, when something does not answer in time. */
export async function openServices(config: Config): Promise<Services> {
  const log = pino({
    level: config.logLevel,
    // What may hold a secret is never logged, whoever logs it.
    redact: ['*.authorization', 'headers.authorization', '*.secretKey', '*.virtual_key'],
  });
  const postgres = connectPostgres(config.databaseUrl);
  const source = createProjectionSource(postgres);
  const gate = createRedisGate({
    redisUrl: config.redisUrl,
    namespace: config.gateNamespace,
    source,
    reservationDeadlineMs: config.limits.reservationDeadlineMs,
    onComplaint: (complaint) => log.warn({ part: 'gate' }, complaint),
    clock: Date.now,
  });
  const stores: Stores = {
    records: createRecords(postgres),
    gate,
    refused: createRefusedCalls(gate.connection.redis, config.gateNamespace, Date.now),
    clock: Date.now,
    settings: {
      keyPepper: config.keyPepper.reveal(),
      lowCreditPercent: config.alerts.lowCreditPercent,
      budgetPercents: config.alerts.budgetPercents,
      keyExpiryDays: config.alerts.keyExpiryDays,
      newTeam: config.teamDefaults,
      jobs: config.jobs,
      approvals: config.approvals,
      webhooks: config.webhooks,
      knownModels: createKnownModels(config.models, config.limits.defaultMaxOutputTokens),
    },
    sealer: createSealer([
      ...config.masterKeys.map((key) => key.reveal()),
      config.keyPepper.reveal(),
    ]),
  };
  const dispose = async (): Promise<void> => {
    gate.close();
    await postgres.$disconnect();
  };
  try {
    await gate.ready(GATE_READY_TIMEOUT_MS);
    await askPostgres(postgres);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { config, log, postgres, source, gate, stores, [Symbol.asyncDispose]: dispose };
}

/** Waits until Postgres answers and has our tables. */
async function askPostgres(postgres: PrismaClient): Promise<void> {
  const giveUpMs = Date.now() + POSTGRES_READY_TIMEOUT_MS;
  for (;;) {
    try {
      await reached('Starting', postgres.catalogVersion.count());
      return;
    } catch (error) {
      if (!(error instanceof RecordsUnavailable) || Date.now() > giveUpMs) {
        throw new Fault(complaintAbout(error), { cause: error });
      }
      await pause(POSTGRES_RETRY_MS);
    }
  }
}

function complaintAbout(error: unknown): string {
  const { message } = error as Error;
  if (/authentication failed|denied access|P1000|P1010/i.test(message)) {
    return 'Starting: Postgres refuses the login, correct user and password in DATABASE_URL';
  }
  if (/does not exist/i.test(message)) {
    return 'Starting: the database has no tables of ours, run "npm run db:migrate" first';
  }
  return `Starting: ${message}`;
}
