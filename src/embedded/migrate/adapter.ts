import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { DatabaseError } from 'pg';
import type { Pool } from 'pg';
import { codeOf, messageOf } from '../thrown.ts';

/**
 * Prisma's Postgres adapter with one difference: it sends a migration to the database whole. The
 * original cuts it at every `;`, which breaks functions and triggers, and applies the half before a
 * fault. Sent whole, a migration is one implicit transaction: all of it or nothing.
 */
export function wholeScriptAdapter(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => sendScriptsWhole(await factory.connect()),
    connectToShadowDb: async () => sendScriptsWhole(await factory.connectToShadowDb()),
  };
}

type PgAdapter = Awaited<ReturnType<PrismaPg['connect']>>;

function sendScriptsWhole(adapter: PgAdapter): SqlDriverAdapter {
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      throw new DriverAdapterError({
        kind: 'postgres',
        code: codeOf(error) ?? 'XX000',
        severity: 'ERROR',
        message: messageOf(error),
        detail: detailOf(error, 'detail'),
        column: detailOf(error, 'column'),
        hint: detailOf(error, 'hint'),
      });
    }
  };
  return adapter;
}

function detailOf(error: unknown, field: 'detail' | 'column' | 'hint'): string | undefined {
  return error instanceof DatabaseError ? error[field] : undefined;
}
