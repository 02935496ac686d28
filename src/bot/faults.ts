// What is said when something broke: what is known of what was asked for, why, and what to do now.

import { GateUnavailable, NotYetInForce, RecordsUnavailable } from '../core/faults.ts';
import { randomText } from '../core/ids.ts';
import { actions, context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { runButton } from './blocks/run-button.ts';
import type { Bot, Call } from './call.ts';
import { code, mrkdwn } from './escape.ts';
import type { Mrkdwn } from './escape.ts';

/** What is known of a request: what it wrote, and how it is repeated as the same one. */
export type Asked = Pick<Call, 'written' | 'text' | 'onceId'>;

const REFERENCE_LENGTH = 8;

/** What stands in the log beside the fault, so that a person can ask about it. */
export function faultSpeech(bot: Pick<Bot, 'log'>, error: unknown, asked?: Asked): Speech {
  const reference = randomText().slice(0, REFERENCE_LENGTH);
  const written = asked?.written() ?? 'nothing';
  const isForeseen = isAway(error) || error instanceof NotYetInForce;
  bot.log[isForeseen ? 'warn' : 'error']({ err: error, reference }, 'A request from Slack failed');
  const found = mrkdwn`Reference ${code(reference)}: operators find it in the log.`;
  if (error instanceof NotYetInForce) {
    return sentence(
      mrkdwn`The change is saved, but calls are *not judged by it yet*: the gate can't be reached.`,
      context(mrkdwn`It holds by itself as soon as the gate is back. Don't repeat it.`, found),
    );
  }
  const why = reasonOf(error);
  switch (written) {
    case 'saved':
      return sentence(
        mrkdwn`What you asked for *is saved*; I can't show what came of it right now. ${why}`,
        context(mrkdwn`Don't ask for it again: ${code('/team show')} tells how it stands.`, found),
      );
    case 'perhaps':
      return doubtSpeech(why, asked, found);
    case 'nothing':
      return isAway(error)
        ? sentence(mrkdwn`${why} Nothing was changed.`, context(cureOf(error), found))
        : sentence(
            why,
            context(
              mrkdwn`Look at the team with ${code('/team show')} before you try again.`,
              found,
            ),
          );
  }
}

/** Whether it was done is not known: repeated as the same request, it is done once either way. */
export function doubtSpeech(why: Mrkdwn, asked: Asked | undefined, found?: Mrkdwn): Speech {
  const isCommand = asked?.text.startsWith('/') === true;
  const said = mrkdwn`${why} *It may have been done, or not.*`;
  const cure = isCommand
    ? mrkdwn`The button does what is missing, and nothing twice. Typed again, it would be another request.`
    : mrkdwn`Do the same there again: what was done is not done twice.`;
  return sentence(
    said,
    ...(isCommand
      ? [
          actions(
            runButton('Make sure it is done', asked.text, {
              once: asked.onceId,
              isSame: true,
              style: 'primary',
            }),
          ),
        ]
      : []),
    context(cure, ...(found === undefined ? [] : [found])),
  );
}

function isAway(error: unknown): error is RecordsUnavailable | GateUnavailable {
  return error instanceof RecordsUnavailable || error instanceof GateUnavailable;
}

function reasonOf(error: unknown): Mrkdwn {
  if (error instanceof RecordsUnavailable) {
    return mrkdwn`The database can't be reached at the moment.`;
  }
  return error instanceof GateUnavailable
    ? mrkdwn`The gate, which counts credits, can't be reached at the moment.`
    : mrkdwn`Something went wrong on our side.`;
}

function cureOf(error: unknown): Mrkdwn {
  return error instanceof GateUnavailable
    ? mrkdwn`Try again in a minute; meanwhile no call is let through, so no credits are lost.`
    : mrkdwn`Try again in a minute.`;
}
