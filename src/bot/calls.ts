// What Slack delivers, in the one form that everything behind works with.

import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
  SlackViewMiddlewareArgs,
  StaticSelectAction,
  ViewSubmitAction,
} from '@slack/bolt';
import { sha256 } from '../core/ids.ts';
import { spoken } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { actorOf } from './call.ts';
import type { Bot, Call } from './call.ts';
import { createScreen } from './screen.ts';
import { readingView } from './views/notice.ts';

export type CommandDelivery = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
export type Press = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;
export type ShortcutDelivery = SlackShortcutMiddlewareArgs & AllMiddlewareArgs;
export type Submission = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

/** A command that was typed. */
export function callOfCommand(bot: Bot, { command, respond }: CommandDelivery): Call {
  const { user_id: userId, channel_id: channelId, trigger_id: triggerId } = command;
  return {
    bot,
    userId,
    actor: actorOf(userId),
    channelId,
    text: `${command.command} ${command.text ?? ''}`.trim(),
    onceId: triggerId,
    screen: createScreen(bot.client, triggerId),
    reply: async (speech) => {
      await withFallback(bot, userId, channelId, speech, async () =>
        respond({ response_type: 'ephemeral', ...spoken(speech) }),
      );
    },
  };
}

/** A button that was pressed. With `run`, it does what that command would. */
export function callOfPress(bot: Bot, press: Press, run?: { text: string; once?: string }): Call {
  const { body, respond } = press;
  const userId = body.user.id;
  const channelId = body.channel?.id;
  const view = body.view;
  const screen = createScreen(
    bot.client,
    body.trigger_id,
    view?.type === 'modal' ? view.id : undefined,
  );
  const text = run?.text ?? '';
  const reply: Call['reply'] = async (speech, { replace = false } = {}) => {
    await withFallback(bot, userId, channelId, speech, async () => {
      if (body.response_url !== undefined && body.response_url !== '') {
        await respond({ response_type: 'ephemeral', replace_original: replace, ...spoken(speech) });
      } else if (replace && view?.type === 'modal') {
        await bot.client.views.update({ view_id: view.id, view: viewOf(speech) });
      } else if ((await screen.show(viewOf(speech))) === 'late') {
        await whisper(bot, userId, channelId, speech);
      }
    });
  };
  return {
    bot,
    userId,
    actor: actorOf(userId),
    channelId,
    text,
    // One press of a button and the next have one effect together where the button says so.
    onceId: run?.once === undefined ? body.trigger_id : `${run.once}:${sha256(text).slice(0, 16)}`,
    screen,
    reply,
  };
}

/** What was chosen in a menu; Bolt's type knows buttons alone. */
export function choiceOf({ action }: Press): string | undefined {
  return (action as Partial<Pick<StaticSelectAction, 'selected_option'>>).selected_option?.value;
}

/** A shortcut that was chosen, on a message or anywhere. */
export function callOfShortcut(bot: Bot, { body }: ShortcutDelivery): Call {
  const userId = body.user.id;
  const channelId = 'channel' in body ? body.channel.id : undefined;
  return {
    bot,
    userId,
    actor: actorOf(userId),
    channelId,
    text: '',
    onceId: body.trigger_id,
    screen: createScreen(bot.client, body.trigger_id),
    reply: async (speech) => whisper(bot, userId, channelId, speech),
  };
}

function viewOf(speech: Speech) {
  return readingView('Quartermaster', speech);
}

/** A form that was sent. `origin` is the channel in which it was asked for. */
export function callOfSubmission(bot: Bot, { body }: Submission, origin: string | undefined): Call {
  const userId = body.user.id;
  return {
    bot,
    userId,
    actor: actorOf(userId),
    channelId: origin,
    text: '',
    onceId: `view:${body.view.id}`,
    screen: createScreen(bot.client, body.trigger_id, body.view.id),
    reply: async (speech) => whisper(bot, userId, origin, speech),
  };
}

/** What Slack gave to answer with may have ended; then the person is told another way. */
async function withFallback(
  bot: Bot,
  userId: string,
  channelId: string | undefined,
  speech: Speech,
  answer: () => Promise<unknown>,
): Promise<void> {
  try {
    await answer();
  } catch (error) {
    bot.log.warn({ err: error }, 'An answer could not be given where it was asked for');
    await whisper(bot, userId, channelId, speech);
  }
}

/** Tells a person alone: in the channel if both are there, else in their own conversation; later, if Slack is away. */
async function whisper(
  bot: Bot,
  userId: string,
  channelId: string | undefined,
  speech: Speech,
): Promise<void> {
  try {
    await whisperNow(bot, userId, channelId, speech);
  } catch (error) {
    bot.log.warn({ err: error }, 'An answer waits until Slack takes it');
    const facts = { said: speech.text, askedAtMs: bot.stores.clock() };
    await bot.stores.records.posts.add({ place: userId, kind: 'answer.late', facts });
  }
}

async function whisperNow(
  bot: Bot,
  userId: string,
  channelId: string | undefined,
  speech: Speech,
): Promise<void> {
  const { chat } = bot.client;
  if (channelId !== undefined && !channelId.startsWith('D')) {
    try {
      await chat.postEphemeral({ channel: channelId, user: userId, ...spoken(speech) });
      return;
    } catch (error) {
      bot.log.info({ err: error, channelId }, 'Told in a direct message instead of the channel');
    }
  }
  await chat.postMessage({ channel: userId, ...spoken(speech), unfurl_links: false });
}
