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

/** Nothing at all where there are no rows: a line without labels would say 0 of everything. */
export function addGauge(registry: Registry, named: Named, rows: readonly MetricRow[]): void {
  if (rows.length === 0) {
    return;
  }
  const gauge = new Gauge({ ...named, labelNames: labelsOf(rows), registers: [registry] });
  for (const { labels, value } of rows) {
    if (value !== null) {
      gauge.set(labels, value);
    }
  }
}

/** What was counted elsewhere, as it stands there now; nothing where there are no rows. */
export function addCounter(registry: Registry, named: Named, rows: readonly MetricRow[]): void {
  if (rows.length === 0) {
    return;
  }
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
