// The answers of this door remember what they refuse: every dialect, and all there will be, has this one way
// out. It costs a call that is served one assignment.

import { ServerResponse } from 'node:http';
import type { KeyIdentity } from '../core/gateway/gate.ts';
import type { Refusal } from '../core/refusals.ts';
import { sightOf } from '../core/refusals/refused-call.ts';
import type { RememberRefusal } from '../core/refusals/refused-call.ts';

class RememberingAnswer extends ServerResponse {
  caller: KeyIdentity | undefined;
}

/** The class of answers whose refusals are told to `remember`. */
export function answersThat(remember: RememberRefusal): typeof ServerResponse {
  const Answer = class extends RememberingAnswer {
    remember(id: string, refusal: Refusal): void {
      const { caller } = this;
      const isKnown = refusal.seen !== undefined || caller === undefined;
      remember(id, isKnown ? refusal : { ...refusal, seen: sightOf(caller) });
    }
  };
  // Node's types ask for a class of any kind of request; this server has but one kind.
  return Answer as unknown as typeof ServerResponse;
}

/** Says whom an answer is for, as soon as it is known. */
export function answerTo(res: ServerResponse, caller: KeyIdentity): void {
  (res as RememberingAnswer).caller = caller;
}
