import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { childEnvironment } from '../../src/embedded/environment.ts';
import { isPortFree } from '../../src/embedded/start-ports.mjs';
import { waitFor } from './wait-for.ts';

const fixture = path.resolve(import.meta.dirname, '..', 'embedded', 'fixtures', 'supervised.ts');

/** Below the range from which the system itself hands out ports. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

/** A start makes a database cluster; the machine may be busy with other tests. */
const READY_TIMEOUT_MS = 40_000;

interface RunningSupervisor {
  readonly child: ChildProcess;
  /** Everything that it printed so far. */
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
}

export interface RunRecord {
  readonly pid: number;
  readonly processes: readonly { readonly role: string; readonly pid: number }[];
}

export interface TestHome {
  readonly folder: string;
  readonly port: number;
  readonly start: (extra?: Readonly<Record<string, string>>) => RunningSupervisor;
  readonly startReady: (extra?: Readonly<Record<string, string>>) => Promise<RunningSupervisor>;
  readonly read: <Value>(file: string) => Promise<Value>;
  readonly pidOf: (role: string) => Promise<number>;
  /** Ends what still runs and removes the data. */
  readonly close: () => Promise<void>;
}

/** The real thing: every program of the product. */
export const REAL_SUPERVISOR = path.resolve(
  import.meta.dirname,
  '..',
  '..',
  'src',
  'embedded',
  'supervisor.ts',
);

/** A home and five ports for a supervisor of a test's own; with stand-ins for the product unless told. */
export async function createTestHome(program = fixture): Promise<TestHome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-home-'));
  await chmod(folder, 0o711);
  const port = await fiveFreePorts();
  const running: RunningSupervisor[] = [];
  const read = async <Value>(file: string) =>
    JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Value;
  const start = (extra: Readonly<Record<string, string>> = {}) => {
    const begun = run(program, folder, port, extra);
    running.push(begun);
    return begun;
  };
  return {
    folder,
    port,
    read,
    start,
    async startReady(extra) {
      const begun = start(extra);
      const isReady = () => begun.printed().includes('Quartermaster is ready');
      const what = 'the supervisor to be ready';
      await Promise.race([waitFor(isReady, { what, timeoutMs: READY_TIMEOUT_MS }), begun.ended]);
      if (!isReady()) {
        throw new Error(`Start a supervisor: it ended, it said:\n${begun.printed()}`);
      }
      return begun;
    },
    async pidOf(role) {
      const record = await read<RunRecord>('run.json');
      return record.processes.find((each) => each.role === role)?.pid ?? 0;
    },
    async close() {
      for (const { child, ended } of running) {
        child.kill('SIGTERM');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(
  program: string,
  folder: string,
  port: number,
  extra: Readonly<Record<string, string>>,
) {
  const child = spawn(process.execPath, [program], {
    env: childEnvironment({
      DATABASE_URL: '',
      REDIS_URL: '',
      SLACK_BOT_TOKEN: '',
      QUARTERMASTER_HOME: folder,
      QUARTERMASTER_PORT: String(port),
      ...extra,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { child, printed: () => printed, ended };
}

/** The first of five ports in a row that were free a moment ago. */
export async function fiveFreePorts(): Promise<number> {
  for (;;) {
    const first = randomInt(LOWEST_PORT, HIGHEST_PORT);
    const checks = [0, 1, 2, 3, 4].map(async (step) => isPortFree(first + step));
    if ((await Promise.all(checks)).every(Boolean)) {
      return first;
    }
  }
}
