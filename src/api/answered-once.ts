// Idempotency keys: the same key and request get the first answer again, and nothing is done twice.
//
// States of one key: unknown → in flight → answered; a refusal or a fault forgets it, so that a corrected request may
// come, unless the change is saved and only the gate was not told. A process that dies in between leaves it in flight
// for a minute; who comes then does the work again, and what moves credits is still posted once, since its reference
// is made of the same key.

import { createHmac } from 'node:crypto';
import { NotYetInForce } from '../core/faults.ts';
import type { Caller } from '../core/permission/caller.ts';
import { sha256 } from '../core/ids.ts';
import { seal, unseal } from '../core/keys/reveal-link.ts';
import { refuse } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { DAY_MS, MINUTE_MS } from '../core/time.ts';
import type { Answer } from './answer.ts';
import { answer } from './answer.ts';
import type { Dialect } from './dialect.ts';

/** As documented for the systems whose clients come here. */
const REMEMBERED_MS = DAY_MS;
/** Longer than any request is worked at. */
const IN_FLIGHT_MAX_MS = MINUTE_MS;
/** Answers of changes are small; a larger one is done again rather than kept. */
const KEPT_MAX_CHARACTERS = 256 * 1024;

interface Asked {
  readonly stores: Stores;
  readonly dialect: Dialect;
  readonly caller: Caller;
  readonly key: string;
  /** Method, path and body: what makes it the same request. */
  readonly request: string;
}

/** Does the work, or answers what it answered before. */
export async function answeredOnce(
  { stores, dialect, caller, key, request }: Asked,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { receipts } = stores.records;
  const mark = markOf(caller, key);
  const name = `answer:${sha256(mark)}`;
  // Answers may hold new keys: they are sealed with what no table holds.
  const secret = `${stores.settings.keyPepper}\0${mark}`;
  // Requests may hold passwords, which are guessed from a plain digest.
  const fingerprint = createHmac('sha256', stores.settings.keyPepper).update(request).digest('hex');
  const nowMs = stores.clock();
  const found = await receipts.begin(name, fingerprint, {
    at: new Date(nowMs),
    inFlightSince: new Date(nowMs - IN_FLIGHT_MAX_MS),
    answeredSince: new Date(nowMs - REMEMBERED_MS),
  });
  if (found === 'begun') {
    const keep = async ({ status, headers, body }: Answer): Promise<void> => {
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
            keep(dialect.refused(refuse('not_yet_in_force')))
          : receipts.drop(name)
      ).catch(() => undefined);
      throw error;
    });
    await (told.status >= 300 ? receipts.drop(name) : keep(told));
    return told;
  }
  if (found.fingerprint !== fingerprint) {
    return dialect.refused(refuse('idempotency_key_reused'));
  }
  if (found.sealed === undefined) {
    const told = dialect.refused(refuse('request_in_flight'));
    return { ...told, headers: { ...told.headers, 'retry-after': '1' } };
  }
  const first = JSON.parse(unseal(Buffer.from(found.sealed, 'base64'), secret)) as Answer;
  const headers = { ...first.headers, 'idempotent-replayed': 'true' };
  return answer(first.body, { status: first.status, headers });
}

/** A word of one caller: ids of people are unique within one organization only. */
export function markOf(caller: Caller, word: string): string {
  const { actor, organizationId, teamId, keyId, staffId } = caller;
  return JSON.stringify([actor.id, organizationId, teamId, keyId, staffId, word]);
}
