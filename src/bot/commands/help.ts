import type { KnownBlock } from '@slack/types';
import { actions, context, header, section, speech } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { formButton } from '../blocks/form-button.ts';
import { runButton } from '../blocks/run-button.ts';
import { groupOf } from './choose.ts';
import { typedName } from './definition.ts';
import type { Argument, Command, Subcommand } from './definition.ts';

/** `create <team> org=<org> [alias=<alias>]` */
export function usageOf(subcommand: Subcommand): string {
  const parts = shownArguments(subcommand).map((argument) => {
    const shown = argument.positional === true ? `<${argument.name}>` : `${argument.name}=…`;
    return argument.required === true ? shown : `[${shown}]`;
  });
  return [subcommand.name, ...parts].join(' ').trim();
}

function shownArguments({ arguments: known }: Subcommand): readonly Argument[] {
  return known.filter(({ internal }) => internal !== true);
}

/** `New key`, or made of its name: `Team limits`. */
export function formTitleOf(command: Command, subcommand: Subcommand): string {
  const words = typedName(command, subcommand).slice(1);
  return subcommand.title ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the button of its form says: `Save`, or made of its name: `Grant`. */
export function submitLabelOf({ name, submit }: Subcommand): string {
  const verb = name.split(' ').at(-1) ?? '';
  return submit ?? (verb === '' ? 'Show' : verb.charAt(0).toUpperCase() + verb.slice(1));
}

/** Help on one subcommand, or on all where there is none of that name. */
export function helpAbout(command: Command, about: string): Speech {
  const wanted = about.replaceAll(/\s+/g, ' ');
  const chosen = command.subcommands.find((each) => each.name === wanted);
  return chosen === undefined
    ? (command.help ?? helpOf(command))
    : helpOfSubcommand(command, chosen);
}

/** Everything that a command can do: a line for each first word. */
function helpOf(command: Command): Speech {
  const blocks: KnownBlock[] = [header(`What ${command.name} can do`)];
  const shown = command.subcommands.filter(({ name }) => !name.includes(' '));
  for (const each of shown) {
    blocks.push(helpLine(command, each));
  }
  const grammar = mrkdwn`Words with spaces go in quotation marks: ${code('reason="May invoice"')}. What is missing or unclear is asked for in a form, with everything else filled in.`;
  blocks.push(context(grammar));
  return speech(mrkdwn`What ${command.name} can do`, blocks);
}

function helpLine(command: Command, each: Subcommand): KnownBlock {
  const verbs = groupOf(command, each.name).map(({ name }) => name.split(' ')[1] ?? '');
  const more = verbs.length === 0 ? mrkdwn`` : mrkdwn`\nAlso ${joined(verbs.map(code), ' ')}`;
  const title = each.name === '' ? command.name : each.name;
  const example = exampleOf(command, each.examples[0] ?? each.name);
  return section(
    mrkdwn`*${title}*  ·  ${each.says}\n${code(example)}${more}`,
    runButton('More', `${command.name} help ${each.name}`.trim()),
  );
}

function exampleOf(command: Command, example: string): string {
  return `${command.name} ${example}`.trim();
}

/** One subcommand in full, from the same definition that reads it; and the verbs of its group. */
export function helpOfSubcommand(command: Command, subcommand: Subcommand): Speech {
  const name = typedName(command, subcommand);
  const lines = shownArguments(subcommand).map(argumentLine);
  const examples = subcommand.examples.map((each) => code(exampleOf(command, each)));
  const blocks: KnownBlock[] = [
    header(name),
    section(mrkdwn`${subcommand.says}\n${code(exampleOf(command, usageOf(subcommand)))}`),
    ...(lines.length === 0 ? [] : [section(joined(lines, '\n'))]),
    section(mrkdwn`*Examples*\n${joined(examples, '\n')}`),
    ...groupOf(command, subcommand.name).map((each) => helpLine(command, each)),
    context(roleText(subcommand)),
    actions(
      ...(subcommand.arguments.length === 0 ? [] : [formButton('Open the form', name)]),
      runButton('All commands', `${command.name} help`),
    ),
  ];
  return speech(mrkdwn`How to use ${name}`, blocks);
}

function roleText({ role, changeRole }: Subcommand): Mrkdwn {
  const who = role === 'anyone' ? 'everybody' : `${role}s and above`;
  return changeRole === undefined
    ? mrkdwn`Who may: ${who}`
    : mrkdwn`Who may look: ${who}. Who may change: ${changeRole}s`;
}

function argumentLine(argument: Argument): Mrkdwn {
  const required = argument.required === true ? '' : ' _optional_';
  return mrkdwn`• *${argument.name}*${{ mrkdwn: required }}: ${argument.says}, e.g. ${code(argument.example)}`;
}
