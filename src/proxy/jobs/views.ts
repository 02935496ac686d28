// Jobs as the client API shows them. Statuses are in capitals, as its clients compare them.

import type { JobCosts } from '../../core/jobs/costs.ts';
import type { Job } from '../../core/jobs/job.ts';
import type { JobCall } from '../../core/jobs/job-records.ts';
import { creditsToNumber, divideRoundingUp, usdToNumber } from '../../core/money.ts';

const NANO_USD_PER_MICRO_USD = 1_000n;

export function statusText({ status }: Job): string {
  return status.toUpperCase();
}

/** What is known of a job without its calls. */
export function jobView(job: Job): object {
  return {
    job_id: job.id,
    team_id: job.teamId,
    organization_id: job.organizationId,
    user_id: job.userId,
    job_type: job.jobType,
    status: statusText(job),
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    completed_at: job.endedAt?.toISOString() ?? null,
    expires_at: job.expiresAt.toISOString(),
    metadata: job.metadata,
    error_message: job.errorMessage,
    external_task_id: null,
    credit_applied: job.creditApplied,
  };
}

export function costsView(job: Job, { totals, isComplete, spendable }: JobCosts): object {
  const own = job.creditApplied ? job.charge : 0n;
  return {
    total_calls: totals.calls,
    successful_calls: totals.completedCalls,
    failed_calls: totals.calls - totals.completedCalls,
    total_tokens: Number(totals.usageTokens),
    total_cost_usd: usdOf(totals.costNanoUsd),
    avg_latency_ms: totals.averageLatencyMs,
    credit_applied: job.creditApplied,
    credits_used: creditsToNumber(own + totals.charge),
    credits_remaining: spendable === undefined ? null : creditsToNumber(spendable),
    usage_complete: isComplete,
  };
}

export function callView(call: JobCall): object {
  return {
    call_id: call.id,
    purpose: call.purpose,
    model_group: call.model,
    tokens: Number(call.inputTokens + call.outputTokens),
    latency_ms: call.latencyMs,
    error: call.outcome === 'completed' ? null : call.outcome,
  };
}

export function breakdownView(call: JobCall): object {
  return {
    call_id: call.id,
    model: call.model,
    purpose: call.purpose,
    prompt_tokens: Number(call.inputTokens),
    completion_tokens: Number(call.outputTokens),
    cost_usd: usdOf(call.costNanoUsd),
    created_at: call.startedAt.toISOString(),
  };
}

/** Six decimals, as documented. */
export function usdOf(nanoUsd: bigint): number {
  return usdToNumber(divideRoundingUp(nanoUsd, NANO_USD_PER_MICRO_USD) * NANO_USD_PER_MICRO_USD);
}
