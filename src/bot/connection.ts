// How Slack reaches the bot: a socket that the bot opens, or signed requests that it is sent.
// States of the socket: down → up → down …, until stopped. Bolt's own reconnection throws where nobody
// can catch it and waits 5 s at least; so it is switched off and done here: at once, then with pauses.

import { setTimeout as pause } from 'node:timers/promises';
import { HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { Receiver } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import type { WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackSettings } from '../config/environment.ts';
import { SECOND_MS } from '../core/time.ts';
import { slackLog } from './log.ts';
import { refusingReplays } from './replays.ts';

export interface Connection {
  readonly receiver: Receiver;
  /**
   * Resolves when Slack can reach the bot, or, if Slack is away, after a while: then it goes on trying.
   * Throws what trying again can't mend, such as a token that is not valid.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  isUp(): boolean;
}

/** Long enough for a slow morning, short enough that who starts the bot still looks. */
const START_WAIT_MS = 20 * SECOND_MS;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15 * SECOND_MS;
const REQUEST_BODY_MAX = '1mb';

/** By signed requests, on a port of its own. */
export function createHttpConnection(
  settings: SlackSettings,
  httpPort: number,
  log: Logger,
  clock: () => number,
): Connection {
  const receiver = new HTTPReceiver({
    signingSecret: settings.signingSecret?.reveal() ?? '',
    endpoints: '/slack/events',
    bodyLimit: REQUEST_BODY_MAX,
    logger: slackLog(log),
  });
  receiver.requestListener = refusingReplays(receiver.requestListener, clock);
  let listening = false;
  return {
    receiver,
    async start() {
      await receiver.start(httpPort);
      listening = true;
    },
    async stop() {
      if (listening) {
        listening = false;
        await receiver.stop();
      }
    },
    isUp: () => listening,
  };
}

/** By a socket. */
export function createSocketConnection(
  settings: SlackSettings,
  clientOptions: Omit<WebClientOptions, 'logger' | 'logLevel'>,
  log: Logger,
): Connection {
  const logger = slackLog(log);
  const receiver = new SocketModeReceiver({
    appToken: settings.appToken?.reveal() ?? '',
    autoReconnectEnabled: false,
    logger,
    installerOptions: { clientOptions },
  });
  const { client } = receiver;
  const stopping = new AbortController();
  let up = false;
  let keeping: Promise<void> | undefined;

  const started = Promise.withResolvers<void>();

  /** Resolves when the connection that it opened has ended. */
  async function connectOnce(): Promise<void> {
    const ended = Promise.withResolvers<void>();
    client.once('disconnected', ended.resolve);
    try {
      await client.start();
      up = true;
      started.resolve();
      if (stopping.signal.aborted) {
        // Whoever stopped it meanwhile found nothing to disconnect.
        await client.disconnect();
      }
      await ended.promise;
    } finally {
      up = false;
      client.off('disconnected', ended.resolve);
    }
  }

  async function keepConnected(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stopping.signal.aborted) {
      try {
        await connectOnce();
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (isHopeless(error)) {
          started.reject(error);
          log.error({ err: error }, 'Slack does not let the bot in: check its tokens');
          return;
        }
        log.warn({ err: error, pauseMs }, 'Slack cannot be reached, trying again');
        await rest(pauseMs, stopping.signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  return {
    receiver,
    async start() {
      keeping = keepConnected();
      const enough = new AbortController();
      await Promise.race([started.promise, rest(START_WAIT_MS, enough.signal)]);
      enough.abort();
    },
    async stop() {
      stopping.abort();
      // Before it ever connected there is nothing that would say it is disconnected.
      if (up) {
        await client.disconnect();
      }
      await keeping;
    },
    isUp: () => up,
  };
}

/** Pauses, with up to a half more by chance so that many do not come back at once; ends early if told. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms * (1 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}

/** Slack's words for what no waiting mends. */
const HOPELESS = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'user_removed_from_team',
  'team_disabled',
]);

/** Whether Slack will never answer otherwise, such as to a token that is not valid. */
export function isHopeless(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && HOPELESS.has(error.data.error);
}
