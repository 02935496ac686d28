import type { ServerResponse } from 'node:http';
import { cureOf, publicSentence, REFUSALS } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { sendRefused } from '../refusals.ts';
import type { Words } from '../refusals.ts';

/** https://platform.claude.com/docs/en/api/errors */
const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
};

/** Anthropic's word for a status of ours. */
export function anthropicType(status: number): string {
  return TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

/** A refusal as Anthropic's dialect tells it, with our code and what decided beside its type. */
export function anthropicError(refusal: Refusal, requestId?: string): string {
  const { limitSource } = refusal.facts;
  return JSON.stringify({
    type: 'error',
    error: {
      type: anthropicType(REFUSALS[refusal.refused].status),
      message: `${publicSentence(refusal)} ${cureOf(refusal)}`,
      code: refusal.refused,
      ...(limitSource === undefined ? {} : { limit_source: limitSource }),
    },
    ...(requestId === undefined ? {} : { request_id: requestId }),
  });
}

export const ANTHROPIC_WORDS: Words = {
  refuse: (res: ServerResponse, refusal, headers = {}) =>
    sendRefused(res, refusal, (requestId) => anthropicError(refusal, requestId), headers),
  errorEvent: (refusal) => `event: error\ndata: ${anthropicError(refusal)}\n\n`,
};
