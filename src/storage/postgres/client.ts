import { PrismaPg } from '@prisma/adapter-pg';
import { Client, DatabaseError, Pool } from 'pg';
import { RecordsUnavailable } from '../../core/faults.ts';
import { PrismaClient } from '../generated/client.ts';
import type { Prisma } from '../generated/client.ts';
import { endWhenSilent } from './silence.ts';

/** Enough for a process that mostly waits for the gate; ten processes stay under Postgres' default. */
const POOL_MAX = 8;
const CONNECT_TIMEOUT_MS = 3_000;
/** A statement that takes longer is stuck behind a lock or a dead disk. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** By then Postgres itself has ended nearly every statement, and said so; whoever says nothing may be gone. */
const SILENCE_MS = 20_000;
const IDLE_TIMEOUT_MS = 30_000;
/** Whoever is silent for longer was stopped; those who wait for its locks must get them before their statements time out. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const TRANSACTION_WAIT_MS = 5_000;
const TRANSACTION_TIMEOUT_MS = 20_000;

export type Postgres = ReturnType<typeof connectPostgres>;
/** What works inside and outside of a transaction alike. */
export type PostgresScope = Prisma.TransactionClient;

/** Opens Postgres; connects on first use. Every method throws RecordsUnavailable when it can't be reached. */
export function connectPostgres(
  url: string,
  { idleInTransactionMs = IDLE_IN_TRANSACTION_MS, silenceMs = SILENCE_MS } = {},
): PrismaClient {
  const pool = new Pool({
    connectionString: url,
    max: POOL_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  });
  pool.on('connect', (client) => {
    // Postgres names the process that serves a connection; pg's types don't.
    const { processID } = client as { readonly processID?: number };
    endWhenSilent(client.connection.stream, silenceMs, async () => isAtWork(url, processID));
  });
  return new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    transactionOptions: { maxWait: TRANSACTION_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
}

/** Whether a process of Postgres is at work, asked over a connection of its own. One that is too full to say so is believed. */
async function isAtWork(url: string, processId: number | undefined): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  });
  // Told by the attempt itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active'`,
      [processId],
    );
    return found.rows.length > 0;
  } catch (error) {
    return error instanceof DatabaseError;
  } finally {
    client.end().catch(() => undefined);
  }
}

/** Gives what a query answers, and a RecordsUnavailable for the many ways of not being reached. */
export async function reached<Answer>(attempt: string, query: Promise<Answer>): Promise<Answer> {
  try {
    return await query;
  } catch (error) {
    throw isUnreachable(error)
      ? new RecordsUnavailable(`${attempt}: Postgres cannot be reached, see its log`, {
          cause: error,
        })
      : error;
  }
}

// Prisma's own codes for: can't reach, time-out, pool exhausted, closed, transaction not startable.
const UNREACHABLE_CODES = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028']);
const UNREACHABLE_TEXT =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|Connection terminated|connection timeout|the database system is|not currently accepting connections|terminating connection|too many clients|Can't reach database|DatabaseNotReachable|ConnectionClosed|SocketTimeout|Client has encountered a connection error/i;

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const code = 'code' in error ? String(error.code) : '';
  const cause = 'cause' in error ? JSON.stringify(error.cause ?? null) : '';
  return (
    UNREACHABLE_CODES.has(code) ||
    UNREACHABLE_TEXT.test(error.message) ||
    UNREACHABLE_TEXT.test(code) ||
    UNREACHABLE_TEXT.test(cause)
  );
}
