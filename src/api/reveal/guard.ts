// Who may open a link, where holding it is not enough: a person whom single sign-on names, or who knows the
// passphrase that was agreed upon. Either suffices where both are configured: clients have no sign-on of ours.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RevealSettings } from '../../config/environment.ts';
import { addressDigits, addressRange } from '../../core/keys/address.ts';
import type { RevealGuesses } from '../../core/keys/reveal-guesses.ts';

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
  /**
   * Whether a visitor may see a link at all, and what else they need to open it. Throws GateUnavailable where
   * guesses can't be counted: then nobody gets through.
   */
  ask(linkId: string, visitor: Visitor): Promise<Permission>;
}

/** Where nothing is configured, holding the link is enough. */
export const HOLDING_IS_ENOUGH: RevealGuard = {
  ask: async () => ({ kind: 'open', person: undefined }),
};

/** Guesses for one link; who knows the passphrase mistypes it a few times at most. */
const GUESSES_MAX = 5;
/** No name is longer; what is comes from elsewhere. */
const PERSON_MAX_LENGTH = 200;

export function createRevealGuard(settings: RevealSettings, guesses: RevealGuesses): RevealGuard {
  const { passphrase, signOnHeader } = settings;
  const trusted = settings.trustedProxies.flatMap((text) => addressRange(text) ?? []);

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
    async ask(linkId, visitor) {
      const person = personOf(visitor);
      if (person !== undefined || (passphrase === undefined && signOnHeader === undefined)) {
        return { kind: 'open', person };
      }
      if (passphrase === undefined) {
        return { kind: 'sign_on' };
      }
      if (visitor.passphrase === undefined) {
        return (await guesses.count(linkId)) >= GUESSES_MAX
          ? { kind: 'too_many' }
          : { kind: 'passphrase', isWrong: false };
      }
      // Taken before it is looked at: of many at the same time no more than five are.
      if ((await guesses.take(linkId)) > GUESSES_MAX) {
        return { kind: 'too_many' };
      }
      return isSame(visitor.passphrase, passphrase.reveal())
        ? { kind: 'open', person: undefined }
        : { kind: 'passphrase', isWrong: true };
    },
  };
}

/** In a time that says nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
