// The sender of posts. Each place is served by one sender at a time, a message a turn, in order. Before
// Slack is asked, the posts are marked as tried; whoever finds the mark of another looks into the channel
// whether the message stands there, by its metadata: Slack itself would take it twice. What remains: a
// sender that is frozen for longer than it may hold a place, between the mark and the call, may double.

import { GateUnavailable, RecordsUnavailable } from '../../core/faults.ts';
import { nextLetter } from '../../core/posts/letter.ts';
import type { Letter } from '../../core/posts/letter.ts';
import { ADMINISTRATORS, OPERATORS } from '../../core/posts/post.ts';
import type { Release } from '../../core/posts/post-records.ts';
import { MINUTE_MS, SECOND_MS } from '../../core/time.ts';
import { settleDoubt } from './doubt.ts';
import type { Mail } from './mail.ts';
import { placesAfter } from './places.ts';
import { speechOf } from './renderers.ts';
import { say } from './say.ts';
import { shareFile } from './share-file.ts';
import type { Verdict } from './verdict.ts';

/** Longer than all calls of one turn may take together. */
const HELD_MS = 3 * MINUTE_MS;
/** Calls mostly wait for Slack; more at once would only meet its limits sooner. */
const PLACES_AT_ONCE = 8;
/** What one message may gather; the next one takes the rest. */
const WAITING_MAX = 100;
const BACKOFF_MS = SECOND_MS;
const BACKOFF_MAX_MS = 5 * MINUTE_MS;
/** With waits of up to five minutes these last for two weeks: longer than Slack was ever away. */
const TRIES_MAX = 5_000;
/** What can't be put into words so often never will be, and must not hold up the rest. */
const WORDING_TRIES_MAX = 5;

