// The ports of a start. Plain JavaScript, because start.mjs looks at them before anything is installed.
import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { commandOf, printedBy } from './command-of.mjs';

const DEFAULT_PORT = 4000;

/** How many ports follow the first. */
const PORTS_AFTER_FIRST = 4;

const LAST_PORT = 65_535;

/** The state LISTEN in /proc/net/tcp. */
const LISTENING = '0A';

/** As much of a command line as tells what it is. */
const SHOWN_COMMAND_LENGTH = 120;

/**
 * The first of the five ports, from what QUARTERMASTER_PORT holds.
 * @param {string | null} given
 * @returns {number}
 * @throws {Error} that says which are allowed
 */
export function readFirstPort(given) {
  const port = given === null ? DEFAULT_PORT : Number(given);
  const last = LAST_PORT - PORTS_AFTER_FIRST;
  if (!Number.isInteger(port) || port < 1 || port > last) {
    throw new Error(
      `Read QUARTERMASTER_PORT: "${given}" is no port, give a number from 1 to ${last} (the four after it are used, too)`,
    );
  }
  return port;
}

/**
 * The five ports follow one another.
 * @param {number} first
 */
export function portsFrom(first) {
  return {
    proxy: first,
    workspace: first + 1,
    provider: first + 2,
    postgres: first + 3,
    redis: first + 4,
  };
}

/**
 * Looks whether a start with these ports can listen.
 * @param {ReturnType<typeof portsFrom>} ports
 * @param {{ hasSlack: boolean, hasPostgres: boolean, hasRedis: boolean }} given what is not started here
 * @throws {Error} that names each port that is taken, by whom, and how to choose others
 */
export async function requireFreePorts(ports, { hasSlack, hasPostgres, hasRedis }) {
  const needed = [
    { port: ports.proxy, use: 'proxy and API' },
    ...(hasSlack ? [] : [{ port: ports.workspace, use: 'Slack workspace' }]),
    { port: ports.provider, use: 'demo provider' },
    ...(hasPostgres ? [] : [{ port: ports.postgres, use: 'Postgres' }]),
    ...(hasRedis ? [] : [{ port: ports.redis, use: 'Redis' }]),
  ];
  const taken = [];
  for (const { port, use } of needed) {
    if (!(await isPortFree(port))) {
      const owner = (await ownerOfPort(port)) ?? 'a process of somebody else';
      taken.push(`port ${port} (${use}) is taken by ${owner}`);
    }
  }
  if (taken.length > 0) {
    throw new Error(
      `Start: ${taken.join('; ')}. End that, or choose five other ports: QUARTERMASTER_PORT=5000 npm start`,
    );
  }
}

/**
 * Whether nothing listens on this loopback port.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isPortFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Who listens on a port, `process 123 (node server.js)`, or null when the system does not tell. */
async function ownerOfPort(port) {
  const pid = process.platform === 'linux' ? await ownerFromProc(port) : await ownerFromLsof(port);
  if (pid === null) {
    return null;
  }
  const command = (await commandOf(pid))?.slice(0, SHOWN_COMMAND_LENGTH);
  return `process ${pid} (${command ?? 'gone by now'})`;
}

async function ownerFromProc(port) {
  const sockets = new Set();
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const line of lines) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      if (local.endsWith(suffix) && state === LISTENING) {
        sockets.add(`socket:[${inode}]`);
      }
    }
  }
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  for (const pid of pids) {
    // A process of somebody else, or one that ended while we looked, shows no files.
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const links = await Promise.all(
      files.map(async (file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')),
    );
    if (links.some((target) => sockets.has(target))) {
      return pid;
    }
  }
  return null;
}

async function ownerFromLsof(port) {
  const found = await printedBy('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']);
  return Number(found.split('\n')[0]) || null;
}
