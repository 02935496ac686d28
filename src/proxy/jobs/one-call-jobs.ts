// A job that is one call: created, called and ended by one request.

import { costsOfOne } from '../../core/jobs/costs.ts';
import type { JobCosts } from '../../core/jobs/costs.ts';
import { createJob } from '../../core/jobs/create-job.ts';
import { endJob } from '../../core/jobs/end-job.ts';
import type { JobEnding } from '../../core/jobs/end-job.ts';
import type { Job } from '../../core/jobs/job.ts';
import { isOpen } from '../../core/jobs/transition.ts';
import { settlementOf } from '../../core/gateway/settlement.ts';
import { isRefusal, publicSentence, refuse } from '../../core/refusals.ts';
import { callHeaders, endStream, settledHeaders } from '../answer-client.ts';
import { readCallBody } from '../call-body.ts';
import { runCall } from '../run-call.ts';
import type { EndedCall } from '../run-call.ts';
import { refusalOfUpstream } from '../upstream-refusals.ts';
import { sendDetail, sendJson } from './answer.ts';
import { announceStream, metadataView } from './calls.ts';
import { chatBody, responseView } from './chat-body.ts';
import { notePurpose } from './purpose.ts';
import { readShape } from './read-shape.ts';
import type { JobRequest } from './request.ts';
import { CREATE_AND_CALL_BODY } from './shapes.ts';
import { costsView, statusText } from './views.ts';

export async function createAndCall(request: JobRequest): Promise<void> {
  return serveOneCall(request, false);
}

export async function createAndCallStream(request: JobRequest): Promise<void> {
  return serveOneCall(request, true);
}

async function serveOneCall(request: JobRequest, stream: boolean): Promise<void> {
  const { parts, caller, req, res } = request;
  const given = readShape(request, CREATE_AND_CALL_BODY);
  if (given === undefined) {
    return;
  }
  if ((given.team_id ?? caller.teamId) !== caller.teamId) {
    return sendDetail(res, refuse('key_of_another_team', { team: given.team_id ?? '' }));
  }
  const body = readCallBody(chatBody(given, stream), 'chat');
  if (isRefusal(body)) {
    return sendDetail(res, body);
  }
  const address = parts.addressOf(req);
  const job = await createJob(parts.stores, caller, {
    jobType: given.job_type,
    userId: given.user_id ?? null,
    metadata: { ...given.job_metadata, ...given.call_metadata },
    address,
  });
  if (isRefusal(job)) {
    return sendDetail(res, job);
  }
  if (stream) {
    announceStream(request);
  }
  const wish = { identity: caller, address, body, jobId: job.id };
  try {
    const refusal = await runCall(parts, wish, res, async (ended) => {
      await notePurpose(request, ended, given);
      return endAndTell(request, job, ended);
    });
    if (refusal !== undefined) {
      await tryEnd(request, job, fail(publicSentence(refusal)));
      sendDetail(res, refusal, {}, { job_id: job.id });
    }
  } catch (fault) {
    // Changes nothing where it ended before.
    await tryEnd(request, job, fail('The call broke off'));
    throw fault;
  }
}

function fail(errorMessage: string): JobEnding {
  return { event: 'fail', errorMessage };
}

/** Ends the job as its call ended, before the client sees the end: whoever saw it was charged. */
async function endAndTell(request: JobRequest, job: Job, ended: EndedCall): Promise<void> {
  const { parts, res } = request;
  const { result, body } = ended;
  switch (result.kind) {
    case 'failed': {
      const refusal = refusalOfUpstream(result, body.model, parts.upstreamTimeoutMs);
      await tryEnd(request, job, fail(publicSentence(refusal)));
      return sendDetail(res, refusal, {}, { job_id: job.id });
    }
    case 'answered':
      return tellAnswer(request, await tryEnd(request, job, { event: 'complete' }), ended, result);
    case 'streamed': {
      const isDone = ended.end.outcome === 'completed';
      await tryEnd(request, job, isDone ? { event: 'complete' } : fail('The answer broke off'));
      return endStream(result, body.model, res);
    }
    case 'left':
      await tryEnd(request, job, fail('The client left'));
      res.destroy();
  }
}

/**
 * The job as it ended. Where that cannot be written now it is told as it is: the answer is there, and the
 * client can complete the job by its id.
 */
async function tryEnd({ parts }: JobRequest, job: Job, ending: JobEnding): Promise<Job> {
  try {
    const ended = await endJob(parts.stores, job.id, ending);
    return isRefusal(ended) ? job : ended;
  } catch (error) {
    parts.onFault(
      `Ending job ${job.id}: it stays open until its client or its life ends it`,
      error,
    );
    return { ...job, status: 'in_progress' };
  }
}

async function tellAnswer(
  { parts, res }: JobRequest,
  job: Job,
  ended: EndedCall,
  result: Extract<EndedCall['result'], { kind: 'answered' }>,
): Promise<void> {
  const { call, body, settled } = ended;
  const costs = isOpen(job.status) ? undefined : await costsOfEnded(parts.stores, job, ended);
  const answer = {
    job_id: job.id,
    call_id: call.reservationId,
    status: statusText(job),
    response: responseView(result),
    metadata: metadataView(ended),
    costs: costs === undefined ? null : costsView(job, costs),
    completed_at: job.endedAt?.toISOString() ?? null,
  };
  sendJson(res, 200, answer, { ...callHeaders(call, body), ...settledHeaders(settled) });
}

async function costsOfEnded(
  stores: JobRequest['parts']['stores'],
  job: Job,
  { call, end }: EndedCall,
): Promise<JobCosts> {
  const settlement = settlementOf(call, end);
  return costsOfOne(stores, job, {
    id: call.reservationId,
    model: settlement.model,
    outcome: settlement.outcome,
    inputTokens: BigInt(settlement.inputTokens),
    outputTokens: BigInt(settlement.outputTokens),
    costNanoUsd: settlement.costNanoUsd,
    charge: settlement.charge,
    latencyMs: settlement.endedAtMs - settlement.startedAtMs,
    startedAt: new Date(settlement.startedAtMs),
    purpose: null,
  });
}
