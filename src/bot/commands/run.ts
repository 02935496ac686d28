// From the text of a command to its handler: which one, may they, what was said.

import { actions, context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import type { Call } from '../call.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import { nearest } from '../nearest.ts';
import { noticeView, waitingView } from '../views/notice.ts';
import type { Command, Subcommand } from './definition.ts';
import { isComplete } from './definition.ts';
import { firstWord, readArguments } from './grammar.ts';
import { helpOf, usageOf } from './help.ts';
import { lateSpeech } from './run-late.ts';
import { swappedPlaces } from './swapped.ts';

/** Runs what was typed. Whatever can't be run is answered with the cure. */
export async function runCommand(call: Call, commands: readonly Command[]): Promise<void> {
  const { first: name, rest } = firstWord(call.text);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    await call.reply(sentence(mrkdwn`${code(name)} is no command of mine.`));
    return;
  }
  const { first, rest: words } = firstWord(rest === '' ? (command.fallback ?? '') : rest);
  if (first === '') {
    await call.reply(helpOf(command));
    return;
  }
  const chosen = command.subcommands.find((each) => each.name === first);
  await (chosen === undefined
    ? call.reply(unknownSubcommand(command, first, words))
    : runSubcommand(call, command, chosen, words));
}

async function runSubcommand(
  call: Call,
  command: Command,
  chosen: Subcommand,
  words: string,
): Promise<void> {
  const reading = readArguments(chosen.arguments, words);
  const swapped = swappedPlaces(chosen.arguments, reading);
  const needsForm = chosen.form !== undefined && !isComplete(reading) && swapped === undefined;
  // Slack gives 3 s to open a form, and whether they may is perhaps asked of Slack itself.
  if (needsForm && !(await openForm(call, chosen.form ?? ''))) {
    return;
  }
  const complaint = await call.bot.roles.complaint(call.userId, chosen.role);
  if (complaint !== undefined) {
    await (needsForm
      ? call.screen.show(noticeView(chosen.form ?? '', complaint))
      : call.reply(complaint));
    return;
  }
  if (swapped !== undefined) {
    await call.reply(otherOrder(`${command.name} ${chosen.name} ${swapped}`, call.onceId));
    return;
  }
  if (chosen.form === undefined && !isComplete(reading)) {
    await call.reply(incomplete(command, chosen, reading));
    return;
  }
  // The reading was made from this subcommand's own arguments.
  await chosen.run(call, reading as never, command);
}

/** Shows that a form is coming. False if there is nothing more to do in this delivery. */
export async function openForm(call: Call, title: string): Promise<boolean> {
  const shown = await call.screen.show(waitingView(title, mrkdwn`One moment …`));
  if (shown === 'late') {
    await call.reply(lateSpeech(call));
  }
  return shown === 'shown';
}

function unknownSubcommand(command: Command, first: string, words: string): Speech {
  const names = command.subcommands.map((each) => each.name);
  const [near] = nearest(first, names, 1);
  const said = mrkdwn`${command.name} does not know ${code(first)}.`;
  const allowed = context(mrkdwn`It knows ${joined(names.map(code))}.`);
  if (near === undefined) {
    return sentence(said, actions(runButton('Help', `${command.name} help`)), allowed);
  }
  const meant = `${command.name} ${near} ${words}`.trim();
  const run = runButton(`Run ${near}`, meant, { style: 'primary' });
  const help = runButton('Help', `${command.name} help ${near}`);
  return sentence(mrkdwn`${said} Did you mean ${code(meant)}?`, actions(run, help), allowed);
}

/** What stands by its place was given the other way round: probably, so it is asked. */
function otherOrder(meant: string, once: string): Speech {
  return sentence(
    mrkdwn`That can't be read in this order. Did you mean ${code(meant)}?`,
    actions(runButton('Run it this way', meant, { style: 'primary', once })),
    context(mrkdwn`Nothing was changed.`),
  );
}

function incomplete(
  command: Command,
  chosen: Subcommand,
  reading: ReturnType<typeof readArguments>,
): Speech {
  const faults = [
    ...reading.stray.map((each) => mrkdwn`${each}`),
    ...reading.missing.map((name) => mrkdwn`*${name}* is missing`),
    ...Object.entries(reading.complaints).map(([name, each]) => mrkdwn`*${name}*: ${each}`),
  ];
  const usage = mrkdwn`Write ${code(`${command.name} ${usageOf(chosen)}`)}, e.g. ${code(`${command.name} ${chosen.examples[0] ?? chosen.name}`)}.`;
  return sentence(joined(faults, '\n'), context(usage));
}
