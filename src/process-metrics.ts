// What one process counted, in Prometheus' words: its calls, its refusals, and itself. Put together when somebody
// scrapes; in between there are plain numbers.

import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { addCounter, addGauge } from './api/metrics/add.ts';
import type { CallMeters, Histogram, ModelMeter } from './core/gateway/call-meters.ts';
import { REFUSALS } from './core/refusals.ts';

/** How often the event loop is looked at. A finer look would wake an idle process. */
const LOOP_PRECISION_MS = 100;

/** Answers how to write them all. */
export function createProcessMetrics(
  meters: CallMeters,
  callsUnderWay: () => number = () => 0,
): () => Promise<string> {
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  return async () => {
    const registry = new Registry();
    addCounts(registry, meters);
    addRequests(registry, meters);
    addGauge(
      registry,
      { name: 'litellm_in_flight_requests', help: 'Calls of this process that are under way.' },
      [{ labels: {}, value: callsUnderWay() }],
    );
    const parts = [
      histogramText(meters, {
        name: 'litellm_request_total_latency_metric',
        help: 'Seconds from the request to the last byte.',
        label: 'model',
        of: (meter) => meter.total,
      }),
      histogramText(meters, {
        name: 'litellm_llm_api_latency_metric',
        help: 'Seconds that the provider took, tries included.',
        label: 'model',
        of: (meter) => meter.upstream,
      }),
      histogramText(meters, {
        name: 'litellm_overhead_latency_metric',
        help: 'Seconds of a call that were not the provider’s.',
        label: 'model_group',
        of: (meter) => meter.overhead,
      }),
    ];
    return `${await registry.metrics()}${parts.join('')}${await ofProcess.metrics()}`;
  };
}

function addCounts(registry: Registry, { models, refusals }: CallMeters): void {
  const registers = [registry];
  const calls = new Counter({
    name: 'quartermaster_calls_total',
    help: 'Calls of this process that went to a provider.',
    labelNames: ['model', 'outcome'],
    registers,
  });
  for (const [model, { ended, failed }] of models) {
    calls.inc({ model, outcome: 'served' }, ended - failed);
    calls.inc({ model, outcome: 'failed' }, failed);
  }
  const refused = new Counter({
    name: 'quartermaster_refusals_total',
    help: 'Calls that this process refused, by reason.',
    labelNames: ['code'],
    registers,
  });
  for (const [code, count] of refusals) {
    refused.inc({ code }, count);
  }
}

/** LiteLLM's counts of requests. What is refused is counted by its reason: its model may be any text. */
function addRequests(registry: Registry, { models, refusals }: CallMeters): void {
  const refused = [...refusals].map(([code, count]) => ({
    code,
    status: String(REFUSALS[code].status),
    count,
  }));
  const byStatus = Map.groupBy(refused, ({ status }) => status);
  addCounter(
    registry,
    {
      name: 'litellm_proxy_total_requests_metric_total',
      help: 'Requests that this process answered; of those it refused the model is not told.',
    },
    [
      ...[...models].map(([model, { ended, failed }]) => ({
        labels: { requested_model: model, status_code: '200' },
        value: ended - failed,
      })),
      ...[...byStatus].map(([status, rows]) => ({
        labels: { requested_model: '', status_code: status },
        value: rows.reduce((sum, { count }) => sum + count, 0),
      })),
    ],
  );
  addCounter(
    registry,
    {
      name: 'litellm_proxy_failed_requests_metric_total',
      help: 'Requests that this process refused, by status and reason.',
    },
    refused.map(({ code, status, count }) => ({
      labels: { exception_status: status, exception_class: code },
      value: count,
    })),
  );
}

interface HistogramWish {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly of: (meter: ModelMeter) => Histogram;
}

/**
 * The library's own histogram wants each value with its labels, when the call ends: measured, that is fourteen times the
 * work of counting it (core/gateway/call-meters.ts), for each of three, within every call. So only the text is made here.
 */
function histogramText({ models }: CallMeters, { name, help, label, of }: HistogramWish): string {
  const lines = [...models].flatMap(([model, meter]) => {
    const { bounds, counts, sum } = of(meter);
    const labels = `${label}="${escaped(model)}"`;
    let below = 0;
    const buckets = [...counts].map((count, at) => {
      below += count;
      return `${name}_bucket{${labels},le="${bounds[at] ?? '+Inf'}"} ${below}`;
    });
    return [...buckets, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${below}`];
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...lines, ''].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
