// A person who waits longer than usual is told that it goes on; who still waits when the bot stops, that it
// ends here.

import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SECOND_MS } from '../core/time.ts';
import { context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import type { Call } from './call.ts';
import { code, mrkdwn, shortened } from './escape.ts';
import type { Mrkdwn } from './escape.ts';
import { doubtSpeech } from './faults.ts';

/** What stands in place of an answer that is not there yet. */
export interface Waiting {
  /** Says that it is worked on, unless something was said already. */
  begin(): Promise<void>;
  /** The work is over: what `begin` said does not stay alone. */
  end(): Promise<void>;
}

/** As long as a form waits; most answers are there far sooner. */
const PATIENCE_MS = 2.5 * SECOND_MS;

/** Does the work; says that it takes longer where it does. */
export async function whileWaiting(call: Call, work: () => Promise<void>): Promise<void> {
  const { waiting, screen, bot } = call;
  const timer = setTimeout(() => {
    if (!screen.isOpen()) {
      waiting
        ?.begin()
        .catch((error: unknown) => bot.log.info({ err: error }, 'Nobody could be told to wait'));
    }
  }, PATIENCE_MS);
  await bot.underWay.during(call, async () => {
    try {
      await work();
    } finally {
      clearTimeout(timer);
      await waiting?.end();
    }
  });
}

export function workingSpeech(): Speech {
  return sentence(mrkdwn`⏳ Working on it …`);
}

/** Where a repetition found everything done, and the first time was perhaps not heard. */
export function savedBeforeSpeech(): Speech {
  return sentence(
    mrkdwn`✅ It is saved: nothing was done twice.`,
    context(mrkdwn`${code('/team show')} tells how it stands.`),
  );
}

/** As much of a command as tells which one it was. */
const COMMAND_SHOWN = 200;

function restartText({ text }: Call): Mrkdwn {
  const asked = text.startsWith('/')
    ? code(shortened(text, COMMAND_SHOWN))
    : mrkdwn`what you asked for`;
  return mrkdwn`I am being restarted, and ${asked} was not over yet.`;
}

/** Part of the time that a process is given to stop. */
const FAREWELL_MS = SECOND_MS;

/**
 * Tells everybody who still waits that no answer will come, and how to ask again without doing it twice. Answers who
 * knows it.
 */
export async function tellWhoWaits(
  waiting: readonly Call[],
  log: Logger,
): Promise<readonly Call[]> {
  const told: Call[] = [];
  const telling = waiting.map(async (call) => {
    await call.reply(doubtSpeech(restartText(call), call));
    told.push(call);
  });
  const enough = new AbortController();
  const late = pause(FAREWELL_MS, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(telling), late]);
  enough.abort();
  log.warn(
    { requests: waiting.length },
    'Requests from Slack were still under way when the bot stopped',
  );
  return told;
}
