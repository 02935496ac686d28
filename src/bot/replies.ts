// What is said when something did not happen.

import type { Refusal } from '../core/refusals.ts';
import { actions, context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { runButton } from './blocks/run-button.ts';
import type { Call } from './call.ts';
import { code, joined, mrkdwn } from './escape.ts';
import { faultSpeech } from './faults.ts';
import { cureText, refusalText } from './refusal-text.ts';
import { readingView } from './views/notice.ts';
import { whileWaiting } from './waiting.ts';

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

/** Does what a person asked for; a fault is told to them and never lost. */
export async function answering(call: Call, work: () => Promise<void>): Promise<void> {
  await whileWaiting(call, async () => {
    try {
      await work();
    } catch (error) {
      const speech = faultSpeech(call.bot, error, call);
      // A form that was opened meanwhile would otherwise wait for ever.
      await (call.screen.isOpen()
        ? call.screen.show(readingView('Quartermaster', speech))
        : call.reply(speech));
    }
  });
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
