import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { childEnvironment } from '../../src/embedded/environment.ts';
import { commandOf } from '../../src/embedded/command-of.mjs';
import { fiveFreePorts } from '../support/supervised.ts';
import { waitFor } from '../support/wait-for.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map(async (folder) => rm(folder, { recursive: true })));
});

/** A lockfile that asks for one package, and for one that this platform need not have. */
const lockfile = (version: string) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { optional: true } },
  });

/** Stands in for npm: notes that it was asked, and leaves what a good install leaves. */
const npm = `
const { appendFileSync, cpSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
cpSync('package-lock.json', 'node_modules/.package-lock.json');
if (require('node:fs').existsSync('npm-fails')) { console.error('no network'); process.exit(1); }
`;

const supervisor = `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => process.exit(7));
process.on('disconnect', () => process.exit(0));
writeFileSync('supervisor-pid', String(process.pid));
setInterval(() => {}, 1000);
`;

async function repositoryWith(installed: string | null): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-start-'));
  folders.push(folder);
  await mkdir(path.join(folder, 'src', 'embedded'), { recursive: true });
  await mkdir(path.join(folder, 'node_modules', '.bin'), { recursive: true });
  await symlink(process.execPath, path.join(folder, 'node_modules', '.bin', 'node'));
  for (const file of ['start.mjs', 'src/embedded/start-ports.mjs', 'src/embedded/command-of.mjs']) {
    await copyFile(path.join(repository, file), path.join(folder, file));
  }
  await writeFile(path.join(folder, 'package-lock.json'), lockfile('2.0.0'));
  await writeFile(path.join(folder, 'npm-cli.js'), npm);
  await writeFile(path.join(folder, 'src', 'embedded', 'supervisor.ts'), supervisor);
  await writeFile(
    path.join(folder, 'src', 'embedded', 'generate-client.mjs'),
    'export const generateClient = () => false;',
  );
  await writeFile(
    path.join(folder, 'src', 'embedded', 'generate-api-types.mjs'),
    'export const generateApiTypes = () => false;',
  );
  if (installed !== null) {
    await writeFile(path.join(folder, 'node_modules', '.package-lock.json'), lockfile(installed));
  }
  return folder;
}

interface StartOptions {
  readonly flags?: readonly string[];
  readonly port?: number;
}

async function start(folder: string, { flags = [], port }: StartOptions = {}) {
  const child = spawn(process.execPath, ['start.mjs', ...flags], {
    cwd: folder,
    env: childEnvironment({
      npm_execpath: path.join(folder, 'npm-cli.js'),
      QUARTERMASTER_PORT: String(port ?? (await fiveFreePorts())),
      QUARTERMASTER_HOME: '',
      DATABASE_URL: '',
      REDIS_URL: '',
      SLACK_BOT_TOKEN: '',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { child, ended, printed: () => printed };
}

const PREPARE = { flags: ['--prepare'] };

async function npmCalls(folder: string): Promise<string> {
  return readFile(path.join(folder, 'npm-calls'), 'utf8').catch(() => '');
}

test('nothing is installed when node_modules holds what the lockfile asks for', async () => {
  const folder = await repositoryWith('2.0.0');
  expect(await (await start(folder, PREPARE)).ended).toBe(0);
  expect(await npmCalls(folder)).toBe('');
});

test.each([
  ['a fresh clone', null],
  ['an outdated install', '1.0.0'],
])('%s is installed from the lockfile, once', async (_, installed) => {
  const folder = await repositoryWith(installed);
  expect(await (await start(folder, PREPARE)).ended).toBe(0);
  expect(await (await start(folder, PREPARE)).ended).toBe(0);
  expect(await npmCalls(folder)).toBe('ci --no-audit --no-fund\n');
});

test('what npm leaves out of a good install is not asked for again and again', async () => {
  const folder = await repositoryWith(null);
  const leavesOut = npm.replace(
    "cpSync('package-lock.json', 'node_modules/.package-lock.json');",
    "require('node:fs').writeFileSync('node_modules/.package-lock.json', '{\"packages\":{}}');",
  );
  await writeFile(path.join(folder, 'npm-cli.js'), leavesOut);
  expect(await (await start(folder, PREPARE)).ended).toBe(0);
  expect(await (await start(folder, PREPARE)).ended).toBe(0);
  expect(await npmCalls(folder)).toBe('ci --no-audit --no-fund\n');
});

test('an install that fails is quoted', async () => {
  const folder = await repositoryWith(null);
  await writeFile(path.join(folder, 'npm-fails'), '');
  const run = await start(folder, PREPARE);
  expect(await run.ended).toBe(1);
  await waitFor(() => run.printed().includes('no network'), { what: 'the words of npm' });
});

test('a signal reaches the supervisor, and its exit code is ours', async () => {
  const folder = await repositoryWith('2.0.0');
  const run = await start(folder);
  await waitFor(async () => supervisorPid(folder), { what: 'the supervisor' });
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(7);
});

test('SIGTERM to npm start alone, as containers send it, reaches the supervisor', async () => {
  const folder = await repositoryWith('2.0.0');
  await copyFile(path.join(repository, 'package.json'), path.join(folder, 'package.json'));
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: childEnvironment({
      QUARTERMASTER_PORT: String(await fiveFreePorts()),
      QUARTERMASTER_HOME: '',
    }),
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const pid = await waitFor(async () => supervisorPid(folder), { what: 'the supervisor' });
  child.kill('SIGTERM');
  await ended;
  const isGone = async () => (await commandOf(pid)) === null;
  expect(await waitFor(isGone, { what: 'the supervisor to end' })).toBe(true);
});

test('the supervisor does not outlive a killed start', async () => {
  const folder = await repositoryWith('2.0.0');
  const run = await start(folder);
  const pid = await waitFor(async () => supervisorPid(folder), { what: 'the supervisor' });
  run.child.kill('SIGKILL');
  const isGone = async () => (await commandOf(pid)) === null;
  expect(await waitFor(isGone, { what: 'the supervisor to end' })).toBe(true);
});

test('a taken port is told before anything is installed, with who has it and the cure', async () => {
  const folder = await repositoryWith(null);
  const port = await fiveFreePorts();
  await using _ = await listenOn(port + 3);
  const run = await start(folder, { port });
  expect(await run.ended).toBe(1);
  expect(run.printed()).toContain(`port ${port + 3} (Postgres) is taken by`);
  expect(run.printed()).toContain('QUARTERMASTER_PORT=5000 npm start');
  const owner = process.platform === 'linux' ? `process ${process.pid}` : 'process';
  expect(run.printed()).toContain(owner);
  expect(await npmCalls(folder)).toBe('');
});

test('where a home runs already, its ports are left to the supervisor to judge', async () => {
  const folder = await repositoryWith('2.0.0');
  await mkdir(path.join(folder, '.quartermaster'));
  await writeFile(path.join(folder, '.quartermaster', 'run.json'), '{}');
  const port = await fiveFreePorts();
  await using _ = await listenOn(port);
  const run = await start(folder, { port });
  await waitFor(async () => supervisorPid(folder), { what: 'the supervisor' });
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(7);
});

async function listenOn(port: number): Promise<AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function supervisorPid(folder: string): Promise<number> {
  return Number(await readFile(path.join(folder, 'supervisor-pid'), 'utf8'));
}
