// What the bot answers when somebody names it in a channel or a thread, and what its shortcuts open.

import type { KnownEventFromType } from '@slack/bolt';
import { mentionSpeech } from './blocks/mention.ts';
import { spoken } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import type { Bot, Call } from './call.ts';
import { faultSpeech } from './faults.ts';
import { isSeen, sightOf, within } from './sight.ts';
import { showTopUpForm } from './top-up-form.ts';

/** Ids are made of these; what else stands in a message parts them. */
const WORD = /[A-Za-z0-9][\w.-]*/g;
/** A message of ordinary length has fewer. */
const WORDS_LOOKED_UP = 60;

/** Answers who asked, alone, where they asked: in the thread, if it was there. */
export async function answerMention(bot: Bot, event: KnownEventFromType<'app_mention'>) {
  const { user } = event;
  if (user === undefined) {
    return;
  }
  const speech = await answerTo(bot, event, user).catch((error: unknown) =>
    faultSpeech(bot, error),
  );
  await bot.client.chat.postEphemeral({
    channel: event.channel,
    user,
    ...(event.thread_ts === undefined ? {} : { thread_ts: event.thread_ts }),
    ...spoken(speech),
  });
}

async function answerTo(
  bot: Bot,
  { text, channel }: KnownEventFromType<'app_mention'>,
  userId: string,
): Promise<Speech> {
  const complaint = await bot.roles.anywhere().complaint(userId, 'viewer');
  const words = text.replaceAll(/<@[^>]*>/g, ' ').trim();
  return complaint ?? mentionSpeech(words, await teamsIn({ bot, userId }, words, channel));
}

/** The teams in sight that a text names, in its order; else those that are linked to the channel. */
export async function teamsIn(
  { bot, userId }: Pick<Call, 'bot' | 'userId'>,
  text: string,
  channelId: string | undefined,
) {
  const { teams } = bot.stores.records;
  const sight = await sightOf({ bot, userId });
  const words = [...new Set(text.match(WORD) ?? [])].slice(0, WORDS_LOOKED_UP);
  const found = await Promise.all(
    words.map(async (word) => teams.find(word.replace(/[.-]+$/, ''))),
  );
  const known = found.filter((team) => team !== undefined);
  const named = known.filter((team) => isSeen(sight, team.organizationId)).map(({ id }) => id);
  if (named.length > 0 || channelId === undefined) {
    return [...new Set(named)];
  }
  return (await teams.list({ ...within(sight), channelId, limit: 3 })).map(({ id }) => id);
}

/** Opens the form with the team that the message is about, where it names just one. */
export async function topUpFromMessage(call: Call, text: string): Promise<void> {
  const [only, second] = await teamsIn(call, text, call.channelId);
  const typed = only === undefined || second !== undefined ? {} : { team: only };
  await showTopUpForm(call, { typed, complaints: {}, stray: [] });
}
