import type { RefusalKind } from './kind.ts';

const INVALID = 'invalid_request_error';
const UNAVAILABLE = 'service_unavailable_error';
const UPSTREAM = 'upstream_error';

/** Can the request be read, and can it be served? */
export const REQUEST_REFUSALS = {
  body_not_json: {
    status: 400,
    type: INVALID,
    message: 'The body is not valid JSON: {complaint}.',
    cure: 'Send one JSON object, in UTF-8.',
  },
  parameter_invalid: {
    status: 400,
    type: INVALID,
    message: 'Parameter {parameter} is not acceptable: {complaint}.',
    cure: 'Correct {parameter} and send the request again.',
  },
  body_too_large: {
    status: 413,
    type: INVALID,
    message: 'The body is larger than {limitBytes} bytes.',
    cure: 'Send a smaller body; files belong in a store, with a link in the prompt.',
  },
  headers_too_large: {
    status: 431,
    type: INVALID,
    message: 'The headers are larger than {limitBytes} bytes.',
    cure: 'Send smaller headers; look for a cookie or a key that was pasted many times.',
  },
  request_unreadable: {
    status: 400,
    type: INVALID,
    message: 'The HTTP request cannot be read.',
    cure: 'Send well-formed HTTP/1.1.',
  },
  cost_unbounded: {
    status: 400,
    type: INVALID,
    message: 'The cost of this call cannot be bounded beforehand: {complaint}.',
    cure: 'Leave that part out, or have the model configured with a bound for it.',
  },
  route_unknown: {
    status: 404,
    type: INVALID,
    message: 'There is no route {method} {path}.',
    cure: 'See /docs on this server for the list of routes.',
  },
  route_not_offered: {
    status: 501,
    type: INVALID,
    message: '{route} is not offered here. {why}',
    cure: 'See docs/compatibility.md for what there is in its place.',
  },
  method_not_allowed: {
    status: 405,
    type: INVALID,
    message: '{path} does not take {method}, only {allowed}.',
    cure: 'Repeat the request with {allowed}.',
  },
  gate_unavailable: {
    status: 503,
    type: UNAVAILABLE,
    message: 'Credits cannot be checked at the moment, so nothing is let through.',
    cure: 'Try again after the seconds given in Retry-After.',
  },
  records_unavailable: {
    status: 503,
    type: UNAVAILABLE,
    message: 'The database cannot be reached at the moment, so nothing was changed.',
    cure: 'Try again after the seconds given in Retry-After.',
  },
  server_busy: {
    status: 503,
    type: UNAVAILABLE,
    message: 'This server holds as many requests as it can.',
    cure: 'Try again after the seconds given in Retry-After, or send a smaller body.',
  },
  not_yet_in_force: {
    status: 503,
    type: UNAVAILABLE,
    message: 'The change is saved, but calls are not judged by it yet: the gate cannot be reached.',
    cure: 'It holds by itself as soon as the gate is back; do not repeat it.',
  },
  internal_fault: {
    status: 500,
    type: 'internal_error',
    message: 'Something went wrong on our side.',
    cure: 'Try again; if it stays, tell your account manager the time of this call.',
  },
  upstream_busy: {
    status: 429,
    type: 'rate_limit_error',
    message: 'The provider of {model} is at its own limit.',
    cure: 'Try again after the seconds given in Retry-After; nothing was charged.',
  },
  upstream_failed: {
    status: 502,
    type: UPSTREAM,
    message: 'The provider of {model} failed to answer.',
    cure: 'Try again; nothing was charged.',
  },
  upstream_timeout: {
    status: 504,
    type: UPSTREAM,
    message: 'The provider of {model} did not answer within {seconds} seconds.',
    cure: 'Try again with a smaller request, or stream the answer.',
  },
  upstream_refused: {
    status: 400,
    type: INVALID,
    message: 'The provider of {model} did not accept the request: {complaint}.',
    cure: 'Correct the request; nothing was charged.',
  },
} as const satisfies Record<string, RefusalKind>;
