import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { childEnvironment } from '../src/embedded/environment.ts';
import { describeEnd } from '../src/embedded/processes.ts';

/** Loading every module on a busy machine, and connecting. */
const READY_TIMEOUT_MS = 30_000;
/** A profile is written on the way out. */
const STOP_TIMEOUT_MS = 10_000;
/** Ticks of the kernel's CPU accounting are 10 ms on every common system. */
const TICK_MS = 10;
/** Fields of /proc/<pid>/stat after the name: user and system time. */
const USER_TICKS_AT = 11;
const SYSTEM_TICKS_AT = 12;

export interface ChildWish {
  readonly name: string;
  readonly file: string;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  /** A command that starts the program, such as `taskset -c 0`. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** The port that it says it listens on; 0 if it says none. */
  readonly port: number;
  /** CPU time since its start, all threads; undefined where the system does not tell. */
  readonly cpuMs: () => Promise<number | undefined>;
  stop(): Promise<void>;
}

/** As `npm start` runs the product; the same for all, the bare pass-through among them. */
const NODE_FLAGS = ['--max-semi-space-size=64'];

/** Starts a Node program and waits until it says that it is ready; its output goes to a file. */
export async function startChild(wish: ChildWish): Promise<Child> {
  const command = [
    ...(wish.through ?? []),
    process.execPath,
    ...NODE_FLAGS,
    ...(wish.nodeArgs ?? []),
    wish.file,
    ...(wish.args ?? []),
  ];
  const log = openSync(wish.logFile, 'a', 0o600);
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: childEnvironment(wish.env ?? {}),
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C in the terminal is for us: children are stopped in their order.
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended with ${describeEnd({ code, signal })}`));
  });
  const said = new Promise<{ port?: number } | string>((resolve) => {
    child.on('message', (message: { ready?: boolean; failed?: string; port?: number }) =>
      resolve(message.ready === true ? message : (message.failed ?? 'it says nothing')),
    );
    setTimeout(() => resolve('it was not ready in time'), READY_TIMEOUT_MS).unref();
  });
  const first = await Promise.race([said, ended]);
  if (typeof first === 'string' || child.pid === undefined) {
    child.kill('SIGKILL');
    const output = await readFile(wish.logFile, 'utf8');
    const why = typeof first === 'string' ? first : 'it has no process id';
    throw new Error(`Start ${wish.name}: ${why}\n${output}`);
  }
  return {
    name: wish.name,
    pid: child.pid,
    port: first.port ?? 0,
    cpuMs: async () => cpuOf(child.pid),
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

/** CPU time of any process, in milliseconds. */
export async function cpuOf(pid: number | undefined): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined
    ? undefined
    : (Number(fields[USER_TICKS_AT]) + Number(fields[SYSTEM_TICKS_AT])) * TICK_MS;
}
