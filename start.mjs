// The first step of `npm start` and `npm test`. It may run on an old Node before anything is
// installed, so it is plain JavaScript, and so is what it imports.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { portsFrom, readFirstPort, requireFreePorts } from './src/embedded/start-ports.mjs';

const repository = path.dirname(fileURLToPath(import.meta.url));

/** Holds the digest of the lockfile that was installed to the end. */
const installedFile = path.join(repository, 'node_modules', '.installed-from');

const OLDEST_NODE = 18;

/** The product runs TypeScript files directly, which Node does from here on. */
const PRODUCT_NODE = 24;

/** A cold cache on a slow line. */
const INSTALL_TIMEOUT_MS = 600_000;

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

async function main() {
  if (majorOf(process.versions.node) < OLDEST_NODE) {
    throw new Error(
      `Start: this is Node ${process.versions.node}, install Node ${OLDEST_NODE} or newer`,
    );
  }
  const isStart = !process.argv.includes('--prepare');
  if (isStart) {
    await lookAtPorts();
  }
  installPackages();
  await generateClient();
  if (isStart) {
    runSupervisor();
  } else {
    await generateApiTypes();
  }
}

/**
 * Nobody shall wait for an install only to be told that a port is taken. Where this home runs already, or
 * was killed, its ports are its own: then the supervisor looks, who knows which processes those are.
 */
async function lookAtPorts() {
  const given = (name) => process.env[name]?.trim() || null;
  const ports = portsFrom(readFirstPort(given('QUARTERMASTER_PORT')));
  const home = path.resolve(given('QUARTERMASTER_HOME') ?? '.quartermaster');
  if (!existsSync(path.join(home, 'run.json'))) {
    await requireFreePorts(ports, {
      hasSlack: given('SLACK_BOT_TOKEN') !== null,
      hasPostgres: given('DATABASE_URL') !== null,
      hasRedis: given('REDIS_URL') !== null,
    });
  }
}

function installPackages() {
  const lacking = isInstalled() ? null : findLackingPackage();
  if (lacking === null && productNode() !== null) {
    return;
  }
  const began = Date.now();
  console.log(`Installing packages (${lacking ?? 'no Node of its own yet'})`);
  const npm = npmCommand();
  const run = spawnSync(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund'], {
    cwd: repository,
    encoding: 'utf8',
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (run.status !== 0) {
    const said = run.error ? run.error.message : `${run.stdout}${run.stderr}`;
    throw new Error(`Install packages: npm ci failed, mend what it says and start again\n${said}`);
  }
  writeFileSync(installedFile, lockfileDigest());
  console.log(`Packages installed (${Math.round((Date.now() - began) / 1000)} s)`);
}

/** Whether this very lockfile was installed to the end before: then nothing needs to be compared. */
function isInstalled() {
  try {
    return readFileSync(installedFile, 'utf8') === lockfileDigest();
  } catch {
    return false;
  }
}

function lockfileDigest() {
  const text = readFileSync(path.join(repository, 'package-lock.json'));
  return createHash('sha256').update(text).digest('hex');
}

/**
 * What the lockfile asks for and node_modules does not have, or null. npm writes its own list of what
 * it installed last, so a broken-off install is found, too.
 */
function findLackingPackage() {
  const wanted = readLockFile('package-lock.json');
  const present = readLockFile(path.join('node_modules', '.package-lock.json'));
  if (wanted === null) {
    throw new Error(
      'Start: package-lock.json is missing or broken, restore it from the repository',
    );
  }
  if (present === null) {
    return 'none are here yet';
  }
  for (const [place, entry] of Object.entries(wanted)) {
    const here = present[place];
    const optional = entry.optional || entry.devOptional || entry.peer;
    if (place !== '' && !(here ? here.version === entry.version : optional)) {
      return `${place.replace(/^.*node_modules\//, '')} ${entry.version} is not here`;
    }
  }
  return null;
}

function readLockFile(name) {
  try {
    return JSON.parse(readFileSync(path.join(repository, name), 'utf8')).packages;
  } catch {
    return null;
  }
}

/** The npm that runs us if there is one: it knows its own settings. */
function npmCommand() {
  const cli = process.env['npm_execpath'];
  return cli && /npm-cli\.c?js$/.test(cli) ? [process.execPath, cli] : ['npm'];
}

async function generateClient() {
  const began = Date.now();
  const module = await import('./src/embedded/generate-client.mjs');
  if (module.generateClient()) {
    console.log(`Database client written (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
}

/** Types of the API are for those who check types and run tests: nothing that starts needs them. */
async function generateApiTypes() {
  const began = Date.now();
  const module = await import('./src/embedded/generate-api-types.mjs');
  if (module.generateApiTypes(requireProductNode())) {
    console.log(`Types of the API written (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
}

/** The project's own Node, or the one that runs us when it is new enough. */
function productNode() {
  const own = path.join(repository, 'node_modules', '.bin', 'node');
  if (existsSync(own)) {
    return own;
  }
  return majorOf(process.versions.node) >= PRODUCT_NODE ? process.execPath : null;
}

function requireProductNode() {
  const node = productNode();
  if (node === null) {
    throw new Error(
      `Start: the package "node" brought no program, run "npm rebuild node" or use Node ${PRODUCT_NODE}`,
    );
  }
  return node;
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

/** Hands over to the supervisor; signals reach it, and our end is its end. */
function runSupervisor() {
  const node = requireProductNode();
  const file = path.join(repository, 'src', 'embedded', 'supervisor.ts');
  // The channel tells the supervisor when we are killed without a word.
  const supervisor = spawn(node, [file], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => supervisor.kill(signal));
  }
  supervisor.on('error', (error) => {
    console.error(`Start: ${error.message}`);
    process.exitCode = 1;
  });
  supervisor.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
