// `npm run mutants`: breaks a copy of the tree in each way of mutants.ts, and shows that the tests notice.
// `-- settle` takes those whose flaw or file holds that word.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MUTANTS } from './mutants.ts';
import type { Mutant } from './mutants.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COPIED = [
  'src',
  'worker',
  'test',
  'prisma',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** Each costs a Postgres and a Redis; a two-core machine bears two. */
const AT_ONCE = 2;
/** As many as find every flaw here; a broken gate is found by far fewer. */
const MODEL_SEQUENCES = 250;
/** A mutant may make a test wait for ever; then its time-out notices. */
const MUTANT_TIMEOUT_MS = 300_000;

type Outcome = 'noticed' | 'survived' | 'timed out';

async function main(): Promise<void> {
  const word = process.argv[2] ?? '';
  const chosen = MUTANTS.filter(({ flaw, file }) => flaw.includes(word) || file.includes(word));
  await requireSoundTree([...new Set(chosen.flatMap(({ tests }) => tests))]);
  const waiting = [...chosen];
  let survived = 0;
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const began = performance.now();
      const outcome = await outcomeOf(mutant);
      survived += outcome === 'survived' ? 1 : 0;
      const seconds = ((performance.now() - began) / 1_000).toFixed(0).padStart(4);
      console.log(`${outcome.padEnd(9)} ${seconds} s  ${mutant.flaw} (${mutant.file})`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(`\n${chosen.length - survived} of ${chosen.length} flaws were noticed`);
  process.exitCode = survived === 0 ? 0 : 1;
}

/** Tests that fail anyway would seem to notice everything. */
async function requireSoundTree(tests: readonly string[]): Promise<void> {
  const unbroken = { flaw: '', file: 'package.json', from: '', to: '', tests };
  if ((await outcomeOf(unbroken)) !== 'survived') {
    throw new Error('Looking for mutants: the tests fail on the unbroken tree, mend that first');
  }
}

async function outcomeOf(mutant: Mutant): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-mutant-'));
  try {
    for (const name of COPIED) {
      await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    }
    await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const file = path.join(folder, mutant.file);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(mutant.from, () => mutant.to),
    );
    return await runTests(folder, mutant.tests);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runTests(folder: string, tests: readonly string[]): Promise<Outcome> {
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--bail=1', ...tests], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, MODEL_SEQUENCES: String(MODEL_SEQUENCES) },
  });
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => {
    child.kill('SIGTERM');
    resolve('timed out');
  }, MUTANT_TIMEOUT_MS);
  child.on('exit', (code) => resolve(code === 0 ? 'survived' : 'noticed'));
  return promise.finally(() => clearTimeout(timer));
}

await main();
