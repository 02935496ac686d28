import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf } from '../thrown.ts';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export const schemaFile = path.join(repository, 'prisma', 'schema.prisma');
export const migrationsFolder = path.join(repository, 'prisma', 'migrations');

/** Reads the migrations from disk, in the order of their names, as the engine wants them. */
export async function readMigrations(folder = migrationsFolder): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: await readLockFile(folder) },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(path.join(folder, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  };
}

async function readLockFile(folder: string): Promise<string | null> {
  try {
    return await readFile(path.join(folder, 'migration_lock.toml'), 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}
