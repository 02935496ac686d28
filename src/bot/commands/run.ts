// From the text of a command to its handler: which one, may they, what was said.

import { actions, context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { runButton } from '../blocks/run-button.ts';
import type { Call } from '../call.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import { nearest } from '../../core/nearest.ts';
import type { Refusal } from '../../core/refusals.ts';
import { repeatingBack, withDollars } from '../dollars.ts';
import { argumentsFormOf, complaintOf, showArgumentsForm } from '../arguments-form.ts';
import { offeringMeant } from '../meant.ts';
import { withNamesMeant } from '../names-meant.ts';
import { namedBy, scopedTo } from '../scope.ts';
import { noticeView, waitingView } from '../views/notice.ts';
import { choiceOf, groupOf } from './choose.ts';
import type { Command, Reading, Subcommand } from './definition.ts';
import { isComplete, typedName } from './definition.ts';
import { firstWord, readArguments } from './grammar.ts';
import { formTitleOf, helpAbout, usageOf } from './help.ts';
import { nameAlone } from './name-alone.ts';
import { lateSpeech } from './run-late.ts';
import { swappedPlaces } from './swapped.ts';

interface RunOptions {
  /** Opens the form even where nothing is missing. */
  readonly inForm?: boolean;
}

/** Runs what was typed. Whatever can't be run is answered with the cure. */
export async function runCommand(
  call: Call,
  commands: readonly Command[],
  options: RunOptions = {},
): Promise<void> {
  const { first: name, rest } = firstWord(call.text);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    await call.reply(sentence(mrkdwn`${code(name)} is no command of mine.`));
    return;
  }
  const choice = choiceOf(command, rest === '' ? (command.fallback ?? '') : rest);
  switch (choice.is) {
    case 'help':
      await call.reply(helpAbout(command, choice.about));
      return;
    case 'unknown':
      await call.reply(
        (await nameAlone(call, command, choice)) ??
          unknownSubcommand(command, choice.typed, choice.words),
      );
      return;
    case 'subcommand':
      await runSubcommand(call, command, choice, options);
  }
}

async function runSubcommand(
  asked: Call,
  command: Command,
  { subcommand: chosen, words }: { readonly subcommand: Subcommand; readonly words: string },
  { inForm = false }: RunOptions,
): Promise<void> {
  const { reading, said } = await withDollars(
    asked.bot.stores,
    chosen.arguments,
    readArguments(chosen.arguments, words),
  );
  const verb = verbMeant(command, chosen, reading, words);
  if (verb !== undefined) {
    await asked.reply(unknownSubcommand(command, `${chosen.name} ${verb.first}`, verb.rest));
    return;
  }
  const swapped = swappedPlaces(chosen.arguments, reading);
  const isWhole = !inForm && (isComplete(reading) || swapped !== undefined);
  const hasForm = chosen.form !== undefined || chosen.arguments.length > 0;
  const title = chosen.form ?? formTitleOf(command, chosen);
  const needsForm = hasForm && !isWhole;
  // Slack gives 3 s to open a form, and whether they may is perhaps asked of Slack itself.
  if (needsForm && !(await openForm(asked, title))) {
    return;
  }
  const scoped = await scopedTo(asked, await namedBy(asked.bot.stores, chosen, reading));
  const call = repeatingBack(scoped, said);
  const complaint = await call.bot.roles.complaint(call.userId, chosen.role);
  if (complaint !== undefined) {
    const { arguments: known } = chosen;
    await (needsForm
      ? call.screen.show(noticeView(title, complaint))
      : call.reply(await offeringMeant(call, known, reading.typed, complaint)));
    return;
  }
  if (swapped !== undefined) {
    await call.reply(otherOrder(`${typedName(command, chosen)} ${swapped}`, call.onceId));
  } else if (isWhole || chosen.form !== undefined) {
    // The reading was made from this subcommand's own arguments.
    const asking =
      isWhole && chosen.form === undefined ? mendedInForm(call, command, chosen, reading) : call;
    await chosen.run(asking, reading as never, command);
  } else {
    await (hasForm
      ? showArgumentsForm(call, command, chosen, reading)
      : call.reply(incomplete(command, chosen, reading)));
  }
}

