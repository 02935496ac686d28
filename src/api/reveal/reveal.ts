import type { IncomingHttpHeaders } from 'node:http';
import { peekRevealLink, revealKey } from '../../core/keys/reveal.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Page } from '../page/layout.ts';
import { aliasesOf } from '../team-aliases.ts';
import { closedPage, foreignPage, openPage, refusedPage } from './pages.ts';
import { isFromOurPage } from './same-origin.ts';

/** Shows that there is a key behind a link, without using the link up. */
export async function showLink(stores: Stores, secret: string): Promise<Page> {
  const peeked = await peekRevealLink(stores, secret);
  return isRefusal(peeked) ? refusedPage(peeked) : closedPage(peeked.teamId);
}

/** Reveals the key to the first who asks. */
export async function openLink(
  stores: Stores,
  publicUrl: string,
  secret: string,
  headers: IncomingHttpHeaders,
): Promise<Page> {
  if (!isFromOurPage(headers, publicUrl)) {
    return foreignPage();
  }
  // Everything that may fail comes before the key is taken: what fails after would lose it.
  const peeked = await peekRevealLink(stores, secret);
  if (isRefusal(peeked)) {
    return refusedPage(peeked);
  }
  const model = await exampleModel(stores, peeked.teamId);
  const revealed = await revealKey(stores, secret);
  return isRefusal(revealed) ? refusedPage(revealed) : openPage({ ...revealed, publicUrl, model });
}

async function exampleModel(stores: Stores, teamId: string): Promise<string | undefined> {
  const team = await stores.records.teams.find(teamId);
  return team === undefined
    ? undefined
    : aliasesOf(team, await stores.records.accessGroups.list())[0];
}
