import { linkIdOf } from '../../core/keys/reveal-link.ts';
import { peekRevealLink, revealKey } from '../../core/keys/reveal.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Page } from '../page/layout.ts';
import { firstCallOf } from '../../core/models/first-call.ts';
import type { FirstCall } from '../../core/models/first-call.ts';
import { aliasesOf } from '../team-aliases.ts';
import type { RevealGuard, Visitor } from './guard.ts';
import {
  closedPage,
  foreignPage,
  guessedPage,
  openPage,
  refusedPage,
  strangerPage,
} from './pages.ts';
import { isFromOurPage } from './same-origin.ts';

export interface RevealParts {
  readonly stores: Stores;
  readonly guard: RevealGuard;
  readonly publicUrl: string;
}

/** Shows that there is a key behind a link, without using the link up. */
export async function showLink(
  { stores, guard }: RevealParts,
  secret: string,
  visitor: Visitor,
): Promise<Page> {
  const peeked = await peekRevealLink(stores, secret);
  if (isRefusal(peeked)) {
    return refusedPage(peeked);
  }
  const permission = await guard.ask(linkIdOf(secret), { ...visitor, passphrase: undefined });
  switch (permission.kind) {
    case 'open':
      return closedPage(peeked.teamId);
    case 'passphrase':
      return closedPage(peeked.teamId, permission);
    case 'sign_on':
      return strangerPage();
    case 'too_many':
      return guessedPage();
  }
}

/** Reveals the key to the first who asks and may. */
export async function openLink(
  { stores, guard, publicUrl }: RevealParts,
  secret: string,
  visitor: Visitor,
): Promise<Page> {
  if (!isFromOurPage(visitor.headers, publicUrl)) {
    return foreignPage();
  }
  // Everything that may fail comes before the key is taken: what fails after would lose it.
  const peeked = await peekRevealLink(stores, secret);
  if (isRefusal(peeked)) {
    return refusedPage(peeked);
  }
  const asked = { ...visitor, passphrase: visitor.passphrase ?? '' };
  const permission = await guard.ask(linkIdOf(secret), asked);
  switch (permission.kind) {
    case 'passphrase':
      return closedPage(peeked.teamId, permission);
    case 'sign_on':
      return strangerPage();
    case 'too_many':
      return guessedPage();
    case 'open': {
      const firstCall = await exampleCall(stores, peeked.teamId);
      const revealed = await revealKey(stores, secret, permission.person);
      return isRefusal(revealed)
        ? refusedPage(revealed)
        : openPage({ ...revealed, publicUrl, firstCall });
    }
  }
}

async function exampleCall(
  { records: { teams, accessGroups } }: Stores,
  teamId: string,
): Promise<FirstCall | undefined> {
  const team = await teams.find(teamId);
  return team && firstCallOf(accessGroups, aliasesOf(team, await accessGroups.list()));
}
