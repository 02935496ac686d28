// The management API for programs in TypeScript: every route by its path, with what it takes and answers as types.

import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './generated/api.ts';
import { patientFetch } from './patient-fetch.ts';
import type { Patience } from './patient-fetch.ts';

export type QuartermasterClient = Client<paths>;

export interface Connection {
  /** `https://…`, with or without a slash at its end. */
  readonly url: string;
  /** The admin key, a JWT, or a virtual key. */
  readonly key: string;
  /** How long, and how often, in place of what suits most. */
  readonly patience?: Partial<Patience>;
}

/**
 * A client of one server, as one caller. Its methods answer `{ data }`, or `{ error }` where the server refuses: a
 * refusal is a value. They throw Unreachable where there is no answer after all tries, and nothing else.
 */
export function createQuartermasterClient({ url, key, patience }: Connection): QuartermasterClient {
  return createClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${key}` },
    fetch: async (request) => patientFetch(request, patience),
  });
}
