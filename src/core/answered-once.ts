// Idempotency keys: the same key and request get the first answer again, and nothing is done twice.
//
// States of one key: unknown → in flight → answered; a refusal or a fault forgets it, so that a corrected request may
// come, unless the change is saved and only the gate was not told. A process that dies in between leaves it in flight
// for a minute; who comes then does the work again, and what moves credits is still posted once, since its reference
// is made of the same key.

import { createHmac } from 'node:crypto';
import { NotYetInForce } from './faults.ts';
import { sha256 } from './ids.ts';
import { seal, unseal } from './keys/reveal-link.ts';
import { refuse } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import type { Stores } from './stores.ts';
import { DAY_MS, MINUTE_MS } from './time.ts';

/** As documented for the systems whose clients come here. */
const REMEMBERED_MS = DAY_MS;
/** Longer than any request is worked at. */
const IN_FLIGHT_MAX_MS = MINUTE_MS;
/** Answers of changes are small; a larger one is done again rather than kept. */
const KEPT_MAX_CHARACTERS = 256 * 1024;

/** What a request is told. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AskedOnce {
  /** The key, as a word of this one caller. */
  readonly mark: string;
  /** Method, path and body: what makes it the same request. */
  readonly request: string;
  /** The answer where the change is saved and the gate was not told. */
  readonly notYetInForce: () => KeptAnswer;
}

/** The printable ASCII that a program may send as a key: it is kept for ever in the ledger. */
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** The key of a request, if it has one. */
export function idempotencyKeyFrom(
  header: string | readonly string[] | undefined,
): string | undefined | Refusal {
  return header === undefined || (typeof header === 'string' && IDEMPOTENCY_KEY.test(header))
    ? header
    : refuse('parameter_invalid', {
        parameter: 'Idempotency-Key',
        complaint: 'only 1 to 255 printable ASCII characters are allowed',
      });
}

/** An answer from the first time, to be told again. */
export interface Replayed<Answer> {
  readonly replayed: Answer;
}

/** Does the work, or answers what it answered before. Undefined answers and those from 300 up are not kept. */
export async function answeredOnce<Answer extends KeptAnswer | undefined>(
  { records, settings, clock }: Pick<Stores, 'records' | 'settings' | 'clock'>,
  { mark, request, notYetInForce }: AskedOnce,
  work: () => Promise<Answer>,
): Promise<Answer | Replayed<KeptAnswer> | Refusal> {
  const { receipts } = records;
  const name = `answer:${sha256(mark)}`;
  // Answers may hold new keys: they are sealed with what no table holds.
  const secret = `${settings.keyPepper}\0${mark}`;
  // Requests may hold passwords, which are guessed from a plain digest.
  const fingerprint = createHmac('sha256', settings.keyPepper).update(request).digest('hex');
  const nowMs = clock();
  const found = await receipts.begin(name, fingerprint, {
    at: new Date(nowMs),
    inFlightSince: new Date(nowMs - IN_FLIGHT_MAX_MS),
    answeredSince: new Date(nowMs - REMEMBERED_MS),
  });
  if (found === 'begun') {
    const keep = async ({ status, headers, body }: KeptAnswer): Promise<void> => {
      const text = JSON.stringify({ status, headers, body });
      await (text.length > KEPT_MAX_CHARACTERS
        ? receipts.drop(name)
        : receipts.keep(name, Buffer.from(seal(text, secret)).toString('base64')));
    };
    const told = await work().catch(async (error: unknown) => {
      // What is told is the fault; a receipt that stays in flight after it is taken over after a minute.
      await (
        error instanceof NotYetInForce
          ? // It is saved: to do it again would do it twice.
            keep(notYetInForce())
          : receipts.drop(name)
      ).catch(() => undefined);
      throw error;
    });
    await (told === undefined || told.status >= 300 ? receipts.drop(name) : keep(told));
    return told;
  }
  if (found.fingerprint !== fingerprint) {
    return refuse('idempotency_key_reused');
  }
  if (found.sealed === undefined) {
    return refuse('request_in_flight');
  }
  const first = JSON.parse(unseal(Buffer.from(found.sealed, 'base64'), secret)) as KeptAnswer;
  return { replayed: { ...first, headers: { ...first.headers, 'idempotent-replayed': 'true' } } };
}
