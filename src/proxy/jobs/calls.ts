// Calls of models by the client API. They go the way of every other call; only the words differ.

import { addMetadata } from '../../core/jobs/change-metadata.ts';
import { isJobId, jobOf } from '../../core/jobs/find-job.ts';
import { mergedMetadata } from '../../core/jobs/metadata.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { callHeaders, endStream, settledHeaders } from '../answer-client.ts';
import { readCallBody } from '../call-body.ts';
import { runCall } from '../run-call.ts';
import type { EndedCall } from '../run-call.ts';
import { refusalOfUpstream } from '../upstream-refusals.ts';
import { sendDetail, sendJson } from './answer.ts';
import { chatBody, responseView } from './chat-body.ts';
import { notePurpose } from './purpose.ts';
import { readShape } from './read-shape.ts';
import type { JobRequest } from './request.ts';
import { CALL_BODY } from './shapes.ts';

export async function call(request: JobRequest): Promise<void> {
  return serveJobCall(request, false);
}

export async function callStream(request: JobRequest): Promise<void> {
  return serveJobCall(request, true);
}

async function serveJobCall(request: JobRequest, stream: boolean): Promise<void> {
  const { parts, caller, id, req, res } = request;
  if (!isJobId(id)) {
    return sendDetail(res, refuse('job_unknown'));
  }
  const given = readShape(request, CALL_BODY);
  if (given === undefined) {
    return;
  }
  const noted = mergedMetadata({}, given.call_metadata ?? undefined);
  const body = readCallBody(chatBody(given, stream), 'chat');
  if (isRefusal(body) || isRefusal(noted)) {
    return sendDetail(res, isRefusal(body) ? body : (noted as Refusal));
  }
  const jobId = id.toLowerCase();
  const wish = { identity: caller, address: parts.addressOf(req), body, jobId };
  if (stream) {
    announceStream(request);
  }
  const refusal = await runCall(parts, wish, res, async (ended) => {
    await notePurpose(request, ended, given);
    if (given.call_metadata && ended.end.outcome === 'completed') {
      await noteMetadata(request, jobId, noted);
    }
    tellOfCall(request, ended);
  });
  if (refusal !== undefined) {
    sendDetail(res, await whyRefused(request, jobId, refusal));
  }
}

/** Proxies on the way must neither keep nor collect a stream. */
export function announceStream({ res }: Pick<JobRequest, 'res'>): void {
  res.setHeader('cache-control', 'no-cache');
  res.setHeader('x-accel-buffering', 'no');
}

/** The call is over and paid for; notes that cannot be taken do not take its answer away. */
async function noteMetadata(
  { parts }: JobRequest,
  jobId: string,
  metadata: Parameters<typeof addMetadata>[2],
): Promise<void> {
  try {
    const changed = await addMetadata(parts.stores, jobId, metadata);
    if (isRefusal(changed)) {
      parts.onFault(`Adding metadata to job ${jobId}: refused as ${changed.refused}`);
    }
  } catch (error) {
    parts.onFault(`Adding metadata to job ${jobId}`, error);
  }
}

function tellOfCall({ parts, res }: JobRequest, ended: EndedCall): void {
  const { result, body, call: admitted } = ended;
  switch (result.kind) {
    case 'answered':
      return sendJson(
        res,
        200,
        {
          call_id: admitted.reservationId,
          response: responseView(result),
          metadata: metadataView(ended),
        },
        { ...callHeaders(admitted, body), ...settledHeaders(ended.settled) },
      );
    case 'streamed':
      return endStream(result, body.model, res);
    case 'left':
      res.destroy();
      return;
    case 'failed':
      sendDetail(res, refusalOfUpstream(result, body.model, parts.upstreamTimeoutMs), {
        'x-quartermaster-call': admitted.reservationId,
      });
  }
}

/** What a call took, by the numbers it was settled with. */
export function metadataView({ call: admitted, body, end }: EndedCall): object {
  const usage = end.usage ?? { input: 0, output: 0 };
  return {
    tokens_used: usage.input + usage.output,
    latency_ms: end.endedAtMs - admitted.startedAtMs,
    model: body.model,
  };
}

/** The gate only knows that a job is not open. The records know why, if they can be asked. */
async function whyRefused(
  { parts, caller }: JobRequest,
  jobId: string,
  refusal: Refusal,
): Promise<Refusal> {
  if (refusal.refused !== 'job_not_open') {
    return refusal;
  }
  try {
    const job = await jobOf(parts.stores, caller, jobId);
    return isRefusal(job) ? job : refusal;
  } catch {
    // The records are away; what the gate said is right all the same.
    return refusal;
  }
}
