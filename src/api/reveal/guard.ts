// Who may open a link, where holding it is not enough: a person whom single sign-on names, or who knows the
// passphrase that was agreed upon. Either suffices where both are configured: clients have no sign-on of ours.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RevealSettings } from '../../config/environment.ts';
import { addressDigits, addressRange } from '../../core/keys/address.ts';
import { REVEAL_LINK_LIFETIME_MS } from '../../core/keys/reveal-link.ts';
import type { Clock } from '../../core/time.ts';

/** What a request for a link brings along. */
export interface Visitor {
  readonly headers: IncomingHttpHeaders;
  /** The address at the other end of the connection. */
  readonly remoteAddress: string | undefined;
  /** As it was typed into the page; undefined where nothing was. */
  readonly passphrase: string | undefined;
}

/** `open`: go on, as this person where one is known. The others say what is asked for. */
export type Permission =
  | { readonly kind: 'open'; readonly person: string | undefined }
  | { readonly kind: 'passphrase'; readonly isWrong: boolean }
  | { readonly kind: 'sign_on' }
  | { readonly kind: 'too_many' };

export interface RevealGuard {
  /** Whether a visitor may see a link at all, and what else they need to open it. */
  ask(linkId: string, visitor: Visitor): Permission;
}

/** Guesses for one link; who knows the passphrase mistypes it a few times at most. */
const GUESSES_MAX = 5;
/** Links with wrong guesses that are remembered; each lives for minutes. */
const LINKS_MAX = 10_000;
/** No name is longer; what is comes from elsewhere. */
const PERSON_MAX_LENGTH = 200;

export function createRevealGuard(settings: RevealSettings, clock: Clock): RevealGuard {
  const { passphrase, signOnHeader } = settings;
  const trusted = settings.trustedProxies.flatMap((text) => addressRange(text) ?? []);
  const guesses = createGuesses(clock);

  /** Whom the proxy in front says it is; nobody else's word is taken. */
  function personOf({ headers, remoteAddress }: Visitor): string | undefined {
    const address = addressDigits(remoteAddress ?? '');
    const isTrusted =
      address !== undefined &&
      trusted.some(({ first, last }) => first <= address && address <= last);
    const named = signOnHeader === undefined ? undefined : headers[signOnHeader.toLowerCase()];
    return isTrusted && typeof named === 'string' && named.trim() !== ''
      ? named.trim().slice(0, PERSON_MAX_LENGTH)
      : undefined;
  }

  return {
    ask(linkId, visitor) {
      const person = personOf(visitor);
      if (person !== undefined || (passphrase === undefined && signOnHeader === undefined)) {
        return { kind: 'open', person };
      }
      if (passphrase === undefined) {
        return { kind: 'sign_on' };
      }
      if (guesses.count(linkId) >= GUESSES_MAX) {
        return { kind: 'too_many' };
      }
      if (visitor.passphrase === undefined) {
        return { kind: 'passphrase', isWrong: false };
      }
      if (isSame(visitor.passphrase, passphrase.reveal())) {
        return { kind: 'open', person: undefined };
      }
      guesses.add(linkId);
      return { kind: 'passphrase', isWrong: true };
    },
  };
}

/** In a time that says nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function createGuesses(clock: Clock) {
  const wrong = new Map<string, { count: number; readonly untilMs: number }>();
  return {
    count: (linkId: string): number => wrong.get(linkId)?.count ?? 0,
    add(linkId: string): void {
      const nowMs = clock();
      if (wrong.size >= LINKS_MAX) {
        for (const [id, { untilMs }] of wrong) {
          if (untilMs <= nowMs) {
            wrong.delete(id);
          }
        }
      }
      const known = wrong.get(linkId) ?? { count: 0, untilMs: nowMs + REVEAL_LINK_LIFETIME_MS };
      known.count += 1;
      wrong.set(linkId, known);
    },
  };
}
