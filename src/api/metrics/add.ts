import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

interface Named {
  readonly name: string;
  readonly help: string;
}

/** One line of a metric; null where there is nothing to say. */
export interface MetricRow {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
}

export function addGauge(registry: Registry, named: Named, rows: readonly MetricRow[]): void {
  const gauge = new Gauge({ ...named, labelNames: labelsOf(rows), registers: [registry] });
  for (const { labels, value } of rows) {
    if (value !== null) {
      gauge.set(labels, value);
    }
  }
}

/** What was counted elsewhere, as it stands there now. */
export function addCounter(registry: Registry, named: Named, rows: readonly MetricRow[]): void {
  const counter = new Counter({ ...named, labelNames: labelsOf(rows), registers: [registry] });
  for (const { labels, value } of rows) {
    if (value !== null) {
      counter.inc(labels, value);
    }
  }
}

function labelsOf([first]: readonly MetricRow[]): string[] {
  return Object.keys(first?.labels ?? {});
}
