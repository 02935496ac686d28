// Quartermaster as it runs for real: its own processes, which a test may kill.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A process that is not ready by then never will be. */
const READY_TIMEOUT_MS = 90_000;

export interface Child {
  readonly pid: number;
  /** Kills it without warning, and waits until it is gone. */
  kill9(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
  /** Stands still in whatever it does, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Gives it a message, for what a test has put into it. */
  tell(message: object): void;
}

export type Environment = Readonly<Record<string, string>>;

/** Writes a configuration file for a test and answers its path. */
export async function configFile(yaml: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-config-'));
  const file = path.join(folder, 'quartermaster.yaml');
  await writeFile(file, yaml);
  return file;
}

/** Starts a process of the product and waits until it says that it is ready. */
export async function startChild(
  script: string,
  argv: readonly string[],
  environment: Environment,
): Promise<Child> {
  const child = spawn(process.execPath, [path.join(ROOT, script), ...argv], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], QUARTERMASTER_LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  child.stdout?.on('data', (data: Buffer) => lines.push(data.toString()));
  child.stderr?.on('data', (data: Buffer) => lines.push(data.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => resolve(code));
  });
  await ready(child, script, lines);
  return {
    pid: child.pid as number,
    async kill9() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    tell: (message) => void child.send(message),
  };
}

async function ready(child: ChildProcess, script: string, lines: readonly string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Error(`Starting ${script}: ${why}\n${lines.join('')}`));
    const timer = setTimeout(() => fail('not ready in time'), READY_TIMEOUT_MS);
    child.on('message', (message: { ready?: boolean; failed?: string }) => {
      clearTimeout(timer);
      if (message.ready === true) {
        resolve();
      } else {
        fail(message.failed ?? 'it says nothing');
      }
    });
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
