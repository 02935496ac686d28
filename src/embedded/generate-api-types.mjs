import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = path.join(repository, 'src', 'client', 'generated');
const stampFile = path.join(folder, '.written-from');

/** Where the description of the API comes from. */
const SOURCES = ['src/api', 'src/core', 'src/proxy/jobs', 'src/client/types'];

/** Writing takes about a second; a loaded machine gets a minute. */
const TIMEOUT_MS = 60_000;

/**
 * Writes the types of the typed client anew when what describes the API is not what they were written from.
 * Only who checks types needs them: a running program has none.
 * @param {string} node the Node that runs TypeScript
 * @returns {boolean} whether it had to
 */
export function generateApiTypes(node) {
  const stamp = currentStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return false;
  }
  const program = path.join(repository, 'src', 'client', 'types', 'write.ts');
  const run = spawnSync(node, [program, folder], {
    cwd: repository,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (run.status !== 0) {
    throw new Error(`Write the types of the API: ${run.error?.message ?? ''}\n${run.stderr}`);
  }
  writeFileSync(stampFile, stamp);
  return true;
}

function currentStamp() {
  const hash = createHash('sha256');
  hash.update(createRequire(import.meta.url)('zod/package.json').version);
  for (const source of SOURCES) {
    const files = readdirSync(path.join(repository, source), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /\.(ts|json)$/.test(name)).sort()) {
      hash.update(file).update(readFileSync(path.join(repository, source, file)));
    }
  }
  return hash.digest('hex');
}
