// What Prometheus reads. Three sources: the tasks' table and the records, which say the same at every replica, and
// what this process counted by itself.

import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Registry } from 'prom-client';
import { GateUnavailable } from '../../core/faults.ts';
import { may, refuseRole } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { SECOND_MS } from '../../core/time.ts';
import type { Figures } from '../../core/usage/figures.ts';
import { answerOf } from '../answer.ts';
import { callerOf } from '../authenticate.ts';
import type { Known } from '../authenticate.ts';
import { sendAnswer } from '../reply.ts';
import { addGauge } from './add.ts';
import { addTaskMetrics } from './tasks.ts';
import { addUsageMetrics } from './usage.ts';

export interface MetricsParts extends Known {
  addressOf(request: IncomingMessage): string;
  /** What this process counted itself, in Prometheus' text format. */
  readonly processMetrics?: () => Promise<string>;
}

/** Prometheus holds each series in memory for hours: a team has a handful. */
const TEAMS_MAX = 1_000;
/** Several Prometheus servers that scrape at once cost one reading. */
const FIGURES_LAST_MS = 10 * SECOND_MS;

/** Whoever may read the system: Prometheus sends the admin key as its bearer token. */
export function addMetrics(app: FastifyInstance, parts: MetricsParts): void {
  const url = '/metrics';
  const figures = createFigures(parts.stores);
  app.get(url, async (request, reply) => {
    const address = parts.addressOf(request.raw);
    const caller = await callerOf(parts, request.headers, { method: 'GET', path: url }, address);
    if (isRefusal(caller)) {
      return sendAnswer(reply, answerOf(caller));
    }
    if (!may(caller, 'system.read')) {
      return sendAnswer(reply, answerOf(refuseRole('system.read')));
    }
    const registry = new Registry();
    addTaskMetrics(registry, await parts.stores.records.taskRuns.list());
    addUsageMetrics(registry, await figures());
    await addReservations(registry, parts.stores.gate);
    const ofProcess = (await parts.processMetrics?.()) ?? '';
    return reply.type(registry.contentType).send((await registry.metrics()) + ofProcess);
  });
}

/** Says nothing of a gate that can't be asked: the rest is read the more then. */
async function addReservations(registry: Registry, gate: Stores['gate']): Promise<void> {
  try {
    const rows = [{ labels: {}, value: await gate.openReservations() }];
    const help = 'Reservations at the gate that nobody has ended.';
    addGauge(registry, { name: 'quartermaster_open_reservations', help }, rows);
  } catch (error) {
    if (!(error instanceof GateUnavailable)) {
      throw error;
    }
  }
}

function createFigures({ records, clock }: Stores): () => Promise<Figures> {
  let last: { readonly atMs: number; readonly figures: Promise<Figures> } | undefined;
  return async () => {
    const nowMs = clock();
    if (last === undefined || Math.abs(nowMs - last.atMs) > FIGURES_LAST_MS) {
      const figures = records.totals.figures(TEAMS_MAX, new Date(nowMs));
      last = { atMs: nowMs, figures };
      figures.catch(() => {
        last = undefined;
      });
    }
    return last.figures;
  };
}
