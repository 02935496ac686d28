import { subjectText } from '../ceilings/subject.ts';
import type { Stores } from '../stores.ts';
import { timeZoneOf } from '../organizations/zone-of.ts';
import { digestRange, lastDue, nextDigest } from './digest.ts';
import type { Digest } from './digest.ts';

/** More are sent with the next run. */
const PAGE = 100;

/**
 * Queues each digest that is due, once, and says when the next one is. Of those that were missed the last is told, with
 * a word of the others. Answers how many.
 */
export async function sendDigests(stores: Stores): Promise<number> {
  const { records, clock } = stores;
  const now = new Date(clock());
  let sent = 0;
  for (const digest of await records.digests.due(now, PAGE)) {
    sent += (await sendOne(stores, digest, now)) ? 1 : 0;
  }
  return sent;
}

async function sendOne({ records }: Stores, digest: Digest, now: Date): Promise<boolean> {
  const { channelId, subject, every, csv } = digest;
  const timeZone = await timeZoneOf(records, subject);
  const queued = await records.change(async (inside) => {
    // Whoever moves it sends it.
    if (!(await inside.digests.move(digest, nextDigest(every, now, timeZone)))) {
      return false;
    }
    const { at, missed } = lastDue(digest, now, timeZone);
    const { from, to } = digestRange(every, at, timeZone);
    const name = subjectText(subject);
    const post = {
      place: channelId,
      facts: { subject: name, every, from: from.toISOString(), to: to.toISOString(), missed },
      mergeKey: `${name} ${every} ${from.toISOString()}`,
      ...(subject.kind === 'team'
        ? { teamId: subject.teamId }
        : { organizationId: subject.organizationId }),
    };
    await inside.posts.add({ ...post, kind: 'digest' });
    if (csv) {
      await inside.posts.add({ ...post, kind: 'digest.file' });
    }
    return true;
  });
  return queued === true;
}
