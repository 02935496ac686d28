import type { ServerResponse } from 'node:http';
import { GateUnavailable, RecordsUnavailable } from '../core/faults.ts';
import { cureOf, publicSentence, refuse, REFUSALS } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

/** How soon a client may hope that the gate is back. */
export const RETRY_AFTER_SECONDS = 1;

/** A refusal as the OpenAI dialect tells it. */
export function openaiError(refusal: Refusal): string {
  const kind = REFUSALS[refusal.refused];
  return JSON.stringify({
    error: {
      message: `${publicSentence(refusal)} ${cureOf(refusal)}`,
      type: kind.type,
      param: refusal.facts['parameter'] ?? null,
      code: refusal.refused,
    },
  });
}

/** Answers with a refusal, unless an answer is already under way: then it is cut. */
export function sendRefusal(
  res: ServerResponse,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const kind = REFUSALS[refusal.refused];
  const body = openaiError(refusal);
  const retryAfter = refusal.facts['retryAfterSeconds'] ?? RETRY_AFTER_SECONDS;
  res.writeHead(kind.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(kind.status === 503 || kind.status === 429 ? { 'retry-after': String(retryAfter) } : {}),
    // Waiting cures none of the others; the official clients heed this and do not repeat the call.
    ...(kind.status < 429 ? { 'x-should-retry': 'false' } : {}),
    ...headers,
  });
  res.end(body);
}

/** What a client may know of a fault. */
export function refusalOfFault(error: unknown): Refusal | undefined {
  return error instanceof GateUnavailable || error instanceof RecordsUnavailable
    ? refuse('gate_unavailable')
    : undefined;
}
