// A channel asks for digests, or for none any more.

import type { DigestEvery, DigestSubject } from '../core/digests/digest.ts';
import { nextDigest } from '../core/digests/digest.ts';
import { timeZoneOf } from '../core/organizations/zone-of.ts';
import { context, sentence } from './blocks/kit.ts';
import { scopeName } from './blocks/usage.ts';
import { moment } from './blocks/words.ts';
import { postable } from './call.ts';
import type { Call } from './call.ts';
import { channelLink, code, mrkdwn } from './escape.ts';

export interface DigestWish {
  readonly every: DigestEvery | 'off';
  /** Where it is told; else where it was asked for. */
  readonly channel: string | undefined;
}

/** Subscribes a channel, or ends its subscription. */
export async function setDigest(
  call: Call,
  subject: DigestSubject,
  { every, channel }: DigestWish,
): Promise<void> {
  const { records, clock } = call.bot.stores;
  const channelId = postable(channel ?? call.channelId);
  const name = scopeName(subject);
  if (channelId === undefined) {
    await call.reply(
      sentence(mrkdwn`Digests go to channels: name one with ${code('channel=#acme-prod')}.`),
    );
    return;
  }
  if (every === 'off') {
    const was = await records.digests.remove(channelId, subject);
    await call.reply(
      sentence(
        was
          ? mrkdwn`✅ No more digests of ${code(name)} in ${channelLink(channelId)}.`
          : mrkdwn`There was no digest of ${code(name)} in ${channelLink(channelId)}. Nothing was changed.`,
      ),
    );
    return;
  }
  const nextAt = nextDigest(every, new Date(clock()), await timeZoneOf(records, subject));
  await records.digests.put({ channelId, subject, every, nextAt, createdBy: call.actor.id });
  await call.reply(
    sentence(
      mrkdwn`✅ ${channelLink(channelId)} gets a *${every}* digest of ${code(name)}, the next one ${moment(nextAt)}.`,
      context(
        mrkdwn`What was used, what changed and what needs attention. ${code('every=off')} ends it.`,
      ),
    ),
  );
}
