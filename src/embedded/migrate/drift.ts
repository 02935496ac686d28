import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { everything, withEngine } from './engine.ts';
import { schemaFile } from './folder.ts';

/**
 * The statements that would bring a database made by the migrations to what schema.prisma says: none
 * when the two agree. Triggers and checks are not Prisma's to see; partial and expression indexes,
 * which its schema cannot express, are left alone.
 * @param databaseUrl a database that has every migration
 */
export async function schemaDrift(databaseUrl: string): Promise<string[]> {
  const content = await readFile(schemaFile, 'utf8');
  const files = [{ path: schemaFile, content }];
  const script = await withEngine(databaseUrl, async (engine) => {
    const difference = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: path.dirname(schemaFile) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: everything,
    });
    return difference.stdout ?? '';
  });
  const ours = await handWrittenIndexes(databaseUrl);
  return statementsOf(script).filter((statement) => {
    const dropped = /^DROP INDEX "([^"]+)"/.exec(statement)?.[1];
    return dropped === undefined || !ours.has(dropped);
  });
}

/** The engine writes one statement per paragraph, each under a comment that names its kind. */
function statementsOf(script: string): string[] {
  return script
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.replaceAll(/^--.*\n?/gm, '').trim())
    .filter((statement) => statement !== '');
}

async function handWrittenIndexes(databaseUrl: string): Promise<Set<string>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const found = await client.query<{ name: string }>(
      `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indpred is not null or i.indexprs is not null`,
    );
    return new Set(found.rows.map((row) => row.name));
  } finally {
    await client.end();
  }
}
