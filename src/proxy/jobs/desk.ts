// What a client does with a job beside calling models in it.

import { costsOf } from '../../core/jobs/costs.ts';
import { createJob } from '../../core/jobs/create-job.ts';
import { addMetadata } from '../../core/jobs/change-metadata.ts';
import { endJob } from '../../core/jobs/end-job.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import { sendDetail, sendJson } from './answer.ts';
import { readShape } from './read-shape.ts';
import { jobFor } from './request.ts';
import type { JobRequest } from './request.ts';
import { COMPLETE_BODY, CREATE_BODY, METADATA_BODY } from './shapes.ts';
import { breakdownView, callView, costsView, jobView, statusText, usdOf } from './views.ts';

export async function create(request: JobRequest): Promise<void> {
  const { parts, caller, req, res } = request;
  const given = readShape(request, CREATE_BODY);
  if (given === undefined) {
    return;
  }
  if ((given.team_id ?? caller.teamId) !== caller.teamId) {
    return sendDetail(res, refuse('key_of_another_team', { team: given.team_id ?? '' }));
  }
  const job = await createJob(parts.stores, caller, {
    jobType: given.job_type,
    userId: given.user_id ?? null,
    metadata: given.metadata ?? {},
    address: parts.addressOf(req),
  });
  if (isRefusal(job)) {
    return sendDetail(res, job);
  }
  sendJson(res, 200, {
    job_id: job.id,
    status: statusText(job),
    created_at: job.createdAt.toISOString(),
    expires_at: job.expiresAt.toISOString(),
  });
}

/** Ends a job: completed, failed or cancelled. Repeated, it answers what the first one did. */
export async function complete(request: JobRequest): Promise<void> {
  const { parts, res } = request;
  const given = readShape(request, COMPLETE_BODY);
  if (given === undefined) {
    return;
  }
  const found = await jobFor(request);
  if (isRefusal(found)) {
    return sendDetail(res, found);
  }
  const job = await endJob(parts.stores, found.id, {
    event: given.status,
    metadata: given.metadata ?? undefined,
    errorMessage: given.error_message ?? undefined,
  });
  if (isRefusal(job)) {
    return sendDetail(res, job);
  }
  const costs = await costsOf(parts.stores, job);
  sendJson(res, 200, {
    job_id: job.id,
    status: statusText(job),
    completed_at: job.endedAt?.toISOString() ?? null,
    costs: costsView(job, costs),
    calls: costs.calls.map(callView),
  });
}

export async function show(request: JobRequest): Promise<void> {
  const { parts, res } = request;
  const job = await jobFor(request);
  if (isRefusal(job)) {
    return sendDetail(res, job);
  }
  const costs = await costsOf(parts.stores, job);
  sendJson(res, 200, {
    ...jobView(job),
    model_groups_used: [...new Set(costs.calls.map((call) => call.model))],
    costs: costsView(job, costs),
    calls: costs.calls.map(callView),
  });
}

export async function showCosts(request: JobRequest): Promise<void> {
  const { parts, res } = request;
  const job = await jobFor(request);
  if (isRefusal(job)) {
    return sendDetail(res, job);
  }
  const costs = await costsOf(parts.stores, job);
  sendJson(res, 200, {
    job_id: job.id,
    team_id: job.teamId,
    job_type: job.jobType,
    status: statusText(job),
    costs: {
      total_cost_usd: usdOf(costs.totals.costNanoUsd),
      usage_complete: costs.isComplete,
      breakdown: costs.calls.map(breakdownView),
    },
  });
}

export async function changeMetadata(request: JobRequest): Promise<void> {
  const { parts, res } = request;
  const given = readShape(request, METADATA_BODY);
  if (given === undefined) {
    return;
  }
  const found = await jobFor(request);
  const job = isRefusal(found) ? found : await addMetadata(parts.stores, found.id, given.metadata);
  if (isRefusal(job)) {
    return sendDetail(res, job);
  }
  const updatedAt = new Date(parts.clock()).toISOString();
  sendJson(res, 200, { job_id: job.id, metadata: job.metadata, updated_at: updatedAt });
}
