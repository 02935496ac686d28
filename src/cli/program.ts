// The words of the command line: groups, commands, and what each may be given.

import { Argument, Command, Option } from 'commander';
import type { CommandSpec } from './commands.ts';
import { GROUPS } from './groups.ts';
import { SHELLS } from './completion.ts';

export const SERVER_FLAG = '--server';
export const PROFILE_FLAG = '--profile';

const EXITS = `
Exit codes: 0 done, 1 refused, 2 not understood, 3 no answer or "come later", 4 a mistake of the server's.
The server is that of --profile or --server, of QUARTERMASTER_URL, of the profile in use, else of \`npm start\` in this folder.`;

/** A program that knows what needs no server. */
export function createProgram(profiles: readonly string[]): Command {
  const profile = new Option(`${PROFILE_FLAG} <name>`, 'the server by its name');
  // For shells alone: whether there is such a one is looked at where the server is found.
  if (profiles.length > 0) {
    profile.argChoices = [...profiles];
  }
  const program = new Command('quartermaster')
    .description('Organizations, teams, keys, credits, budgets and limits of a Quartermaster.')
    .option(`${SERVER_FLAG} <url>`, 'the server')
    .addOption(profile)
    .option('--json', 'print the whole answer as JSON')
    .option('--yes', 'ask nothing')
    .addHelpText('after', EXITS)
    .showHelpAfterError('(add --help for what it may be given)')
    .exitOverride();
  program
    .command('completion')
    .description('prints completion for a shell, which its start-up file evaluates')
    .addArgument(new Argument('<shell>').choices([...SHELLS]));
  return program;
}

/** Adds what the server can do. */
export function addApiCommands(
  program: Command,
  specs: readonly CommandSpec[],
  run: (spec: CommandSpec, command: Command) => Promise<void>,
): void {
  for (const spec of specs) {
    const command = commandAt(program, spec.words);
    command.description(spec.summary).action(async () => run(spec, command));
    for (const place of spec.places) {
      command.addArgument(new Argument(`<${place}>`));
    }
    for (const flag of spec.flags) {
      const option = new Option(`--${flag.typed} <value>`, flag.schema.description ?? '');
      const choices = flag.schema.enum?.filter((one) => typeof one === 'string');
      command.addOption(choices === undefined ? option : option.choices(choices));
    }
  }
}

/** The command of these words; the groups that it lies in are made where they are missing. */
export function commandAt(program: Command, words: readonly string[]): Command {
  return words.reduce((parent, word, at) => {
    const known = parent.commands.find((command) => command.name() === word);
    return (
      known ??
      parent
        .command(word)
        .description(GROUPS[words.slice(0, at + 1).join(' ')] ?? '')
        .exitOverride()
        .showHelpAfterError()
    );
  }, program);
}
