// Says when each call is due, from a thread of its own: timers of the event loop are a millisecond coarse.

import { parentPort, workerData } from 'node:worker_threads';
import { nowMs } from './clock.ts';

/** Time for the thread that listens to be ready. */
const HEAD_START_MS = 20;

const { intervalMs, count } = workerData as { intervalMs: number; count: number };
const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const began = nowMs() + HEAD_START_MS;
for (let at = 0; at < count; at += 1) {
  const dueMs = began + at * intervalMs;
  const waitMs = dueMs - nowMs();
  if (waitMs > 0) {
    Atomics.wait(nobody, 0, 0, waitMs);
  }
  parentPort?.postMessage(dueMs);
}
