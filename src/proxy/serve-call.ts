import type { IncomingMessage } from 'node:http';
import { isJobId } from '../core/jobs/find-job.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { answerClient } from './answer-client.ts';
import type { BodyDoor } from './body-door.ts';
import { readCallBody } from './call-body.ts';
import type { CallBody, OpenaiEndpoint } from './call-body.ts';
import { endUserOfHeaders } from './end-user.ts';
import { OPENAI_WORDS } from './refusals.ts';
import type { Words } from './refusals.ts';
import { runCall } from './run-call.ts';

/** The doors of the OpenAI dialect, one for each kind of call. */
export const CALL_DOORS: Readonly<Record<OpenaiEndpoint, BodyDoor>> = {
  chat: doorTo((bytes) => readCallBody(bytes, 'chat'), OPENAI_WORDS),
  completion: doorTo((bytes) => readCallBody(bytes, 'completion'), OPENAI_WORDS),
  embedding: doorTo((bytes) => readCallBody(bytes, 'embedding'), OPENAI_WORDS),
};

/** A door that makes a call of each body, and answers in its own words. */
export function doorTo(
  read: (bytes: Buffer, req: IncomingMessage) => CallBody | Refusal,
  words: Words,
): BodyDoor {
  return {
    refuse: words.refuse,
    async serve(parts, identity, bytes, req, res) {
      const body = read(bytes, req);
      const jobId = jobFrom(req);
      if (isRefusal(body) || isRefusal(jobId)) {
        return words.refuse(res, isRefusal(body) ? body : (jobId as Refusal));
      }
      const endUserId = endUserOfHeaders(req.headers) ?? body.endUserId;
      const call = { identity, address: parts.addressOf(req), body, jobId, endUserId };
      const refusal = await runCall(parts, call, res, (ended) =>
        answerClient(parts.upstreamTimeoutMs, ended, res, words),
      );
      if (refusal !== undefined) {
        words.refuse(res, refusal);
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
