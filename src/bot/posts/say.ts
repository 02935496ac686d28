import type { Letter } from '../../core/posts/letter.ts';
import type { Spot } from '../../core/posts/post.ts';
import type { Speech } from '../blocks/kit.ts';
import { metadataOf } from './doubt.ts';
import type { Mail } from './mail.ts';
import { channelOf } from './places.ts';
import { verdictOf, wordOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** Says it: as a message of its own, in place of the message that stands, or in its thread. */
export async function say(
  mail: Mail,
  letter: Letter,
  speech: Speech,
  spot: Spot | undefined,
): Promise<Verdict> {
  const verdict = await attempt(mail, letter, speech, spot);
  if (verdict.kind !== 'refused') {
    return verdict;
  }
  // Better plain than not at all; that it was refused is a mistake of ours.
  mail.log.error(
    { part: 'posts', complaint: verdict.complaint },
    'Slack refuses the blocks of a post',
  );
  return attempt(mail, letter, { text: speech.text, blocks: [] }, spot);
}

async function attempt(
  mail: Mail,
  letter: Letter,
  speech: Speech,
  spot: Spot | undefined,
): Promise<Verdict> {
  const { manner } = letter.first;
  try {
    if (manner === 'keep' && spot !== undefined) {
      return await update(mail, letter, speech, spot);
    }
    return await post(mail, letter, speech, manner === 'reply' ? spot : undefined);
  } catch (error) {
    const verdict = verdictOf(error);
    if (verdict === undefined) {
      throw error;
    }
    return verdict;
  }
}

/** Who deleted the message, or can't see it any more, gets a new one. */
const IS_GONE = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'not_in_channel',
]);

async function update(mail: Mail, letter: Letter, speech: Speech, spot: Spot): Promise<Verdict> {
  try {
    const metadata = metadataOf(letter);
    const place = { channel: spot.channelId, ts: spot.stamp };
    await mail.client.chat.update({ ...place, ...speech, metadata });
    return { kind: 'said', spot };
  } catch (error) {
    if (!IS_GONE.has(wordOf(error) ?? '')) {
      throw error;
    }
    return post(mail, letter, speech, undefined);
  }
}

async function post(
  mail: Mail,
  letter: Letter,
  speech: Speech,
  root: Spot | undefined,
): Promise<Verdict> {
  const channel = root?.channelId ?? channelOf(mail, letter.first.place);
  const message = {
    channel,
    ...speech,
    metadata: metadataOf(letter),
    unfurl_links: false,
    unfurl_media: false,
  };
  const thread = root === undefined ? {} : { thread_ts: root.stamp };
  try {
    const answer = await inChannel(mail, channel, async () =>
      mail.client.chat.postMessage({ ...message, ...thread }),
    );
    const spot = { channelId: answer.channel ?? channel, stamp: answer.ts ?? '' };
    return { kind: 'said', spot };
  } catch (error) {
    const isElsewhere = root !== undefined && channel !== channelOf(mail, letter.first.place);
    if (!isElsewhere || !IS_GONE.has(wordOf(error) ?? '')) {
      throw error;
    }
    // The thread stands in a channel that was lost; that says nothing of this place.
    return post(mail, letter, speech, undefined);
  }
}

/** Does something in a channel; if the bot is not in it, joins it and tries once more. */
export async function inChannel<Answer>(
  { client }: Mail,
  channel: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (wordOf(error) !== 'not_in_channel') {
      throw error;
    }
    await client.conversations.join({ channel }).catch(() => {
      throw error;
    });
    return work();
  }
}
