// What is said when something did not happen.

import { GateUnavailable, NotYetInForce, RecordsUnavailable } from '../core/faults.ts';
import { randomText } from '../core/ids.ts';
import type { Refusal } from '../core/refusals.ts';
import { actions, context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { runButton } from './blocks/run-button.ts';
import type { Bot, Call } from './call.ts';
import { code, joined, mrkdwn } from './escape.ts';
import { cureText, refusalText } from './refusal-text.ts';
import { noticeView } from './views/notice.ts';

/** An expected no: what stands in the way, and what to do about it. */
export function refusalSpeech(refusal: Refusal): Speech {
  return { ...sentence(refusalText(refusal), context(cureText(refusal))), refusal };
}

/** The owner of a new key is nobody yet; a button makes the person, too. */
export function unknownOwnerSpeech(refusal: Refusal, commandText: string, once: string): Speech {
  const owner = String(refusal.facts['user'] ?? '');
  const anew = commandText.replace(/(^|\s)(--)?owner=/i, '$1new-owner=');
  return sentence(
    mrkdwn`${refusalText(refusal)} No key was made.`,
    actions(runButton(`Add ${owner} and make the key`, anew, { once, style: 'primary' })),
    context(mrkdwn`The button adds ${owner} to the team, then makes the key.`),
  );
}

/** What stands in the log beside the fault, so that a person can ask about it. */
export function faultSpeech(bot: Bot, error: unknown): Speech {
  if (error instanceof RecordsUnavailable) {
    return sentence(
      mrkdwn`The database can't be reached at the moment. Nothing was changed.`,
      context(mrkdwn`Try again in a minute.`),
    );
  }
  if (error instanceof NotYetInForce) {
    return sentence(
      mrkdwn`The change is saved, but calls are *not judged by it yet*: the gate can't be reached.`,
      context(mrkdwn`It holds by itself as soon as the gate is back. Don't repeat it.`),
    );
  }
  if (error instanceof GateUnavailable) {
    return sentence(
      mrkdwn`The gate, which counts credits, can't be reached at the moment. Nothing was changed.`,
      context(
        mrkdwn`Try again in a minute; meanwhile no call is let through, so no credits are lost.`,
      ),
    );
  }
  const reference = randomText().slice(0, 8);
  bot.log.error({ err: error, reference }, 'A request from Slack failed');
  return sentence(
    mrkdwn`Something went wrong on our side (reference ${code(reference)}).`,
    context(
      mrkdwn`Look at the team with ${code('/team show')} before you try again; operators find the reference in the log.`,
    ),
  );
}

/** Does what a person asked for; a fault is told to them and never lost. */
export async function answering(call: Call, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const speech = faultSpeech(call.bot, error);
    // A form that was opened meanwhile would otherwise wait for ever.
    await (call.screen.isOpen()
      ? call.screen.show(noticeView('Quartermaster', speech))
      : call.reply(speech));
  }
}

/** There is no such team; those that were probably meant, as buttons that go on with them. */
export function unknownTeamSpeech(
  refusal: Refusal,
  meant: readonly string[],
  commandFor: (teamId: string) => string,
  once: string,
): Speech {
  if (meant.length === 0) {
    return refusalSpeech(refusal);
  }
  const commands = meant.map((teamId) => code(commandFor(teamId)));
  const question =
    meant.length === 1
      ? mrkdwn`Did you mean ${code(meant.join(''))}?`
      : mrkdwn`Did you mean one of these?`;
  const buttons = meant.map((teamId) => runButton(teamId, commandFor(teamId), { once }));
  const said = sentence(
    mrkdwn`${refusalText(refusal)} ${question}`,
    actions(...buttons),
    context(mrkdwn`The button runs ${joined(commands, ' or ')}.`),
  );
  return { ...said, refusal };
}
