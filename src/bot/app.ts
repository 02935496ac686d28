// The Slack door's table of contents: which listener answers to what.

import { App } from '@slack/bolt';
import type { BlockAction, ButtonAction, ViewSubmitAction } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackSettings } from '../config/environment.ts';
import type { SlackRoles } from '../config/settings.ts';
import type { AskedRequests } from '../core/asking/asked-request.ts';
import type { Stores } from '../core/stores.ts';
import { SECOND_MS } from '../core/time.ts';
import { ACTIONS } from './actions/registry.ts';
import type { Bot } from './call.ts';
import { callOfCommand } from './calls.ts';
import { COMMANDS } from './commands/registry.ts';
import { runCommand } from './commands/run.ts';
import { createHttpConnection, createSocketConnection, isHopeless } from './connection.ts';
import { openHome } from './home.ts';
import { createInFlight } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import { slackLog } from './log.ts';
import { answerMention } from './mentioned.ts';
import { answering } from './replies.ts';
import { SHORTCUTS } from './shortcuts.ts';
import { createRoles } from './roles.ts';
import { slackClientOptions } from './slack-client.ts';
import { suggested } from './suggested.ts';
import { createUnderWay } from './under-way.ts';
import type { Pace } from './under-way.ts';
import { FORMS, submitForm } from './views/registry.ts';
import { tellWhoWaits } from './waiting.ts';

export interface BotOptions {
  readonly slack: SlackSettings;
  readonly roles: SlackRoles;
  readonly stores: Stores;
  /** Where people reach the pages of this product, without a slash at its end. */
  readonly publicUrl: string;
  readonly log: Logger;
  /** Where alerts of teams without a channel go. */
  readonly operatorsChannel?: string | undefined;
  readonly askedRequests: AskedRequests;
  /** How often it says that it is alive; for tests. */
  readonly pace?: Pace;
}

export interface RunningBot {
  /** Resolves when Slack can reach the bot; see Connection. */
  start(): Promise<void>;
  /** Takes nothing new, waits a while for what is under way, and tells whose answer will not come. */
  stop(): Promise<void>;
  /** Whether Slack can reach the bot at this moment. */
  isUp(): boolean;
  /** Waits until nothing is under way; false after the time-out. */
  settled(timeoutMs: number): Promise<boolean>;
}

/** Within the time that a process is given to stop. */
const STOP_WAIT_MS = 3.5 * SECOND_MS;

/** The bot, not started yet. */
export function createBot(options: BotOptions): RunningBot {
  const { slack, roles, stores, publicUrl, log, operatorsChannel } = options;
  const clientOptions = slackClientOptions(slack, log);
  const botToken = slack.botToken?.reveal() ?? '';
  const client = new WebClient(botToken, clientOptions);
  const connection =
    slack.mode === 'http'
      ? createHttpConnection(slack, slack.httpPort, log, stores.clock)
      : createSocketConnection(slack, clientOptions, log);
  const app = new App({
    receiver: connection.receiver,
    // One workspace and one token: nothing is to be asked of Slack before the first event.
    authorize: async () => ({ botToken }),
    ignoreSelf: false,
    logger: slackLog(log),
    clientOptions,
  });
  const book = createRoles(roles, client, stores.clock, log, stores.records.roles.list);
  const underWay = createUnderWay(stores, options.askedRequests, log, options.pace);
  const bot: Bot = { stores, client, roles: book, log, publicUrl, operatorsChannel, underWay };
  const inFlight = createInFlight();
  listen(app, bot, inFlight);
  return {
    async start() {
      await checkToken(client, log);
      underWay.start();
      await connection.start();
    },
    isUp: connection.isUp,
    settled: inFlight.settled,
    async stop() {
      await connection.stop();
      const isSettled = await inFlight.settled(STOP_WAIT_MS);
      await underWay.stop(isSettled ? [] : await tellWhoWaits(underWay.waiting(), log));
    },
  };
}

/** Throws if Slack does not know the token; if Slack is away, that shows later. */
async function checkToken(client: WebClient, log: Logger): Promise<void> {
  try {
    await client.auth.test();
  } catch (error) {
    if (isHopeless(error)) {
      throw error;
    }
    log.warn({ err: error }, 'Slack cannot be asked about the token of the bot yet');
  }
}

/** Names the listeners: commands, buttons, forms, the home tab. */
function listen(app: App, bot: Bot, inFlight: InFlight): void {
  app.use(async ({ next }) => inFlight.during(next));
  app.error(async (error) => bot.log.error({ err: error }, 'A listener of Slack failed'));
  for (const { name } of COMMANDS) {
    app.command(name, async (delivery) => {
      await delivery.ack();
      const call = callOfCommand(bot, delivery);
      await answering(call, async () => runCommand(call, COMMANDS));
    });
  }
  for (const [name, handle] of Object.entries(ACTIONS)) {
    app.action<BlockAction<ButtonAction>>(new RegExp(`^${name}(:|$)`), async (press) => {
      await press.ack();
      await handle(bot, press);
    });
  }
  for (const [callbackId, form] of Object.entries(FORMS)) {
    const constraints = { callback_id: callbackId, type: 'view_submission' } as const;
    app.view<ViewSubmitAction>(constraints, async (submission) =>
      submitForm(bot, form, submission),
    );
  }
  app.event('user_change', async ({ event }) => bot.roles.forget(event.user.id));
  app.event('subteam_members_changed', async ({ event }) => bot.roles.forget(event.subteam_id));
  for (const { callbackId, run } of SHORTCUTS) {
    app.shortcut(callbackId, async (delivery) => {
      await delivery.ack();
      await run(bot, delivery);
    });
  }
  app.event('app_mention', async ({ event }) => answerMention(bot, event));
  // Every menu that is filled while a person types stands in a form of a command.
  app.options(/.*/, async ({ ack, body }) => {
    await ack({ options: await suggested(bot, body) });
  });
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') {
      await openHome(bot, event.user);
    }
  });
}
