// The end user that a call is made for, as clients of LiteLLM, OpenAI and Anthropic name them. Nobody is refused for
// a name: one that can't be kept is none.

import type { IncomingHttpHeaders } from 'node:http';
import { complaintAboutEndUserId } from '../core/end-users/end-user.ts';
import { objectOf } from './provider-numbers.ts';

/** Headers come before the body: a gateway in between knows better than the program behind it. */
const HEADERS = ['x-litellm-customer-id', 'x-litellm-end-user-id'] as const;

export function endUserOfHeaders(headers: IncomingHttpHeaders): string | undefined {
  return firstOf(HEADERS.map((name) => headers[name]));
}

/** Whom a body names: `user` of OpenAI, `metadata.user_id` of Anthropic, `safety_identifier` of newer clients. */
export function endUserIn(body: Readonly<Record<string, unknown>>): string | undefined {
  const { user, safety_identifier: newer } = body;
  return firstOf([
    user,
    objectOf(body['litellm_metadata'])?.['user'],
    objectOf(body['metadata'])?.['user_id'],
    newer,
  ]);
}

function firstOf(names: readonly unknown[]): string | undefined {
  return names.find(
    (name): name is string =>
      typeof name === 'string' && complaintAboutEndUserId(name) === undefined,
  );
}
