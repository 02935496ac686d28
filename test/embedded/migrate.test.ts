import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { migrate } from '../../src/embedded/migrate.ts';
import { schemaDrift } from '../../src/embedded/migrate/drift.ts';
import { migrationsFolder, readMigrations } from '../../src/embedded/migrate/folder.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import { runSql, withDatabase } from '../support/services-for-tests.ts';

const { adminDatabaseUrl } = inject('services');
const made: string[] = [];
let count = 0;

async function emptyDatabase(): Promise<string> {
  const name = `qm_empty_${process.pid}_${(count += 1)}`;
  await runSql(adminDatabaseUrl, `create database ${name}`);
  made.push(name);
  return withDatabase(adminDatabaseUrl, name);
}

afterAll(async () => {
  for (const name of made) {
    await runSql(adminDatabaseUrl, `drop database if exists ${name} with (force)`);
  }
});

async function rowsOf(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function withBadMigration(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-migrations-'));
  await cp(migrationsFolder, folder, { recursive: true });
  await mkdir(path.join(folder, '9999_half_good'));
  const script = 'create table half_made (id int);\ncreate table half_made (id int);\n';
  await writeFile(path.join(folder, '9999_half_good', 'migration.sql'), script);
  return folder;
}

test('every migration is applied once, whoever asks how often at the same time', async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  const names = (await readMigrations()).migrationDirectories.map((each) => each.path);
  expect(applied.flat()).toEqual(names);
  expect(await migrate(url)).toEqual([]);
});

test('a migration that fails is named, with the words of the database, and leaves nothing', async () => {
  const url = await emptyDatabase();
  const folder = await withBadMigration();
  await expect(migrate(url, folder)).rejects.toThrow(/9999_half_good.*"half_made" already exists/);
  expect(await rowsOf(url, `select 1 from pg_tables where tablename = 'half_made'`)).toEqual([]);
  await rm(folder, { recursive: true });
});

test('a database that cannot be reached is a plain sentence', async () => {
  await expect(migrate('postgresql://nobody:secret@127.0.0.1:1/none')).rejects.toThrow(
    /^Migrate the database: .*ECONNREFUSED/,
  );
});

test('schema.prisma and the migrations say the same', async () => {
  const database = await createTestDatabase();
  expect(await schemaDrift(database.url)).toEqual([]);
  await database.drop();
});

test('a column that only the database has is drift, a partial index is not', async () => {
  const database = await createTestDatabase();
  await runSql(database.url, 'create index by_hand on teams (alias) where status is not null');
  await runSql(database.url, 'alter table teams add column by_hand int');
  const drift = await schemaDrift(database.url);
  expect(drift).toHaveLength(1);
  expect(drift[0]).toContain('"by_hand"');
  await database.drop();
});
