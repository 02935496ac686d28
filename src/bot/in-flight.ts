import { setTimeout as pause } from 'node:timers/promises';

export interface InFlight {
  /** Counts the work until it ends. */
  during<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  /** Resolves when nothing is under way, or after the time-out; true if nothing was left. */
  settled(timeoutMs: number): Promise<boolean>;
}

/** Bolt's stop does not wait for listeners that have acknowledged already; this does. */
export function createInFlight(): InFlight {
  const open = new Set<Promise<unknown>>();
  return {
    async during(work) {
      const working = work();
      open.add(working);
      try {
        return await working;
      } finally {
        open.delete(working);
      }
    },
    async settled(timeoutMs) {
      const enough = new AbortController();
      const late = pause(timeoutMs, 'late', { signal: enough.signal }).catch(() => 'late');
      // What is under way may bring more.
      let ended: unknown;
      while (open.size > 0 && ended !== 'late') {
        ended = await Promise.race([Promise.allSettled(open), late]);
      }
      enough.abort();
      return open.size === 0;
    },
  };
}
