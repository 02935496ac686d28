import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const schemaFile = path.join(repository, 'prisma', 'schema.prisma');
const folder = path.join(repository, 'src', 'storage', 'generated');
const stampFile = path.join(folder, '.schema-hash');

/** Generating takes about two seconds; a loaded machine gets a minute. */
const TIMEOUT_MS = 60_000;

/**
 * Writes the database client anew when the schema or Prisma's version is not the one it was written for.
 * @returns {boolean} whether it had to
 */
export function generateClient() {
  const stamp = currentStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return false;
  }
  const prisma = path.join(repository, 'node_modules', 'prisma', 'build', 'index.js');
  const run = spawnSync(nodeBinary(), [prisma, 'generate', '--schema', schemaFile], {
    cwd: repository,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    // Generating needs no engine, but Prisma would download one: any program on disk keeps it from that.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, NO_COLOR: '1' },
  });
  if (run.status !== 0) {
    throw new Error(`Generate the database client: prisma failed\n${run.stdout}${run.stderr}`);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}

function currentStamp() {
  const { version } = createRequire(import.meta.url)('prisma/package.json');
  return createHash('sha256').update(version).update(readFileSync(schemaFile)).digest('hex');
}

/** The project's own Node, because Prisma needs a newer one than the first step may run on. */
function nodeBinary() {
  const own = path.join(repository, 'node_modules', '.bin', 'node');
  return existsSync(own) ? own : process.execPath;
}
