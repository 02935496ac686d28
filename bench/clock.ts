const NANOSECONDS_PER_MS = 1e6;

/** Milliseconds with a fraction, on one clock for all threads. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS_PER_MS;
}
