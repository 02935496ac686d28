import type { ServerResponse } from 'node:http';
import { GateUnavailable, RecordsUnavailable } from '../core/faults.ts';
import { cureOf, publicSentence, refuse, REFUSALS } from '../core/refusals.ts';
import { newId } from '../core/ids.ts';
import { rateHeaders } from './rate-headers.ts';
import type { Refusal } from '../core/refusals.ts';
import type { RememberRefusal } from '../core/refusals/refused-call.ts';

/** How one dialect tells a refusal. */
export interface Words {
  readonly refuse: (
    res: ServerResponse,
    refusal: Refusal,
    headers?: Readonly<Record<string, string>>,
  ) => void;
  /** As the last event of a stream. */
  readonly errorEvent: (refusal: Refusal) => string;
}

/** Names the call that was refused, where it had begun. */
export const CALL_HEADER = 'x-quartermaster-call';

/** Names an answer that refuses: with it people in Slack are told what the gate saw. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The answers of this door remember what they refuse, and to whom (see remembering-answer.ts). */
interface MaybeRemembering extends ServerResponse {
  readonly remember?: RememberRefusal;
}

/** How soon a client may hope that the gate is back. */
export const RETRY_AFTER_SECONDS = 1;

/** A refusal as the OpenAI dialect tells it. */
export function openaiError(refusal: Refusal, requestId?: string): string {
  const kind = REFUSALS[refusal.refused];
  const { limitSource } = refusal.facts;
  return JSON.stringify({
    error: {
      message: `${publicSentence(refusal)} ${cureOf(refusal)}`,
      type: kind.type,
      param: refusal.facts['parameter'] ?? null,
      code: refusal.refused,
      ...(limitSource === undefined ? {} : { limit_source: limitSource }),
      ...(requestId === undefined ? {} : { request_id: requestId }),
    },
  });
}

/** Answers with a refusal, unless an answer is already under way: then it is cut. */
export function sendRefusal(
  res: ServerResponse,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendRefused(res, refusal, (requestId) => openaiError(refusal, requestId), headers);
}

export const OPENAI_WORDS: Words = {
  refuse: sendRefusal,
  errorEvent: (refusal) => `data: ${openaiError(refusal)}\n\n`,
};

/** The same in any dialect, given its body. Its id stands in the answer and is remembered with the refusal. */
export function sendRefused(
  res: ServerResponse,
  refusal: Refusal,
  bodyOf: (requestId: string) => string,
  headers: Readonly<Record<string, string>>,
): void {
  const requestId = headers[CALL_HEADER] ?? newId();
  (res as MaybeRemembering).remember?.(requestId, refusal);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const body = bodyOf(requestId);
  const kind = REFUSALS[refusal.refused];
  const retryAfter = retryAfterOf(refusal);
  res.writeHead(kind.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    [REQUEST_ID_HEADER]: requestId,
    ...(refusal.ratesLeft === undefined ? {} : rateHeaders(refusal.ratesLeft)),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    // Nothing is cured by asking again at once; the official clients heed this and do not.
    ...(isFinal(kind.status, retryAfter) ? { 'x-should-retry': 'false' } : {}),
    ...headers,
  });
  res.end(body);
}

/** After how many seconds it is worth asking again; undefined where waiting does not help. */
function retryAfterOf({ refused, facts }: Refusal): number | undefined {
  const known = facts['retryAfterSeconds'];
  if (typeof known === 'number') {
    return known;
  }
  const passesSoon = REFUSALS[refused].status === 503 || refused === 'parallel_limit_reached';
  return passesSoon || refused === 'upstream_busy' ? RETRY_AFTER_SECONDS : undefined;
}

/** The official clients wait for a minute at most, so what takes longer is final for them. */
const CLIENTS_WAIT_SECONDS = 60;

function isFinal(status: number, retryAfterSeconds: number | undefined): boolean {
  return (
    status <= 429 && (retryAfterSeconds === undefined || retryAfterSeconds > CLIENTS_WAIT_SECONDS)
  );
}

/** What a client may know of a fault. */
export function refusalOfFault(error: unknown): Refusal | undefined {
  return error instanceof GateUnavailable || error instanceof RecordsUnavailable
    ? refuse('gate_unavailable')
    : undefined;
}
