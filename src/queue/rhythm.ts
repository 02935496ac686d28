import { MINUTE_MS } from '../core/time.ts';

/** When a task runs by itself: in an even rhythm, which is the same in every zone. */
export interface Rhythm {
  readonly everyMs: number;
}

/** A clock that is a little ahead of another one is no reason to begin anew. */
const TOLERANCE_MS = MINUTE_MS;

/** Whether the next time lies further ahead than it ever may: then a clock went back. */
export function isStuck({ everyMs }: Rhythm, nextMs: number, nowMs: number): boolean {
  return nextMs - nowMs > everyMs + TOLERANCE_MS;
}
