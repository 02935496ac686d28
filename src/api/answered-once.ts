// Idempotency keys at this door; see core/answered-once.ts.

import { answeredOnce } from '../core/answered-once.ts';
import type { Caller } from '../core/permission/caller.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import type { Answer } from './answer.ts';
import { answer } from './answer.ts';
import type { Dialect } from './dialect.ts';

interface Asked {
  readonly stores: Stores;
  readonly dialect: Dialect;
  readonly caller: Caller;
  readonly key: string;
  /** Method, path and body: what makes it the same request. */
  readonly request: string;
}

/** Does the work, or answers in this dialect what it answered before. */
export async function toldOnce(
  { stores, dialect, caller, key, request }: Asked,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const asked = {
    mark: markOf(caller, key),
    request,
    notYetInForce: () => dialect.refused(refuse('not_yet_in_force')),
  };
  const told = await answeredOnce(stores, asked, work);
  if (isRefusal(told)) {
    const no = dialect.refused(told);
    return told.refused === 'request_in_flight'
      ? { ...no, headers: { ...no.headers, 'retry-after': '1' } }
      : no;
  }
  return 'replayed' in told ? answer(told.replayed.body, told.replayed) : told;
}

/** A word of one caller: ids of people are unique within one organization only. */
export function markOf(caller: Caller, word: string): string {
  const { actor, organizationId, teamId, keyId, staffId } = caller;
  return JSON.stringify([actor.id, organizationId, teamId, keyId, staffId, word]);
}
