// The two ways to load a server. Closed: every connection asks again as soon as it is answered, which finds
// the most that can be done. Open: calls are due at a constant rate whatever the server does, and are timed
// from when they were due, so that no wait hides behind another.

import { Worker } from 'node:worker_threads';
import type { Call } from './calls.ts';
import { nowMs } from './clock.ts';
import { openConnections } from './connection.ts';
import type { Connection } from './connection.ts';
import { percentile } from './figures.ts';

const CONNECTIONS = 512;
/** What is still unanswered so long after a window's end never will be answered. */
const GRACE_MS = 10_000;

export interface Window {
  readonly port: number;
  /** Connection or call number n makes call n, counted around. */
  readonly calls: readonly Call[];
  readonly durationMs: number;
}

export interface Throughput {
  readonly requestsPerSecond: number;
  /** How many answers came, by the place of their call in `calls`. */
  readonly answered: readonly number[];
}

/** As many calls as go through all connections. Throws when an answer is wrong or missing. */
export async function closedLoop(window: Window): Promise<Throughput> {
  const { calls, durationMs } = window;
  const answered = calls.map(() => 0);
  const elapsedMs = await throughConnections(window, async (connections, fail) => {
    const began = nowMs();
    const end = began + durationMs;
    await Promise.all(
      connections.map(
        async (connection, at) =>
          new Promise<void>((resolve) => {
            const place = at % calls.length;
            // The remainder is a place in `calls`.
            const call = calls[place] as Call;
            const again = (complaint: string | undefined): void => {
              if (complaint !== undefined) {
                fail(complaint);
                return;
              }
              answered[place] = (answered[place] ?? 0) + 1;
              if (nowMs() < end) {
                connection.send(call, again);
              } else {
                resolve();
              }
            };
            connection.send(call, again);
          }),
      ),
    );
    return nowMs() - began;
  });
  const total = answered.reduce((sum, count) => sum + count, 0);
  return { requestsPerSecond: (total / elapsedMs) * 1_000, answered };
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answered: readonly number[];
}

/** Calls at a constant rate. Throws when an answer is wrong or missing. */
export async function openLoop(window: Window, requestsPerSecond: number): Promise<Latency> {
  const { calls, durationMs } = window;
  const answered = calls.map(() => 0);
  const count = Math.max(1, Math.round((requestsPerSecond * durationMs) / 1_000));
  const latenciesMs: number[] = [];
  await throughConnections(window, async (connections, fail) => {
    const idle = [...connections];
    const overdue: number[] = [];
    let sent = 0;
    await new Promise<void>((resolve, reject) => {
      const send = (connection: Connection, dueMs: number): void => {
        const place = sent % calls.length;
        sent += 1;
        connection.send(calls[place] as Call, (complaint) => {
          if (complaint !== undefined) {
            fail(complaint);
            return;
          }
          answered[place] = (answered[place] ?? 0) + 1;
          latenciesMs.push(nowMs() - dueMs);
          const next = overdue.shift();
          if (next === undefined) {
            idle.push(connection);
          } else {
            send(connection, next);
          }
          if (latenciesMs.length === count) {
            resolve();
          }
        });
      };
      const workerData = { intervalMs: 1_000 / requestsPerSecond, count };
      const pacer = new Worker(new URL('pacer.ts', import.meta.url), { workerData });
      pacer.on('error', reject);
      pacer.on('message', (dueMs: number) => {
        const connection = idle.pop();
        if (connection === undefined) {
          overdue.push(dueMs);
        } else {
          send(connection, dueMs);
        }
      });
    });
  });
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return { p50Ms: percentile(sorted, 50), p99Ms: percentile(sorted, 99), answered };
}

/** Opens the connections before, closes them after, and ends what does not end by itself. */
async function throughConnections<Result>(
  { port, durationMs }: Window,
  load: (connections: readonly Connection[], fail: (complaint: string) => void) => Promise<Result>,
): Promise<Result> {
  const connections = await openConnections(port, CONNECTIONS);
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const fail = (complaint: string): void => reject(new Error(`Answering a call: ${complaint}`));
  const timer = setTimeout(
    () => fail(`some calls had no answer ${GRACE_MS} ms after the end`),
    durationMs + GRACE_MS,
  );
  try {
    return await Promise.race([load(connections, fail), failed]);
  } finally {
    clearTimeout(timer);
    for (const connection of connections) {
      connection.close();
    }
  }
}
