import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startScratchPostgres } from './migrate/scratch.ts';
import { migrate } from './migrate.ts';
import { schemaDrift } from './migrate/drift.ts';
import { migrationsFolder } from './migrate/folder.ts';
import { messageOf } from './thrown.ts';

/** `npm run db:new -- add team notes` writes the migration that schema.prisma lacks, to be read and mended. */
async function main(words: readonly string[]): Promise<void> {
  const name = words
    .join('_')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  if (name === '') {
    throw new Error(
      'Make a migration: it has no name, say what it does: npm run db:new -- add team notes',
    );
  }
  const statements = await lackingStatements();
  if (statements.length === 0) {
    process.stdout.write('schema.prisma and the migrations agree: nothing to write\n');
    return;
  }
  const folder = path.join(migrationsFolder, `${await nextNumber()}_${name}`);
  const file = path.join(folder, 'migration.sql');
  await mkdir(folder);
  await writeFile(file, statements.map((statement) => `${statement};\n`).join('\n'));
  process.stdout.write(`Wrote ${file}; read it before you commit it\n`);
}

async function lackingStatements(): Promise<string[]> {
  const scratch = await startScratchPostgres();
  try {
    await migrate(scratch.url);
    return await schemaDrift(scratch.url);
  } finally {
    await scratch.close();
  }
}

async function nextNumber(): Promise<string> {
  const names = await readdir(migrationsFolder);
  const last = Math.max(0, ...names.map((name) => Number.parseInt(name, 10) || 0));
  return String(last + 1).padStart(4, '0');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
