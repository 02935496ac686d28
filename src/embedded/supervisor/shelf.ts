/**
 * The programs that run, by the stage in which they stop.
 *
 * Invariant: a stage begins to stop when the one before it is gone, so nothing loses what it stands on.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningProcess } from '../home.ts';
import type { KeptProgram } from './keep-running.ts';

/** First to last, with the patience for each; the sum is the ten seconds that a stop may take. */
const STAGES = [
  { stage: 'product', patienceMs: 6_000 },
  { stage: 'surroundings', patienceMs: 1_000 },
  { stage: 'redis', patienceMs: 1_000 },
  { stage: 'postgres', patienceMs: 2_000 },
] as const;

/** A killed process is gone within moments; one that waits for its disk is left to the system. */
const AFTER_FORCE_MS = 500;

export type Stage = (typeof STAGES)[number]['stage'];

interface Placed {
  readonly stage: Stage;
  readonly role: string;
  readonly mark: string;
  readonly program: KeptProgram;
}

export interface Shelf {
  readonly place: (placed: Placed) => void;
  /** Who runs now, for run.json. */
  readonly processes: () => RunningProcess[];
  readonly stopAll: () => Promise<void>;
  /** Ends everything at once. */
  readonly force: () => void;
}

export function createShelf(): Shelf {
  const all: Placed[] = [];
  return {
    place: (placed) => void all.push(placed),
    processes: () =>
      all.flatMap(({ role, mark, program }) => {
        const pid = program.pid();
        return pid === null ? [] : [{ role, pid, mark }];
      }),
    async stopAll() {
      for (const { stage, patienceMs } of STAGES) {
        const programs = all.filter((placed) => placed.stage === stage);
        const stopped = Promise.all(programs.map(({ program }) => program.stop(patienceMs)));
        const late = pause(patienceMs + AFTER_FORCE_MS, undefined, { ref: false });
        await Promise.race([stopped, late]);
      }
    },
    force: () => all.forEach(({ program }) => program.force()),
  };
}
