import type { Actor } from '../audit/audit.ts';
import { subjectText } from '../ceilings/subject.ts';
import { timeZoneOf } from '../organizations/zone-of.ts';
import type { Stores } from '../stores.ts';
import { nextDigest } from './digest.ts';
import type { Digest, DigestEvery, DigestSubject } from './digest.ts';

/** Has a channel told of somebody, in place of what it was told before. Answers when the next digest is due. */
export async function setDigest(
  { records, clock }: Pick<Stores, 'records' | 'clock'>,
  actor: Actor,
  wish: Pick<Digest, 'channelId' | 'subject' | 'every' | 'csv'>,
): Promise<Date> {
  const { channelId, subject, every, csv } = wish;
  const nextAt = nextDigest(every, new Date(clock()), await timeZoneOf(records, subject));
  await records.digests.put({ ...wish, nextAt, createdBy: actor.id });
  await note({ records }, actor, subject, 'set', { channel: channelId, every, csv });
  return nextAt;
}

/** Ends what `setDigest` began. False if there was none. */
export async function endDigest(
  { records }: Pick<Stores, 'records'>,
  actor: Actor,
  { channelId, subject }: Pick<Digest, 'channelId' | 'subject'>,
): Promise<boolean> {
  const was = await records.digests.remove(channelId, subject);
  if (was) {
    await note({ records }, actor, subject, 'ended', { channel: channelId });
  }
  return was;
}

async function note(
  { records }: Pick<Stores, 'records'>,
  actor: Actor,
  subject: DigestSubject,
  verb: 'set' | 'ended',
  after: { readonly channel: string; readonly every?: DigestEvery; readonly csv?: boolean },
): Promise<void> {
  const action = `digest.${verb}`;
  await records.audit.write({ actor, action, target: subjectText(subject), after });
}
