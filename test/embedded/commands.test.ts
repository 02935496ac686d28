// The commands of an operator, beside a product that `npm start` runs, and where nothing runs.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childEnvironment } from '../../src/embedded/environment.ts';
import { createTestHome } from '../support/supervised.ts';
import type { TestHome } from '../support/supervised.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
let home: TestHome;
let empty: string;
beforeAll(async () => {
  [home, empty] = await Promise.all([
    createTestHome(),
    mkdtemp(path.join(tmpdir(), 'quartermaster-empty-')),
  ]);
  await home.startReady();
});
afterAll(async () => {
  await home.close();
  await rm(empty, { recursive: true });
});

/** Runs it with no environment of a deployment, but the folder of a home. */
async function run(file: string, args: readonly string[], folder: string) {
  const child = spawn(process.execPath, [path.join(repository, 'worker', file), ...args], {
    cwd: empty,
    env: childEnvironment({
      DATABASE_URL: '',
      REDIS_URL: '',
      QUARTERMASTER_CONFIG: '',
      QUARTERMASTER_HOME: folder,
    }),
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { code, said };
}

test('they find the product that runs in their folder', async () => {
  const ended = await Promise.all([
    run('verify-audit-now.ts', [], home.folder),
    run('reconcile-now.ts', [], home.folder),
    run('run-now.ts', ['expire-jobs'], home.folder),
    run('run-now.ts', ['verify-ledger', '--dry-run'], home.folder),
  ]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const [verified, reconciled, ran, tried] = ended.map(({ said }) => said);
  expect(verified).toMatch(/^The audit trail holds: \d+ entries/);
  expect(reconciled).toContain('compared, 0 differ');
  expect(ran).toContain('expire-jobs is done');
  expect(tried).toContain('verify-ledger: nothing was changed');
  expect(tried).toMatch(/"broken":0,.*the ledger was verified/);
});

test('what cannot be run is told with what can', async () => {
  const ended = await Promise.all([
    run('run-now.ts', ['carry-proposal', '--payload', 'x'], home.folder),
    run('run-now.ts', ['drain'], home.folder),
  ]);
  expect(ended.map(({ code }) => code)).toEqual([1, 1]);
  const [noJson, noTask] = ended.map(({ said }) => said);
  expect(noJson).toContain('✖ It is no JSON');
  expect(noTask).toMatch(/no task "drain" to be run by hand, give one of carry-proposal, /);
});

test('where nothing runs, and of an argument that is not known, they say so in one line', async () => {
  const ended = await Promise.all([
    run('verify-audit-now.ts', [], empty),
    run('set-aside.ts', [], empty),
    run('reconcile-now.ts', ['--everything'], home.folder),
  ]);
  expect(ended.map(({ code }) => code)).toEqual([1, 1, 1]);
  expect(ended.map(({ said }) => said.trim().split('\n').length)).toEqual([1, 1, 1]);
  const [verify, setAside, reconcile] = ended.map(({ said }) => said);
  const missing = /Nothing runs in .* and DATABASE_URL is not set: run it where `npm start` runs/;
  expect(verify).toMatch(missing);
  expect(setAside).toMatch(missing);
  expect(reconcile).toContain("reconcile: Unknown option '--everything'");
});
