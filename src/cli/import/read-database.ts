// Reading another system's database: whole, read only, in one snapshot.

import { Client } from 'pg';

/** A connection that is not there after this will not come. */
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** What to ask; of a table that not every version has, nothing where it is not there. */
export type Query = string | { readonly ifThere: string; readonly sql: string };

/** Answers the rows of each query. Throws what the database says; never the address, which holds a password. */
export async function readDatabase<Rows>(
  databaseUrl: string,
  queries: Readonly<Record<keyof Rows, Query>>,
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
    for (const [name, query] of Object.entries<Query>(queries)) {
      const { ifThere, sql } =
        typeof query === 'string' ? { ifThere: undefined, sql: query } : query;
      const isThere = ifThere === undefined || (await hasTable(client, ifThere));
      read[name] = isThere ? (await client.query(sql)).rows : [];
    }
    // Each query names the columns of its rows.
    return read as unknown as Rows;
  } finally {
    await client.end();
  }
}

async function hasTable(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as is_there', [table]);
  return (rows as { readonly is_there: boolean }[])[0]?.is_there === true;
}
