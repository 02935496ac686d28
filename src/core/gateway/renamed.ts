// What names stood for when they were last asked for. A guess only: the gate has the last word on each call,
// so a guess that is out of date costs a second question and nothing else.

import type { KeyIdentity } from './gate.ts';

const targets = new WeakMap<KeyIdentity, Map<string, string>>();
/** Names that one key uses; beyond this the memory starts afresh. */
const NAMES_MAX = 100;

/** What a name stood for when this key last used it; the name itself where it was not renamed. */
export function lastTargetOf(identity: KeyIdentity, asked: string): string {
  return targets.get(identity)?.get(asked) ?? asked;
}

/** Notes what a name stands for. */
export function rememberTarget(identity: KeyIdentity, asked: string, target: string): void {
  let own = targets.get(identity);
  if (own === undefined || own.size >= NAMES_MAX) {
    own = new Map();
    targets.set(identity, own);
  }
  own.set(asked, target);
}
