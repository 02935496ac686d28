import { MINUTE_MS } from '../core/time.ts';

/** When a task runs by itself: in an even rhythm, or by the calendar of a zone. */
export type Rhythm =
  | { readonly everyMs: number }
  | { readonly cron: string; readonly timeZone: string };

/** A clock that is a little ahead of another one is no reason to begin anew. */
const TOLERANCE_MS = MINUTE_MS;

/** Whether the next time of an even rhythm lies further ahead than it ever may: then a clock went back. */
export function isStuck(rhythm: Rhythm, nextMs: number, nowMs: number): boolean {
  return 'everyMs' in rhythm && nextMs - nowMs > rhythm.everyMs + TOLERANCE_MS;
}
