// Buttons stay where they were said. One that changes something was meant for the state that its message tells
// of, and the note that it was pressed is not kept for ever: so after some days it asks anew.

import { DAY_MS, SECOND_MS } from '../core/time.ts';
import { actions, context, sentence } from './blocks/kit.ts';
import type { Speech } from './blocks/kit.ts';
import { runButton } from './blocks/run-button.ts';
import { moment } from './blocks/words.ts';
import type { Press } from './calls.ts';
import { choiceOf } from './commands/choose.ts';
import { isComplete } from './commands/definition.ts';
import type { Command } from './commands/definition.ts';
import { firstWord, readArguments } from './commands/grammar.ts';
import { code, mrkdwn } from './escape.ts';

/** Longer than a holiday weekend, and far shorter than receipts are kept. */
const BUTTON_LIFE_MS = 7 * DAY_MS;

/** When the message with this button was said, if that is too long ago; undefined also on views, which are made anew. */
export function saidTooLongAgo({ body }: Press, nowMs: number): Date | undefined {
  const stamp: unknown = body.container['message_ts'];
  const saidAtMs = typeof stamp === 'string' ? Number(stamp) * SECOND_MS : Number.NaN;
  return nowMs - saidAtMs > BUTTON_LIFE_MS ? new Date(saidAtMs) : undefined;
}

/** Whether a command would change something at once, without a form or a question before it. */
export function changesAtOnce(commands: readonly Command[], text: string): boolean {
  const { first, rest } = firstWord(text);
  const command = commands.find(({ name }) => name === first);
  const choice = command === undefined ? undefined : choiceOf(command, rest);
  if (choice?.is !== 'subcommand') {
    return false;
  }
  const { subcommand, words } = choice;
  const mayChange = subcommand.role === 'manager' || subcommand.changeRole !== undefined;
  return mayChange && isComplete(readArguments(subcommand.arguments, words));
}

/** Says since when it stands there, and offers the same anew. */
export function oldButtonSpeech(saidAt: Date, commandText: string, once: string): Speech {
  return sentence(
    mrkdwn`This button is from ${moment(saidAt)}: much may have changed since. Nothing was changed now.`,
    actions(runButton('Do it now', commandText, { once })),
    context(mrkdwn`The button runs ${code(commandText)}.`),
  );
}
