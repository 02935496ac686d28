import type { WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackSettings } from '../config/environment.ts';
import { SECOND_MS } from '../core/time.ts';
import { slackLog } from './log.ts';

/** Slack answers within a second or two; who waits longer has been forgotten. */
const SLACK_TIMEOUT_MS = 10 * SECOND_MS;

/** How the bot talks to Slack; the worker, which announces alerts, does it the same way. */
export function slackClientOptions(slack: SlackSettings, log: Logger): WebClientOptions {
  return {
    ...(slack.apiUrl === undefined ? {} : { slackApiUrl: withSlash(slack.apiUrl) }),
    allowAbsoluteUrls: false,
    timeout: SLACK_TIMEOUT_MS,
    // A person waits: two more tries, half a second apart, then they are told.
    retryConfig: { retries: 2, minTimeout: 300, randomize: true },
    logger: slackLog(log),
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
