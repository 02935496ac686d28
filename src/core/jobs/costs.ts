import { GateUnavailable } from '../faults.ts';
import { divideRoundingUp } from '../money.ts';
import type { Stores } from '../stores.ts';
import { SECOND_MS } from '../time.ts';
import type { Job } from './job.ts';
import type { JobCall, JobCallTotals } from './job-records.ts';

/** The worker drains within a fraction of a second; who waits longer waits for a dead worker. */
const DRAIN_WAIT_MS = 2 * SECOND_MS;
/** More calls than a person reads; their sums count all of them. */
const CALLS_SHOWN_MAX = 1_000;
const BASIS_POINTS = 10_000n;

/** What a job cost, as its client may see it: with the markup, never what the provider takes. */
export interface JobCosts {
  readonly totals: JobCallTotals;
  readonly calls: readonly JobCall[];
  /** Whether every call that had ended when asked is in. */
  readonly isComplete: boolean;
  /** What the team may still spend, in microcredits; undefined while the gate is away. */
  readonly spendable: bigint | undefined;
}

/** Sums the calls of a job, after waiting for the drain, within a bound. */
export async function costsOf(stores: Stores, job: Job): Promise<JobCosts> {
  const { records } = stores;
  const isComplete = await isDrained(stores, job);
  const [totals, calls] = await Promise.all([
    records.jobs.totals(job.id),
    records.jobs.calls(job.id, CALLS_SHOWN_MAX),
  ]);
  return spoken(stores, job, { totals, calls, isComplete });
}

/** The same for a job that is one call, of which all is known before the drain brings it. */
export async function costsOfOne(
  stores: Stores,
  job: Job,
  call: JobCall & { readonly charge: bigint },
): Promise<JobCosts> {
  const totals = {
    calls: 1,
    completedCalls: call.outcome === 'completed' ? 1 : 0,
    repeatedCalls: 0,
    usageTokens: call.inputTokens + call.outputTokens,
    costNanoUsd: call.costNanoUsd,
    charge: call.charge,
    averageLatencyMs: call.latencyMs,
  };
  return spoken(stores, job, { totals, calls: [call], isComplete: true });
}

async function spoken(
  stores: Stores,
  job: Job,
  { totals, calls, isComplete }: Omit<JobCosts, 'spendable'>,
): Promise<JobCosts> {
  const [team, spendable] = await Promise.all([
    stores.records.teams.find(job.teamId),
    spendableOf(stores, job),
  ]);
  const markup = BASIS_POINTS + BigInt(team?.markupBasisPoints ?? 0);
  const marked = <Sum extends { readonly costNanoUsd: bigint }>(sum: Sum): Sum => ({
    ...sum,
    costNanoUsd: divideRoundingUp(sum.costNanoUsd * markup, BASIS_POINTS),
  });
  return { totals: marked(totals), calls: calls.map(marked), isComplete, spendable };
}

/** How many calls of a job completed, as far as the drain brought them in time. */
export async function completedCallsOf(stores: Stores, jobId: string): Promise<number> {
  const job = await stores.records.jobs.find(jobId);
  if (job === undefined) {
    return 0;
  }
  await isDrained(stores, job);
  return (await stores.records.jobs.totals(jobId)).completedCalls;
}

async function isDrained({ gate }: Stores, { teamId, organizationId }: Job): Promise<boolean> {
  try {
    return await gate.untilDrained({ id: teamId, organizationId }, DRAIN_WAIT_MS);
  } catch (error) {
    return orAway(error, false);
  }
}

async function spendableOf(
  { gate }: Stores,
  { teamId, organizationId }: Job,
): Promise<bigint | undefined> {
  try {
    return (await gate.balance({ id: teamId, organizationId })).spendable;
  } catch (error) {
    return orAway(error, undefined);
  }
}

function orAway<Answer>(error: unknown, answer: Answer): Answer {
  if (error instanceof GateUnavailable) {
    return answer;
  }
  throw error;
}
