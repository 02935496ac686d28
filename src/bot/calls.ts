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
import type { RunValue } from './blocks/run-button.ts';
import { actorOf } from './call.ts';
import type { Bot, Call } from './call.ts';
import { mrkdwn } from './escape.ts';
import { createScreen } from './screen.ts';
import { readingView, waitingView } from './views/notice.ts';
import { savedBeforeSpeech, workingSpeech } from './waiting.ts';
import { watchingChanges } from './written.ts';

export type CommandDelivery = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
export type Press = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;
export type ShortcutDelivery = SlackShortcutMiddlewareArgs & AllMiddlewareArgs;
export type Submission = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

/** A command that was typed. */
export function callOfCommand(bot: Bot, { command, respond }: CommandDelivery): Call {
  const { user_id: userId, channel_id: channelId, trigger_id: triggerId } = command;
  let hasSpoken = false;
  let begun: Promise<unknown> | undefined;
  return {
    ...watched(bot),
    userId,
    actor: actorOf(userId),
    channelId,
    text: `${command.command} ${command.text ?? ''}`.trim(),
    onceId: triggerId,
    screen: createScreen(bot.client, triggerId),
    waiting: {
      async begin() {
        if (!hasSpoken) {
          begun = respond({ response_type: 'ephemeral', ...spoken(workingSpeech()) });
          await begun;
        }
      },
      async end() {
        if (begun !== undefined && !hasSpoken) {
          // A second delivery, or a form that came after all: there is nothing to be said here.
          await begun.then(async () => respond({ delete_original: true })).catch(() => undefined);
        }
      },
    },
    reply: async (speech) => {
      const isFirst = !hasSpoken;
      hasSpoken = true;
      // Where it failed, the answer simply stands alone.
      await begun?.catch(() => undefined);
      const replace = isFirst && begun !== undefined;
      await withFallback(bot, userId, channelId, speech, async () =>
        respond({ response_type: 'ephemeral', replace_original: replace, ...spoken(speech) }),
      );
    },
  };
}

/** A button that was pressed. With `run`, it does what that command would. */
export function callOfPress(bot: Bot, press: Press, run?: RunValue): Call {
  const { body, respond } = press;
  const userId = body.user.id;
  const channelId = run?.channelId ?? body.channel?.id;
  const view = body.view;
  const screen = createScreen(
    bot.client,
    body.trigger_id,
    view?.type === 'modal' ? view.id : undefined,
  );
  const text = run?.text ?? '';
  let hasSpoken = false;
  let begun: Promise<unknown> | undefined;
  const reply: Call['reply'] = async (speech, { replace = false } = {}) => {
    hasSpoken = true;
    await begun?.catch(() => undefined);
    await withFallback(bot, userId, channelId, speech, async () => {
      if (isOnMessage(body)) {
        await respond({ response_type: 'ephemeral', replace_original: replace, ...spoken(speech) });
      } else if (replace && view?.type === 'modal' && begun === undefined) {
        await bot.client.views.update({ view_id: view.id, view: viewOf(speech) });
      } else if ((await screen.show(viewOf(speech))) === 'late') {
        await whisper(bot, userId, channelId, speech);
      }
    });
  };
  return {
    ...watched(bot),
    userId,
    actor: actorOf(userId),
    channelId,
    text,
    // One press of a button and the next have one effect together where the button says so.
    onceId: run?.once === undefined ? body.trigger_id : onceIdOf(run, run.once),
    screen,
    waiting: {
      async begin() {
        if (!hasSpoken) {
          begun = isOnMessage(body)
            ? respond({
                response_type: 'ephemeral',
                replace_original: false,
                ...spoken(workingSpeech()),
              })
            : screen.show(waitingView('Quartermaster', mrkdwn`Working on it …`));
          await begun;
        }
      },
      async end() {
        const isFormThere = isOnMessage(body) && screen.isOpen();
        if ((run?.isSame === true || begun !== undefined) && !hasSpoken && !isFormThere) {
          await reply(savedBeforeSpeech());
        }
      },
    },
    reply,
  };
}

/** What is pressed on a message has an address to answer to. */
function isOnMessage({ response_url: address }: Press['body']): boolean {
  return address !== undefined && address !== '';
}

function onceIdOf({ text, isSame }: RunValue, once: string): string {
  return isSame === true ? once : `${once}:${sha256(text).slice(0, 16)}`;
}

/** Each request knows by itself what it changed. */
function watched(bot: Bot): Pick<Call, 'bot' | 'written'> {
  const { stores, written } = watchingChanges(bot.stores);
  return { bot: { ...bot, stores }, written };
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
    ...watched(bot),
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
    ...watched(bot),
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
