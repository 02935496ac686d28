import type { KnownBlock } from '@slack/types';
import { actions, context, header, section, speech } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { runButton } from '../blocks/run-button.ts';
import type { Argument, Command, Subcommand } from './definition.ts';

/** `create <team> org=<org> [alias=<alias>]` */
export function usageOf(subcommand: Subcommand): string {
  const parts = subcommand.arguments.map((argument) => {
    const shown = argument.positional === true ? `<${argument.name}>` : `${argument.name}=…`;
    return argument.required === true ? shown : `[${shown}]`;
  });
  return [subcommand.name, ...parts].join(' ');
}

/** What the manifest shows behind the command's name. */
export function hintOf(command: Command): string {
  return command.subcommands.map((each) => each.name).join(' | ');
}

/** Everything that a command can do. */
export function helpOf(command: Command): Speech {
  const blocks: KnownBlock[] = [header(`What ${command.name} can do`)];
  for (const each of command.subcommands.filter(({ name }) => name !== 'help')) {
    const example = each.examples[0] ?? each.name;
    const line = mrkdwn`*${each.name}*  ·  ${each.says}\n${code(`${command.name} ${example}`)}`;
    blocks.push(section(line, runButton('More', `${command.name} help ${each.name}`)));
  }
  const grammar = mrkdwn`Words with spaces go in quotation marks: ${code('reason="May invoice"')}. What is missing or unclear is asked for in a form, with everything else filled in.`;
  blocks.push(context(grammar));
  return speech(mrkdwn`What ${command.name} can do`, blocks);
}

/** One subcommand in full, from the same definition that reads it. */
export function helpOfSubcommand(command: Command, subcommand: Subcommand): Speech {
  const lines = subcommand.arguments.map(argumentLine);
  const examples = subcommand.examples.map((each) => code(`${command.name} ${each}`));
  const blocks: KnownBlock[] = [
    header(`${command.name} ${subcommand.name}`),
    section(mrkdwn`${subcommand.says}\n${code(`${command.name} ${usageOf(subcommand)}`)}`),
    ...(lines.length === 0 ? [] : [section(joined(lines, '\n'))]),
    section(mrkdwn`*Examples*\n${joined(examples, '\n')}`),
    context(mrkdwn`Who may: ${subcommand.role === 'anyone' ? 'everybody' : `${subcommand.role}s`}`),
    actions(
      ...(subcommand.form === undefined
        ? []
        : [runButton('Open the form', `${command.name} ${subcommand.name}`, { style: 'primary' })]),
      runButton('All commands', `${command.name} help`),
    ),
  ];
  return speech(mrkdwn`How to use ${command.name} ${subcommand.name}`, blocks);
}

function argumentLine(argument: Argument): Mrkdwn {
  const required = argument.required === true ? '' : ' _optional_';
  return mrkdwn`• *${argument.name}*${{ mrkdwn: required }}: ${argument.says}, e.g. ${code(argument.example)}`;
}
