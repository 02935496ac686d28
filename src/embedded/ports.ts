import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { commandOf, runProgram } from './processes.ts';

/** The state LISTEN in /proc/net/tcp. */
const LISTENING = '0A';

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Whether nothing listens on this loopback port. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Who listens on a port, `process 123 (node server.js)`, or null when the system does not tell. */
export async function ownerOfPort(port: number): Promise<string | null> {
  const pid = process.platform === 'linux' ? await ownerFromProc(port) : await ownerFromLsof(port);
  if (pid === null) {
    return null;
  }
  return `process ${pid} (${(await commandOf(pid))?.slice(0, 120) ?? 'gone by now'})`;
}

async function ownerFromProc(port: number): Promise<number | null> {
  const sockets = new Set<string>();
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
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
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

async function ownerFromLsof(port: number): Promise<number | null> {
  const found = await runProgram('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']).catch(
    () => '',
  );
  return Number(found.split('\n')[0]) || null;
}
