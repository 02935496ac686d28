import { LogLevel } from '@slack/bolt';
import type { Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from 'pino';

/** Slack's packages write into our log. Their debug lines hold whole messages and are left out. */
export function slackLog(log: Logger): SlackLogger {
  let name = 'slack';
  const text = (parts: unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return {
    debug: () => undefined,
    info: (...parts) => log.debug({ from: name }, text(parts)),
    warn: (...parts) => log.warn({ from: name }, text(parts)),
    error: (...parts) => log.error({ from: name }, text(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: (given) => {
      name = given;
    },
  };
}
