// Home tabs follow what happens elsewhere: a decision at the API or by its time, a top-up by somebody else. Every
// change leaves an entry in the audit trail, so a tab that shows less of it than there is may be out of date. Slack
// takes some hundred drawings a minute, and a tab of eight hours ago is looked at by nobody: so few at a time, each at
// most every ten seconds, and none that would look the same.

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts';
import { redrawHome } from './home.ts';
import type { HomeParts } from './home.ts';
import { verdictOf } from './posts/verdict.ts';

/** A working day: who comes back later opens it anew. */
export const HOME_LIFE_MS = 8 * HOUR_MS;
/** What happens meanwhile is drawn together. */
export const HOME_REST_MS = 10 * SECOND_MS;
/** Slack's views.publish takes about 100 a minute; those who open theirs need some of them. */
export const DRAWN_PER_MINUTE = 60;
/** Done within a second or two, so that a worker that stops leaves few of them. */
const DRAWN_AT_ONCE = 5;

/**
 * Draws some of the tabs that are out of date; true if there may be more. Throws where Slack takes nothing now, or one of
 * them can't be read: that one stays out of date, and the others are drawn.
 */
export async function redrawHomes(parts: HomeParts): Promise<boolean> {
  const { homeTabs, audit } = parts.stores.records;
  const { position: upTo } = await audit.head();
  const nowMs = parts.stores.clock();
  const before = (ms: number) => new Date(nowMs - ms);
  const taken = await homeTabs.take({
    upTo,
    at: new Date(nowMs),
    openedSince: before(HOME_LIFE_MS),
    restedSince: before(HOME_REST_MS),
    limit: DRAWN_PER_MINUTE,
    countedSince: before(MINUTE_MS),
    batch: DRAWN_AT_ONCE,
  });
  const faults: unknown[] = [];
  for (const { userId, drawing: last } of taken) {
    const isThere = await redraw(parts, userId, last, upTo).catch((error: unknown) => {
      if (verdictOf(error) !== undefined) {
        throw error;
      }
      faults.push(error);
      return true;
    });
    await (isThere ? undefined : homeTabs.forget(userId));
  }
  if (faults.length > 0) {
    throw faults[0];
  }
  return taken.length === DRAWN_AT_ONCE;
}

/** Forgets tabs that nobody looks at any more. */
export async function forgetHomes({ stores }: Pick<HomeParts, 'stores'>): Promise<void> {
  await stores.records.homeTabs.forgetBefore(new Date(stores.clock() - HOME_LIFE_MS));
}

/** False where Slack will not take it later either, as of somebody who left. */
async function redraw(
  parts: HomeParts,
  userId: string,
  last: string,
  shows: bigint,
): Promise<boolean> {
  try {
    const drawing = await redrawHome(parts, userId, last);
    await parts.stores.records.homeTabs.drawn({ userId, shows, drawing });
    return true;
  } catch (error) {
    const verdict = verdictOf(error);
    if (verdict?.kind === 'lost' || verdict?.kind === 'refused') {
      parts.log.info({ err: error, userId }, 'A home tab is not drawn any more until it is opened');
      return false;
    }
    throw error;
  }
}