/**
 * The same call, which asks for a wrong value in the form, with everything else in it, as it asks for what is
 * missing. Where no form can be opened any more, what is wrong is said.
 */
function mendedInForm(
  call: Call,
  command: Command,
  chosen: Subcommand,
  { typed }: Pick<Reading, 'typed'>,
): Call {
  return {
    ...call,
    async reply(speech, options) {
      const { refusal } = speech;
      const beside = refusal && complaintsBeside(chosen, refusal, typed);
      if (refusal === undefined || beside === undefined || options?.replace === true) {
        await call.reply(speech, options);
        return;
      }
      const complaints = await withNamesMeant(call, refusal, beside);
      const view = await argumentsFormOf(call, command, chosen, { typed, complaints, stray: [] });
      if ((await call.screen.show(view)) === 'late') {
        await call.reply(speech, options);
      }
    },
  };
}

/** Their own messages offer what was probably meant, or say what has to be done elsewhere first. */
const TOLD_IN_MESSAGES: readonly Refusal['refused'][] = [
  'team_unknown',
  'organization_unknown',
  'access_group_in_use',
];

/** What was refused of one value, beside its field; undefined of what another value does not cure. */
function complaintsBeside(chosen: Subcommand, refusal: Refusal, typed: Reading['typed']) {
  const complaints = TOLD_IN_MESSAGES.includes(refusal.refused)
    ? {}
    : complaintOf(chosen, refusal, typed);
  return Object.keys(complaints).length > 0 ? complaints : undefined;
}

/** `key nwe acme-prod`: the word behind `key` is none of its verbs, and no team either, since more follows. */
function verbMeant(command: Command, chosen: Subcommand, reading: Reading, words: string) {
  const { first, rest } = firstWord(words);
  const isVerb = groupOf(command, chosen.name).length > 0 && /^[a-z]+$/.test(first);
  return isVerb && reading.stray.length > 0 && rest !== '' ? { first, rest } : undefined;
}

/** Shows that a form is coming. False if there is nothing more to do in this delivery. */
export async function openForm(call: Call, title: string): Promise<boolean> {
  const shown = await call.screen.show(waitingView(title, mrkdwn`One moment …`));
  if (shown === 'late') {
    await call.reply(lateSpeech(call));
  }
  return shown === 'shown';
}

/** As many as stand beside each other. */
const MEANT_OFFERED = 3;

function unknownSubcommand(command: Command, typed: string, words: string): Speech {
  const group = groupOf(command, typed.split(' ')[0] ?? '');
  const isVerb = typed.includes(' ') && group.length > 0;
  const names = (isVerb ? group : command.subcommands).map((each) => each.name);
  const said = mrkdwn`${command.name} does not know ${code(typed)}.`;
  // Verbs of a group are named where one of them was meant.
  const listed = isVerb ? names : names.map((name) => name.split(' ')[0] ?? '');
  const allowed = context(mrkdwn`It knows ${joined([...new Set(listed)].map(code))}.`);
  const meant = nearest(typed, names, MEANT_OFFERED);
  const [near] = meant;
  if (near === undefined) {
    return sentence(said, actions(runButton('Help', `${command.name} help`)), allowed);
  }
  const texts = meant.map((name) => `${command.name} ${name} ${words}`.trim());
  const buttons = texts.map((text, at) =>
    runButton(`Run ${meant[at]}`, text, at === 0 ? { style: 'primary' } : {}),
  );
  const help = runButton('Help', `${command.name} help ${near}`);
  const question = mrkdwn`${said} Did you mean ${joined(texts.map(code), ' or ')}?`;
  return sentence(question, actions(...buttons, help), allowed);
}

/** What stands by its place was given the other way round: probably, so it is asked. */
function otherOrder(meant: string, once: string): Speech {
  return sentence(
    mrkdwn`That can't be read in this order. Did you mean ${code(meant)}?`,
    actions(runButton('Run it this way', meant, { style: 'primary', once })),
    context(mrkdwn`Nothing was changed.`),
  );
}

function incomplete(command: Command, chosen: Subcommand, reading: Reading): Speech {
  const usage = mrkdwn`Write ${code(`${command.name} ${usageOf(chosen)}`.trim())}.`;
  return sentence(
    joined(
      reading.stray.map((each) => mrkdwn`${each}`),
      '\n',
    ),
    context(usage),
  );
}
