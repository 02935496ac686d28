/**
 * Keeps one program running.
 *
 * States: running → ended unasked → waiting → running again; or stopping → stopped; or given up.
 * Invariant: at most one process of the program at a time. Bound: five ends within a minute and it is
 * given up, because a program that cannot live is a fault to be seen, not to be hidden.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { describeEnd } from '../processes.ts';
import { messageOf } from '../thrown.ts';
import type { Running } from './child.ts';

const MOST_CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;

/** The first restart is nearly at once; each further one within the window waits twice as long. */
const FIRST_DELAY_MS = 100;

export interface KeptProgram {
  readonly pid: () => number | null;
  readonly message: Running['message'];
  readonly stop: (timeoutMs: number) => Promise<void>;
  readonly force: () => void;
}

export interface Watcher {
  /** One line for the person who looks on. */
  readonly report: (news: string) => void;
  /** A process of this program began: note its pid. */
  readonly started: (pid: number) => void;
  readonly gaveUp: (fault: Error) => void;
}

/**
 * Starts a program and starts it again whenever it ends unasked.
 * @throws whatever the very first start throws: what never ran is not restarted.
 */
export async function keepRunning(
  name: string,
  start: () => Promise<Running>,
  watcher: Watcher,
): Promise<KeptProgram> {
  const stopping = new AbortController();
  const crashes: number[] = [];
  let running: Running | null = await start();
  const { message } = running;
  watcher.started(running.pid);

  const again = async (why: string, lastLines: readonly string[]): Promise<Running> => {
    const now = Date.now();
    crashes.push(now);
    const recent = crashes.filter((time) => now - time < CRASH_WINDOW_MS).length;
    const quote = lastLines.map((line) => `\n    ${line}`).join('');
    if (recent >= MOST_CRASHES) {
      throw new Error(`Keep ${name} running: ${why}, ${recent} times within a minute${quote}`);
    }
    watcher.report(`${name}: ${why}, starting it again${quote}`);
    const delayMs = FIRST_DELAY_MS * 2 ** (recent - 1) * (0.5 + Math.random());
    await pause(delayMs, undefined, { signal: stopping.signal });
    try {
      return await start();
    } catch (error) {
      return again(messageOf(error), []);
    }
  };

  const watch = async (): Promise<void> => {
    while (running) {
      const end = await running.ended;
      running = null;
      if (stopping.signal.aborted) {
        return;
      }
      const next = await again(`ended with ${describeEnd(end)}`, end.lastLines);
      running = next;
      if (stopping.signal.aborted) {
        return;
      }
      watcher.started(next.pid);
      watcher.report(`${name}: runs again (process ${next.pid})`);
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!stopping.signal.aborted) {
      watcher.gaveUp(error instanceof Error ? error : new Error(messageOf(error)));
    }
  });

  return {
    message,
    pid: () => running?.pid ?? null,
    async stop(timeoutMs) {
      stopping.abort();
      await running?.stop(timeoutMs);
      await watching;
      // A restart that was under way when the wish came is ended, too.
      await running?.stop(timeoutMs);
    },
    force: () => {
      stopping.abort();
      running?.force();
    },
  };
}
