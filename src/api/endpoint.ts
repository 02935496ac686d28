// One management route: what it reads and what it answers. Reading is done here for all of them, so that
// a handler gets what it asked for, calls core and speaks.

import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { answerOf, isWorded } from './answer.ts';
import type { Answer, Worded } from './answer.ts';
import { mistakesIn, shapeAnswer } from './shape.ts';

/** What came in, unread. */
export interface RawCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly query: unknown;
  /** `:id` of the path, empty where the path has none. */
  readonly id: string;
  /** `:user` of the path, empty where the path has none. */
  readonly user: string;
}

/** What a handler gets. */
interface Call<Body, Query> {
  readonly stores: Stores;
  readonly body: Body;
  readonly query: Query;
  readonly id: string;
  readonly user: string;
  readonly idempotencyKey: string | undefined;
}

/** An answer with headers of its own. */
interface WithHeaders {
  readonly json: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Endpoint {
  /** What it reads; the documentation is held to it. */
  readonly body: z.ZodType;
  answer(stores: Stores, raw: RawCall): Promise<Answer>;
}

interface EndpointSpec<Body extends z.ZodType, Query extends z.ZodType> {
  readonly body: Body;
  readonly query: Query;
  /** Answers JSON for a 200, or a refusal. */
  handle(call: Call<z.output<Body>, z.output<Query>>): Promise<object>;
}

/** A header that came from a person or a program of theirs, to be kept for ever in the ledger. */
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

export function endpoint<Body extends z.ZodType, Query extends z.ZodType>(
  spec: EndpointSpec<Body, Query>,
): Endpoint {
  return {
    body: spec.body,
    async answer(stores, raw) {
      const query = spec.query.safeParse(raw.query);
      if (!query.success) {
        return shapeAnswer(mistakesIn('query', query.error, spec.query, raw.query));
      }
      const body = spec.body.safeParse(raw.body);
      if (!body.success) {
        return shapeAnswer(mistakesIn('body', body.error, spec.body, raw.body));
      }
      const key = raw.headers['idempotency-key'];
      if (key !== undefined && (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key))) {
        return answerOf(IDEMPOTENCY_KEY_REFUSAL);
      }
      const { id, user } = raw;
      const call = { stores, body: body.data, query: query.data, id, user, idempotencyKey: key };
      return spoken(await spec.handle(call));
    },
  };
}

const IDEMPOTENCY_KEY_REFUSAL: Refusal = refuse('parameter_invalid', {
  parameter: 'Idempotency-Key',
  complaint: 'only 1 to 255 printable ASCII characters are allowed',
});

function spoken(answer: object | Refusal | Worded | WithHeaders): Answer {
  if (isRefusal(answer)) {
    return answerOf(answer);
  }
  if (isWorded(answer)) {
    return answerOf(answer.refusal, answer.detail);
  }
  return isWithHeaders(answer)
    ? { status: 200, body: answer.json, headers: answer.headers }
    : { status: 200, body: answer };
}

function isWithHeaders(answer: object): answer is WithHeaders {
  return 'json' in answer && 'headers' in answer;
}
