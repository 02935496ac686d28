import type { IncomingMessage } from 'node:http';
import { isJobId } from '../core/jobs/find-job.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { answerClient } from './answer-client.ts';
import type { BodyDoor } from './body-door.ts';
import { readCallBody } from './call-body.ts';
import type { Endpoint } from './call-body.ts';
import { sendRefusal } from './refusals.ts';
import { runCall } from './run-call.ts';

/** The doors of the OpenAI dialect, one for each kind of call. */
export const CALL_DOORS: Readonly<Record<Endpoint, BodyDoor>> = {
  chat: doorTo('chat'),
  completion: doorTo('completion'),
  embedding: doorTo('embedding'),
};

function doorTo(endpoint: Endpoint): BodyDoor {
  return {
    refuse: sendRefusal,
    async serve(parts, identity, bytes, req, res) {
      const body = readCallBody(bytes, endpoint);
      const jobId = jobFrom(req);
      if (isRefusal(body) || isRefusal(jobId)) {
        return sendRefusal(res, isRefusal(body) ? body : (jobId as Refusal));
      }
      const call = { identity, address: parts.addressOf(req), body, jobId };
      const refusal = await runCall(parts, call, res, (ended) =>
        answerClient(parts.upstreamTimeoutMs, ended, res),
      );
      if (refusal !== undefined) {
        sendRefusal(res, refusal);
      }
    },
  };
}

/** Puts a call into a job. */
export const JOB_HEADER = 'x-quartermaster-job';

function jobFrom({ headers }: IncomingMessage): string | undefined | Refusal {
  const id = headers[JOB_HEADER];
  if (id === undefined) {
    return undefined;
  }
  return typeof id === 'string' && isJobId(id)
    ? id.toLowerCase()
    : refuse('parameter_invalid', { parameter: JOB_HEADER, complaint: 'it is no id of a job' });
}
