import type { ServerResponse } from 'node:http';
import type { KeptAnswer } from '../../core/answered-once.ts';
import { GateUnavailable, RecordsUnavailable } from '../../core/faults.ts';
import { cureOf, publicSentence, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { ProxyParts } from '../parts.ts';
import { ClientGone } from '../read-body.ts';
import { sendRefused } from '../refusals.ts';

type Headers = Readonly<Record<string, string>>;

type Take = (answer: KeptAnswer) => void;
const takers = new WeakMap<ServerResponse, Take>();

/** From now on an answer of success is handed over in place of being sent: whoever takes it sends it. */
export function takeAnswer(res: ServerResponse, take: Take): void {
  takers.set(res, take);
}

/** Sends JSON that nobody on the way may keep. */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: object,
  headers: Headers = {},
): void {
  const take = takers.get(res);
  if (take !== undefined && status < 300) {
    takers.delete(res);
    return take({ status, body, headers });
  }
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  res.end(text);
}

/** A refusal in the dialect of the client API; `more` stands beside it. */
export function sendDetail(
  res: ServerResponse,
  refusal: Refusal,
  headers: Headers = {},
  more: object = {},
): void {
  const { limitSource } = refusal.facts;
  const bodyOf = (requestId: string) =>
    JSON.stringify({
      detail: publicSentence(refusal),
      code: refusal.refused,
      cure: cureOf(refusal),
      ...(limitSource === undefined ? {} : { limit_source: limitSource }),
      request_id: requestId,
      ...more,
    });
  sendRefused(res, refusal, bodyOf, headers);
}

/** What a thrown fault amounts to for the client. What is our mistake is told to the operator. */
export function answerJobFault(parts: ProxyParts, error: unknown, res: ServerResponse): void {
  if (error instanceof ClientGone) {
    res.destroy();
  } else if (error instanceof RecordsUnavailable) {
    sendDetail(res, refuse('records_unavailable'));
  } else if (error instanceof GateUnavailable) {
    sendDetail(res, refuse('gate_unavailable'));
  } else {
    parts.onFault('Serving a job', error);
    sendDetail(res, refuse('internal_fault'));
  }
}
