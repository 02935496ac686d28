import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf } from './command-of.mjs';
import { messageOf } from './thrown.ts';

/** Enough of a dying program's last words to see why, and little enough to read. */
const KEPT_LINES = 30;

/** How often a process that was asked to end is looked at. */
const END_POLL_MS = 25;

/** `id`, `useradd`, `ps` and the like answer at once or never. */
const SMALL_PROGRAM_TIMEOUT_MS = 30_000;

/** The system user that a program runs as; empty means our own. */
export type RunAs = { readonly uid: number; readonly gid: number } | Record<string, never>;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines that the program wrote. */
  readonly lastLines: readonly string[];
}

export interface StartedProgram {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when the program has ended, for whatever reason. */
  readonly ended: Promise<ProcessEnd>;
}

export interface ProgramToStart {
  /** What people call it: `Postgres`, `Redis`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly runAs?: RunAs;
  /** A line that contains this means: it takes connections. */
  readonly readyLine: string;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
}

/**
 * Starts a server and resolves once it says that it is ready.
 * @throws Error with the program's last lines when it ends first or misses its deadline; it is ended then.
 */
export async function startProgram(program: ProgramToStart): Promise<StartedProgram> {
  const child = spawn(program.file, program.args, {
    ...program.runAs,
    // Its own process group, so that Ctrl-C in the terminal reaches us alone and we stop things in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      lastLines.push(error.message);
      resolve({ code: null, signal: null, lastLines });
    });
    child.once('close', (code, signal) => resolve({ code, signal, lastLines }));
  });
  const ready = new Promise<'ready'>((resolve) => {
    eachLine(child, (line) => {
      lastLines.push(line);
      lastLines.splice(0, lastLines.length - KEPT_LINES);
      program.onLine?.(line);
      if (line.includes(program.readyLine)) {
        resolve('ready');
      }
    });
  });
  const late = new AbortController();
  const first = await Promise.race([
    ready,
    ended,
    pause(program.timeoutMs, 'late' as const, { signal: late.signal }),
  ]);
  if (first === 'ready' && child.pid !== undefined) {
    late.abort();
    return { pid: child.pid, child, ended };
  }
  late.abort();
  child.kill('SIGKILL');
  throw new Error(startFault(program, first === 'late' ? null : await ended, lastLines));
}

function startFault(program: ProgramToStart, end: ProcessEnd | null, lines: readonly string[]) {
  const what = end
    ? `it ended with ${describeEnd(end)}`
    : `it was not ready within ${program.timeoutMs / 1000} s`;
  const said = lines.length > 0 ? `; it said:\n  ${lines.slice(-8).join('\n  ')}` : '';
  return `Start ${program.name}: ${what}${said}`;
}

/** `code 1` or `SIGKILL`, for messages. */
export function describeEnd(end: { code: number | null; signal: NodeJS.Signals | null }): string {
  return end.signal ?? (end.code === null ? 'no exit code' : `code ${end.code}`);
}

/** Calls `take` with every whole line that the child writes, on either stream. */
function eachLine(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    });
    stream?.on('end', () => {
      if (rest !== '') {
        take(rest);
      }
    });
  }
}

/**
 * Runs a program to its end and returns what it wrote to stdout.
 * @throws Error with the end of its output when it fails or outlives `timeoutMs`.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: {
    readonly runAs?: RunAs;
    readonly timeoutMs?: number;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = {
      ...options.runAs,
      ...(options.env && { env: options.env }),
      timeout: options.timeoutMs ?? SMALL_PROGRAM_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
    };
    execFile(file, args, settings, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
        return;
      }
      const lines = `${stdout}\n${stderr}`.trim().split('\n').slice(-8).join('\n  ');
      reject(
        new Error(`Run ${file}: ${error.killed ? 'out of time' : 'it failed'}\n  ${lines}`, {
          cause: error,
        }),
      );
    });
  });
}

/**
 * Ends a process that an earlier run left behind, if `pid` still is that process: its command line
 * must contain `mark`. Asks with `signal` first, forces after `timeoutMs`.
 * @returns whether there was one.
 */
export async function endLeftover(
  pid: number,
  mark: string,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  const isIt = async () => (await commandOf(pid))?.includes(mark) ?? false;
  if (!(await isIt())) {
    return false;
  }
  for (const [wish, patienceMs] of [
    [signal, timeoutMs],
    ['SIGKILL', timeoutMs],
  ] as const) {
    sendSignal(pid, wish);
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      if (!(await isIt())) {
        return true;
      }
      await pause(END_POLL_MS);
    }
  }
  throw new Error(`End process ${pid} of an earlier run: it does not end, end it by hand`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!messageOf(error).includes('ESRCH')) {
      throw error;
    }
  }
}

/** Asks a started program to end with `signal`, forces it after `timeoutMs`, and waits for the end. */
export async function stopProgram(
  program: StartedProgram,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> {
  if (program.child.exitCode !== null || program.child.signalCode !== null) {
    return;
  }
  program.child.kill(signal);
  const force = setTimeout(() => program.child.kill('SIGKILL'), timeoutMs);
  await program.ended;
  clearTimeout(force);
}
