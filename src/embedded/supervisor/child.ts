import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { childEnvironment } from '../environment.ts';
import { describeEnd } from '../processes.ts';
import type { ProcessEnd } from '../processes.ts';
import type { LogFile } from './log-file.ts';

/** Loading every module on a loaded two-core machine, and connecting. */
const READY_TIMEOUT_MS = 60_000;

const SHOWN_LINES = 12;

/**
 * Calls under way outlive many small collections of garbage; with more room for the young (MiB) they are not
 * copied into the old generation, which costs several times as much.
 */
const NODE_FLAGS = ['--max-semi-space-size=64'];

/** A program of ours, run as a process of its own by the Node that runs us. */
export interface ChildPlan {
  /** What people read: `proxy and API`, `worker`. */
  readonly name: string;
  readonly role: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a child says once, when it is ready. */
export interface ReadyMessage {
  readonly ready: true;
  readonly role: string;
  readonly botToken?: string;
  readonly appToken?: string;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** Asks it to end, forces it after `timeoutMs`, and waits for the end. */
  readonly stop: (timeoutMs: number) => Promise<void>;
  /** Ends it at once, losing nothing that was acknowledged. */
  readonly force: () => void;
  readonly message: ReadyMessage | null;
}

/**
 * Starts a child and resolves when it says that it is ready.
 * @throws Error with its own reason, or its last lines, when it fails or is not ready within a minute.
 */
export async function startChild(plan: ChildPlan, log: LogFile): Promise<Running> {
  const child = spawn(process.execPath, [...NODE_FLAGS, plan.file, ...plan.args], {
    env: childEnvironment(plan.env),
    stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
    // Ctrl-C in the terminal is for us: children are stopped in their order.
    detached: true,
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      log.write(error.message);
      resolve({ code: null, signal: null, lastLines: [] });
    });
    child.once('exit', (code, signal) => {
      void log
        .lastLines(SHOWN_LINES)
        .catch(() => [])
        .then((lastLines) => resolve({ code, signal, lastLines }));
    });
  });
  const said = new Promise<ReadyMessage | string>((resolve) => {
    child.on('message', (message) => {
      const heard = readMessage(message);
      if (heard !== null) {
        resolve(heard);
      }
    });
  });
  const late = new AbortController();
  const first = await Promise.race([
    said,
    ended,
    pause(READY_TIMEOUT_MS, null, { signal: late.signal }),
  ]);
  late.abort();
  if (first !== null && typeof first === 'object' && 'ready' in first && child.pid !== undefined) {
    const stop = async (timeoutMs: number) => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      await ended;
      clearTimeout(force);
    };
    return { pid: child.pid, ended, stop, force: () => child.kill('SIGKILL'), message: first };
  }
  child.kill('SIGKILL');
  throw new Error(`Start ${plan.name}: ${await whyNot(first, log)}`);
}

function readMessage(message: unknown): ReadyMessage | string | null {
  if (typeof message !== 'object' || message === null) {
    return null;
  }
  if ('failed' in message) {
    return String(message.failed);
  }
  return 'ready' in message ? (message as ReadyMessage) : null;
}

async function whyNot(first: string | object | null, log: LogFile): Promise<string> {
  if (typeof first === 'string') {
    return first;
  }
  const lines = await log.lastLines(SHOWN_LINES);
  const what =
    first === null
      ? `it was not ready within ${READY_TIMEOUT_MS / 1000} s`
      : `it ended with ${describeEnd(first as ProcessEnd)}`;
  return `${what}; the end of ${log.file}:\n  ${lines.join('\n  ')}`;
}
