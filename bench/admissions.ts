// Calls that are admitted and settled at an even pace, as proxies would: what the gate takes for each, and whether it
// keeps up.

import { Worker } from 'node:worker_threads';
import { GateUnavailable } from '../src/core/faults.ts';
import { newId } from '../src/core/ids.ts';
import type { AdmissionAsk, Verdict } from '../src/core/gateway/gate.ts';
import { nowMs } from './clock.ts';
import type { Customer, DrainScene } from './drain-scene.ts';
import { percentile } from './figures.ts';

/** About as many as proxies on two cores serve, with parsing, forwarding and answering beside it. */
export const CALLS_PER_SECOND = 1_500;

export interface Admissions {
  readonly perSecond: number;
  /** From when a call was due until it was admitted. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Has calls of all customers in turn admitted and settled for a time. */
export async function admissionsAtPace(
  { gate }: Pick<DrainScene, 'gate'>,
  customers: readonly Customer[],
  durationMs: number,
): Promise<Admissions> {
  const intervalMs = 1_000 / CALLS_PER_SECOND;
  const count = Math.round(durationMs / intervalMs);
  const waits: number[] = [];
  const call = async (dueMs: number, customer: Customer): Promise<void> => {
    const ask = askOf(customer);
    const verdict = await admitted(gate, ask);
    if (verdict === undefined) {
      return;
    }
    waits.push(nowMs() - dueMs);
    await gate.settle(settlementOf(ask, verdict.taken));
  };
  const calls: Promise<void>[] = [];
  let began = Number.NaN;
  await new Promise<void>((resolve, reject) => {
    const workerData = { intervalMs, count };
    const pacer = new Worker(new URL('pacer.ts', import.meta.url), { workerData });
    pacer.on('error', reject);
    pacer.on('exit', () => resolve());
    pacer.on('message', (dueMs: number) => {
      began = calls.length === 0 ? dueMs : began;
      calls.push(call(dueMs, customers[calls.length % customers.length] as Customer));
    });
  });
  await Promise.all(calls);
  const sorted = waits.toSorted((one, other) => one - other);
  return {
    perSecond: (sorted.length / (nowMs() - began)) * 1_000,
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
  };
}

/** Undefined where the machine stood still for so long that a client would be told to come back. */
async function admitted(
  gate: DrainScene['gate'],
  ask: AdmissionAsk,
): Promise<(Verdict & { admitted: true }) | undefined> {
  try {
    const verdict = await gate.admit(ask);
    if (!verdict.admitted) {
      throw new Error(`Admitting: ${JSON.stringify(verdict)}`);
    }
    return verdict;
  } catch (error) {
    if (error instanceof GateUnavailable) {
      return undefined;
    }
    throw error;
  }
}

function settlementOf(
  { identity, reservationId, model, jobType }: AdmissionAsk,
  taken: string,
): Parameters<DrainScene['gate']['settle']>[0] {
  return {
    identity,
    reservationId,
    model,
    jobType,
    deployment: 'openai-eu',
    outcome: 'completed',
    inputTokens: 10,
    outputTokens: 10,
    costNanoUsd: 5_000n,
    charge: 5n,
    estimated: false,
    taken,
    jobId: undefined,
    startedAtMs: Date.now(),
    endedAtMs: Date.now(),
  };
}

function askOf({ organizationId, teamId, keyId }: Customer): AdmissionAsk {
  return {
    reservationId: newId(),
    asked: 'gpt-4o',
    model: 'gpt-4o',
    endpoint: 'chat',
    address: '0'.repeat(32),
    jobId: undefined,
    jobType: 'chat',
    identity: { organizationId, teamId, keyId, hash: keyId, lastFour: 'abcd', userId: undefined },
    bound: {
      inputNanoUsd: 0,
      outputPicoUsdPerToken: 0,
      inputTokens: 10,
      answers: 1,
      outputCap: 100,
      minimumOutputCap: 16,
      unbounded: null,
    },
  };
}
