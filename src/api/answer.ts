import { GateUnavailable, NotYetInForce, RecordsUnavailable } from '../core/faults.ts';
import { cureOf, publicSentence, refuse, REFUSALS } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

/** What a request is told. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A file in place of the body; it is read no faster than it leaves. */
  readonly file?: TextFile;
}

export interface TextFile {
  readonly type: string;
  readonly pieces: AsyncIterable<string>;
}

const ANSWER = Symbol('answer');

/** A whole answer of a handler: another status than 200, or headers of its own. */
export function answer(
  body: unknown,
  rest: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Answer {
  const whole = { status: rest.status ?? 200, body, headers: rest.headers ?? {}, [ANSWER]: true };
  return whole;
}

/** A file as an answer. Its first piece is read already, so that what keeps it from being read is still told. */
export async function fileAnswer(type: string, pieces: AsyncGenerator<string>): Promise<Answer> {
  const first = await pieces.next();
  async function* all(): AsyncGenerator<string> {
    if (first.done !== true) {
      yield first.value;
      yield* pieces;
    }
  }
  return { ...answer(undefined), file: { type, pieces: all() } };
}

export function isAnswer(value: object): value is Answer {
  return ANSWER in value;
}

/** A refusal in the very words that are documented for one route. */
export interface Worded {
  readonly refusal: Refusal;
  readonly detail: string;
}

/** The gate reconnects and Postgres fails over within seconds. */
export const RETRY_AFTER_SECONDS = '2';

/** The documented wording, for whatever is wrong with the admin key; the cure says which. */
const ADMIN_KEY_DETAIL =
  "Authentication required. Provide either 'Authorization: Bearer <token>' or 'X-Admin-Key: <master_key>'";

export function isWorded(value: unknown): value is Worded {
  return typeof value === 'object' && value !== null && 'refusal' in value && 'detail' in value;
}

/** A refusal in this dialect: `detail` as documented, beside it the code and the cure. */
export function answerOf(
  refusal: Refusal,
  detail: string = publicSentence(refusal),
  cure: string = cureOf(refusal),
): Answer {
  const { status } = REFUSALS[refusal.refused];
  const body = { detail, code: refusal.refused, cure };
  return status === 503
    ? { status, body, headers: { 'retry-after': RETRY_AFTER_SECONDS } }
    : { status, body };
}

/** The 401 of every management route. */
export function unauthorized(refusal: Refusal): Answer {
  if (refusal.refused !== 'admin_key_required') {
    return answerOf(refusal);
  }
  const cure = `${publicSentence(refusal)} ${cureOf(refusal)}`;
  const told = answerOf(refusal, ADMIN_KEY_DETAIL, cure);
  return { ...told, headers: { 'www-authenticate': 'Bearer' } };
}

/** The refusal that a fault amounts to for whoever asked; undefined if it is a mistake of ours. */
export function refusalFrom(fault: unknown): Refusal | undefined {
  if (fault instanceof RecordsUnavailable) {
    return refuse('records_unavailable');
  }
  if (fault instanceof NotYetInForce) {
    return refuse('not_yet_in_force');
  }
  return fault instanceof GateUnavailable ? refuse('gate_unavailable') : undefined;
}
