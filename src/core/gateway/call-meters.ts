// What this process served, in plain numbers. Calls are many and scrapes are few: names and labels are put to them
// when somebody asks.

import type { RefusalCode } from '../refusals.ts';

/** How many values were at most as large as each bound, and all of them together. */
export interface Histogram {
  /** In seconds, rising. */
  readonly bounds: readonly number[];
  /** One for each bound, and one for what lies above. Each value stands in one of them. */
  readonly counts: Float64Array;
  sum: number;
}

export interface ModelMeter {
  ended: number;
  failed: number;
  /** From the request to the last byte. */
  readonly total: Histogram;
  /** From the first try at a provider to its last byte. */
  readonly upstream: Histogram;
  /** The difference: what we add. */
  readonly overhead: Histogram;
}

export interface CallMeters {
  /** Notes a call that is over. Times in ms. */
  ended(model: string, totalMs: number, upstreamMs: number, isFailed: boolean): void;
  refused(code: RefusalCode): void;
  readonly models: ReadonlyMap<string, ModelMeter>;
  readonly refusals: ReadonlyMap<RefusalCode, number>;
}

/** From a cache's answer to the longest reasoning. */
const LATENCY_S = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
/** What we add is well under a millisecond; what is over ten is worth a look. */
const OVERHEAD_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 1];
const MS_PER_S = 1_000;

export function createCallMeters(): CallMeters {
  const models = new Map<string, ModelMeter>();
  const refusals = new Map<RefusalCode, number>();
  return {
    models,
    refusals,
    ended(model, totalMs, upstreamMs, isFailed) {
      let meter = models.get(model);
      if (meter === undefined) {
        // Only models that are served are ever called, so these are few.
        meter = newMeter();
        models.set(model, meter);
      }
      meter.ended += 1;
      meter.failed += isFailed ? 1 : 0;
      note(meter.total, totalMs / MS_PER_S);
      note(meter.upstream, upstreamMs / MS_PER_S);
      note(meter.overhead, Math.max(0, totalMs - upstreamMs) / MS_PER_S);
    },
    refused(code) {
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
    },
  };
}

function newMeter(): ModelMeter {
  return {
    ended: 0,
    failed: 0,
    total: newHistogram(LATENCY_S),
    upstream: newHistogram(LATENCY_S),
    overhead: newHistogram(OVERHEAD_S),
  };
}

function newHistogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: new Float64Array(bounds.length + 1), sum: 0 };
}

function note(histogram: Histogram, seconds: number): void {
  const { bounds, counts } = histogram;
  let at = 0;
  while (at < bounds.length && seconds > (bounds[at] ?? Infinity)) {
    at += 1;
  }
  counts[at] = (counts[at] ?? 0) + 1;
  histogram.sum += seconds;
}
