import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, DriverAdapterError } from '@prisma/driver-adapter-utils';
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
} from '@prisma/driver-adapter-utils';
import { DatabaseError } from 'pg';
import type { Pool } from 'pg';
import { codeOf, messageOf } from '../thrown.ts';

/**
 * Prisma's Postgres adapter with two differences.
 *
 * It sends a migration to the database whole. The original cuts it at every `;`, which breaks functions
 * and triggers, and applies the half before a fault. Sent whole, a migration is one implicit
 * transaction: all of it or nothing.
 *
 * It reads columns of the type `"char"`, which PostgreSQL's own catalogue has and the original does not
 * know, so that the engine can look at a database.
 */
export function migrationAdapter(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await factory.connect();
    return Object.assign(adapter, {
      executeScript: async (script: string) => sendWhole(pool, script),
      queryRaw: readingCatalogue(pool, adapter.queryRaw.bind(adapter)),
    });
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    connectToShadowDb: async () => {
      throw new Error('Compare schemas: a second database is not needed here');
    },
  };
}

async function sendWhole(pool: Pool, script: string): Promise<void> {
  try {
    await pool.query(script);
  } catch (error) {
    throw new DriverAdapterError({
      kind: 'postgres',
      code: codeOf(error) ?? 'XX000',
      severity: 'ERROR',
      message: messageOf(error),
      detail: fieldOf(error, 'detail'),
      column: fieldOf(error, 'column'),
      hint: fieldOf(error, 'hint'),
    });
  }
}

function fieldOf(error: unknown, field: 'detail' | 'column' | 'hint'): string | undefined {
  return error instanceof DatabaseError ? error[field] : undefined;
}

type QueryRaw = (query: SqlQuery) => Promise<SqlResultSet>;

/** What the catalogue's columns are of, by PostgreSQL's type number; anything else is text. */
const COLUMN_TYPES: Readonly<Record<number, number>> = {
  16: ColumnTypeEnum.Boolean,
  18: ColumnTypeEnum.Character,
  20: ColumnTypeEnum.Int64,
  21: ColumnTypeEnum.Int32,
  23: ColumnTypeEnum.Int32,
  26: ColumnTypeEnum.Int64,
  1003: ColumnTypeEnum.TextArray,
  1009: ColumnTypeEnum.TextArray,
};

/** Asks the original first, and answers by ourselves where it meets a type that it does not know. */
function readingCatalogue(pool: Pool, original: QueryRaw): QueryRaw {
  return async (query) => {
    try {
      return await original(query);
    } catch (error) {
      if (
        !(error instanceof DriverAdapterError) ||
        error.cause.kind !== 'UnsupportedNativeDataType'
      ) {
        throw error;
      }
    }
    const result = await pool.query<unknown[]>({
      text: query.sql,
      values: query.args,
      rowMode: 'array',
    });
    return {
      columnNames: result.fields.map((field) => field.name),
      columnTypes: result.fields.map(
        (field) => (COLUMN_TYPES[field.dataTypeID] ?? ColumnTypeEnum.Text) as never,
      ),
      rows: result.rows,
    };
  };
}
