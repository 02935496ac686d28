// A channel asks for digests, or for none any more.

import { isRepeated } from '../core/change.ts';
import type { DigestEvery, DigestSubject } from '../core/digests/digest.ts';
import { endDigest, setDigest } from '../core/digests/set-digest.ts';
import { once } from '../core/once.ts';
import { isRefusal } from '../core/refusals.ts';
import { context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { scopeName } from './blocks/usage.ts';
import { moment } from './blocks/words.ts';
import { postable } from './call.ts';
import type { Call } from './call.ts';
import { channelLink, code, mrkdwn } from './escape.ts';

export interface DigestWish {
  readonly every: DigestEvery | 'off';
  /** Where it is told; else where it was asked for. */
  readonly channel: string | undefined;
  /** Whether the figures follow as a file. */
  readonly csv: boolean;
}

/** Subscribes a channel, or ends its subscription. */
export async function chooseDigest(
  call: Call,
  subject: DigestSubject,
  { every, channel, csv }: DigestWish,
): Promise<void> {
  const channelId = postable(channel ?? call.channelId);
  if (channelId === undefined) {
    await call.reply(
      sentence(mrkdwn`Digests go to channels: name one with ${code('channel=#acme-prod')}.`),
    );
    return;
  }
  const place = { channelId, subject };
  const done = await once<Speech>(call.bot.stores, `slack:${call.onceId}`, async (inside) =>
    every === 'off'
      ? endedSpeech(place, await endDigest(inside, call.actor, place))
      : setSpeech(place, every, csv, await setDigest(inside, call.actor, { ...place, every, csv })),
  );
  if (!isRepeated(done) && !isRefusal(done)) {
    await call.reply(done);
  }
}

interface DigestPlace {
  readonly channelId: string;
  readonly subject: DigestSubject;
}

function endedSpeech({ channelId, subject }: DigestPlace, was: boolean): Speech {
  const name = code(scopeName(subject));
  return sentence(
    was
      ? mrkdwn`✅ No more digests of ${name} in ${channelLink(channelId)}.`
      : mrkdwn`There was no digest of ${name} in ${channelLink(channelId)}. Nothing was changed.`,
  );
}

function setSpeech(
  { channelId, subject }: DigestPlace,
  every: DigestEvery,
  csv: boolean,
  nextAt: Date,
): Speech {
  const file = csv ? ' The figures by day and model follow as a CSV file.' : '';
  return sentence(
    mrkdwn`✅ ${channelLink(channelId)} gets a *${every}* digest of ${code(scopeName(subject))}, the next one ${moment(nextAt)}.`,
    context(
      mrkdwn`What was used, what changed and what needs attention.${file} ${code('every=off')} ends it.`,
    ),
  );
}
