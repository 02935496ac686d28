// Measures the ways in turn, round after round: whatever else the machine does meets all of them alike.

import type { Call, Kind } from './calls.ts';
import { median } from './figures.ts';
import { closedLoop, openLoop } from './loops.ts';
import type { Latency, Throughput } from './loops.ts';

export type Name = 'direct' | 'bare' | 'quartermaster';

/** One way from the load generator to the upstream. */
export interface Way {
  readonly name: Name;
  readonly port: number;
  readonly calls: Readonly<Record<Kind, readonly Call[]>>;
  /** CPU time so far of the process under test. */
  readonly cpuMs: () => Promise<number | undefined>;
  /** Waits until what a window left behind is done. */
  readonly settle: () => Promise<void>;
}

export interface Figures {
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the process under test for one call, in microseconds. */
  readonly cpuUs: number | undefined;
}

export interface Measured {
  readonly figures: Readonly<Record<Name, Figures>>;
  /** The rate at which latency was measured. */
  readonly rate: number;
}

export interface Plan {
  readonly seconds: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
  /** Told of the answers of each window, by the place of their call. */
  readonly onAnswered: (way: Way, answered: readonly number[]) => void;
}

/** Long enough for the engine to compile what is hot. */
const WARM_UP_MS = 4_000;
/**
 * Of what Quartermaster can do at most: no queue builds up, not even where Redis, Postgres, worker and load
 * generator share one core. The same for each way.
 */
const LATENCY_LOAD = 0.1;
const LATENCY_WINDOW = 0.6;

/** Throughput, then latency, of one kind of call. */
export async function measure(ways: readonly Way[], kind: Kind, plan: Plan): Promise<Measured> {
  const durationMs = plan.seconds * 1_000;
  const throughputs = new Map<Name, (Throughput & { cpuUs: number | undefined })[]>();
  const latencies = new Map<Name, Latency[]>();
  for (const way of ways) {
    await throughputOf(way, kind, Math.min(WARM_UP_MS, durationMs), plan);
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const way of ways) {
      const found = await throughputOf(way, kind, durationMs, plan);
      throughputs.set(way.name, [...(throughputs.get(way.name) ?? []), found]);
    }
    plan.say(
      `${kind}, throughput, round ${round}: ${lastOf(throughputs, (one) => rounded(one.requestsPerSecond))}`,
    );
  }
  const ratesOf = (name: Name): number[] =>
    (throughputs.get(name) ?? []).map((one) => one.requestsPerSecond);
  const rate = Math.max(1, Math.round(median(ratesOf('quartermaster')) * LATENCY_LOAD));
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const way of ways) {
      const window = {
        port: way.port,
        calls: way.calls[kind],
        durationMs: durationMs * LATENCY_WINDOW,
      };
      const found = await openLoop(window, rate);
      plan.onAnswered(way, found.answered);
      await way.settle();
      latencies.set(way.name, [...(latencies.get(way.name) ?? []), found]);
    }
    plan.say(
      `${kind}, latency at ${rate}/s, round ${round}: ${lastOf(latencies, (one) => `${one.p50Ms.toFixed(2)} ms`)}`,
    );
  }
  const figuresOf = (name: Name): Figures => {
    const each = latencies.get(name) ?? [];
    const cpu = (throughputs.get(name) ?? []).flatMap((one) => one.cpuUs ?? []);
    return {
      rps: median(ratesOf(name)),
      p50Ms: median(each.map((one) => one.p50Ms)),
      p99Ms: median(each.map((one) => one.p99Ms)),
      cpuUs: cpu.length === 0 ? undefined : median(cpu),
    };
  };
  return {
    figures: {
      direct: figuresOf('direct'),
      bare: figuresOf('bare'),
      quartermaster: figuresOf('quartermaster'),
    },
    rate,
  };
}

async function throughputOf(way: Way, kind: Kind, durationMs: number, plan: Plan) {
  const before = await way.cpuMs();
  const found = await closedLoop({ port: way.port, calls: way.calls[kind], durationMs });
  const after = await way.cpuMs();
  plan.onAnswered(way, found.answered);
  await way.settle();
  const calls = found.answered.reduce((sum, count) => sum + count, 0);
  const cpuUs =
    before === undefined || after === undefined ? undefined : ((after - before) * 1_000) / calls;
  return { ...found, cpuUs };
}

function lastOf<One>(found: ReadonlyMap<Name, readonly One[]>, text: (one: One) => string): string {
  return [...found]
    .map(([name, each]) => `${name} ${each.slice(-1).map(text).join('')}`)
    .join(' · ');
}

function rounded(requestsPerSecond: number): string {
  return `${Math.round(requestsPerSecond)}/s`;
}