/** One message for each place where something is due. Answers how many places had something. */
export async function deliverPosts(mail: Mail): Promise<number> {
  const { posts } = mail.stores.records;
  const places = await posts.placesDue(new Date(mail.stores.clock()), PLACES_AT_ONCE);
  const turns = await Promise.allSettled(places.map(async (place) => serve(mail, place)));
  const failed = turns.find((turn) => turn.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
  return places.length;
}

async function serve(mail: Mail, place: string): Promise<void> {
  const { records, clock } = mail.stores;
  const now = clock();
  const until = new Date(now + HELD_MS);
  const failures = await records.posts.take(place, mail.name, new Date(now), until);
  if (failures === undefined) {
    return;
  }
  const failed = {
    next: after(mail, backoffMs(failures)),
    failures: failures + 1,
    isReached: false,
  };
  try {
    const release = await takeTurn(mail, place, failures);
    await records.posts.release(place, mail.name, release ?? failed);
  } catch (error) {
    await records.posts.release(place, mail.name, failed);
    throw error;
  }
}

/** Undefined if Slack failed in a way that says nothing of when to come again. */
async function takeTurn(mail: Mail, place: string, failures: number): Promise<Release | undefined> {
  const { posts } = mail.stores.records;
  const served = { next: after(mail, 0), failures: 0, isReached: false };
  const waiting = await posts.waiting(place, new Date(mail.stores.clock()), WAITING_MAX);
  const ids = waiting.map((post) => post.id);
  if (place === ADMINISTRATORS) {
    const people = await mail.administrators();
    return people.length === 0 ? undefined : move(mail, ids, people, served);
  }
  if (place === OPERATORS && mail.operatorsChannel === undefined) {
    return move(mail, ids, [ADMINISTRATORS], served);
  }
  const doubt = await settleDoubt(mail, waiting);
  if (doubt !== 'settled') {
    return doubt === 'none' ? sayNext(mail, nextLetter(waiting), failures) : undefined;
  }
  return served;
}

async function sayNext(
  mail: Mail,
  letter: Letter | undefined,
  failures: number,
): Promise<Release | undefined> {
  const { records, clock } = mail.stores;
  const served = { next: after(mail, 0), failures: 0, isReached: false };
  if (letter === undefined) {
    return served;
  }
  const ids = letter.posts.map((post) => post.id);
  const at = new Date(clock());
  const verdict: Verdict =
    letter.first.tries >= TRIES_MAX
      ? { kind: 'refused', complaint: `Slack took it in none of ${TRIES_MAX} tries` }
      : await attempt(mail, letter, failures);
  switch (verdict.kind) {
    case 'said':
      await records.posts.said(ids, verdict.spot, at);
      return { next: after(mail, mail.spacingMs), failures: 0, isReached: true };
    case 'needless':
      await records.posts.over(ids, 'needless', null, at);
      return served;
    case 'refused':
      mail.log.error({ part: 'posts', ids: ids.map(String), ...verdict }, 'A post was given up');
      await records.posts.over(ids, 'given_up', verdict.complaint, at);
      return served;
    case 'lost':
      return lose(mail, letter, verdict.complaint, served);
    case 'wait':
      if (verdict.isSure) {
        await records.posts.untried(ids);
      }
      mail.log.warn(
        { part: 'posts', place: letter.first.place, ...verdict },
        'Slack takes no post',
      );
      return verdict.waitMs === undefined
        ? undefined
        : { next: after(mail, jittered(verdict.waitMs)), failures: failures + 1, isReached: false };
  }
}

/** Puts it into words, marks it as tried, and says it. */
async function attempt(mail: Mail, letter: Letter, failures: number): Promise<Verdict> {
  const { posts } = mail.stores.records;
  const { first } = letter;
  const spot = first.message === null ? undefined : await posts.spotOf(first.message);
  try {
    const speech = await speechOf(mail.stores, letter, { isSaid: spot !== undefined });
    if (speech === undefined) {
      return { kind: 'needless' };
    }
    if (speech.file !== undefined) {
      return await shareFile(mail, letter, speech.text, speech.file);
    }
    await posts.tried(
      letter.posts.map((post) => post.id),
      new Date(mail.stores.clock()),
    );
    return await say(mail, letter, speech, spot);
  } catch (error) {
    const isAway = error instanceof RecordsUnavailable || error instanceof GateUnavailable;
    if (isAway) {
      throw error;
    }
    const complaint = `It can't be put into words: ${String(error)}`;
    return failures < WORDING_TRIES_MAX
      ? { kind: 'wait', complaint, isSure: false }
      : { kind: 'refused', complaint };
  }
}

/** Has it said where its readers are found instead; who can mend the place is told of it once. */
async function lose(
  mail: Mail,
  { first, posts: lost }: Letter,
  complaint: string,
  served: Release,
): Promise<Release | undefined> {
  const { records, clock } = mail.stores;
  const { place } = first;
  const places = await placesAfter(mail, first);
  const ids = lost.map((post) => post.id);
  if (places.length === 0) {
    mail.log.error({ part: 'posts', place, complaint }, 'A post reaches nobody');
    await records.posts.over(ids, 'given_up', complaint, new Date(clock()));
    return served;
  }
  mail.log.warn({ part: 'posts', place, complaint, places }, 'A place of posts is lost');
  if (await records.posts.lose(place, new Date(clock()))) {
    const facts = { place, complaint, elsewhere: places };
    await records.posts.add({ place: ADMINISTRATORS, kind: 'place.lost', facts });
  }
  return move(mail, ids, places, served);
}

async function move(
  mail: Mail,
  ids: readonly bigint[],
  places: readonly string[],
  served: Release,
): Promise<Release> {
  await mail.stores.records.posts.move(ids, places, new Date(mail.stores.clock()));
  return served;
}

function after(mail: Mail, ms: number): Date {
  return new Date(mail.stores.clock() + ms);
}

function backoffMs(failures: number): number {
  return jittered(Math.min(BACKOFF_MS * 2 ** failures, BACKOFF_MAX_MS));
}

/** Never sooner than asked, and not all at once. */
function jittered(ms: number): number {
  return ms + Math.random() * Math.min(ms, MINUTE_MS) * 0.5;
}
