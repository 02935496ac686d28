// Reading another system's database: whole, read only, in one snapshot.

import { Client } from 'pg';

/** A connection that is not there after this will not come. */
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** Answers the rows of each query. Throws what the database says; never the address, which holds a password. */
export async function readDatabase<Rows>(
  databaseUrl: string,
  queries: Readonly<Record<keyof Rows, string>>,
): Promise<Rows> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const read: Record<string, unknown> = {};
    for (const [name, query] of Object.entries<string>(queries)) {
      read[name] = (await client.query(query)).rows;
    }
    // Each query names the columns of its rows.
    return read as unknown as Rows;
  } finally {
    await client.end();
  }
}
