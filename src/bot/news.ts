import { WebAPIPlatformError } from '@slack/web-api';
import type { Speech } from './blocks/kit.ts';
import type { Bot } from './call.ts';

type Poster = Pick<Bot, 'client' | 'log'>;

/** Posts news into a channel, and joins it first where that is needed. False if that is not possible. */
export async function postNews(bot: Poster, channelId: string, speech: Speech): Promise<boolean> {
  const message = { channel: channelId, ...speech, unfurl_links: false, unfurl_media: false };
  try {
    await inChannel(bot, channelId, async () => bot.client.chat.postMessage(message));
    return true;
  } catch (error) {
    bot.log.warn({ err: error, channelId }, 'News could not be posted');
    return false;
  }
}

/** Does something in a channel; if the bot is not in it, joins it and tries once more. */
export async function inChannel<Answer>(
  bot: Poster,
  channelId: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'not_in_channel') {
      throw error;
    }
    await bot.client.conversations.join({ channel: channelId });
    return work();
  }
}
