// `quartermaster`: what the management API can do, for terminals and scripts.

import { Argument, Command, CommanderError, Option } from 'commander';
import { Unreachable } from '../client/patient-fetch.ts';
import { loadImportSource, loadServerAddress } from '../config.ts';
import { commandsOf } from './commands.ts';
import type { CommandSpec } from './commands.ts';
import { candidates, COMPLETION_SCRIPTS, SHELLS } from './completion.ts';
import type { Shell } from './completion.ts';
import type { OpenApi } from './document.ts';
import { runImport } from './import/import.ts';
import { planFrom, SYSTEMS } from './import/source.ts';
import type { System } from './import/source.ts';
import type { Served } from './import/step.ts';
import { runCommand } from './run-command.ts';
import type { Server } from './send.ts';
import { fetchDocument } from './send.ts';

const FAILED = 1;

const URL_FLAG = '--url';

async function main(words: readonly string[]): Promise<number> {
  if (words[0] === 'completion') {
    return printCompletion(words[1]);
  }
  const found = loadServerAddress(urlFrom(words));
  if ('problem' in found) {
    return complain(found.problem);
  }
  const specs = commandsOf((await fetchDocument(found.url)) as OpenApi);
  if (words[0] === 'complete') {
    const typed = words.slice(words[1] === '--' ? 2 : 1);
    process.stdout.write(`${candidates(specs, typed).join('\n')}\n`);
    return 0;
  }
  let code = 0;
  const program = programOf(specs, async (spec, command) => {
    code = await runCommand(found, spec, command);
  });
  addImport(program, async (system, flags) => {
    code = await importFrom(found, system, flags);
  });
  await program.parseAsync(words, { from: 'user' });
  return code;
}

/** The words' own commands, groups of them, and what each may be given. */
function programOf(
  specs: readonly CommandSpec[],
  run: (spec: CommandSpec, command: Command) => Promise<void>,
): Command {
  const program = new Command('quartermaster')
    .description('Organizations, teams, keys, credits, budgets and limits of a Quartermaster.')
    .option(`${URL_FLAG} <url>`, 'the server; without it the one of `npm start` in this folder')
    .option('--json', 'print the whole answer as JSON')
    .option('--yes', 'ask nothing')
    .showHelpAfterError('(add --help for what it may be given)')
    .exitOverride();
  program.command('completion <shell>').description(`prints completion for ${SHELLS.join(', ')}`);
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
  return program;
}

interface ImportFlags {
  readonly apply?: boolean;
  readonly json?: boolean;
}

const IMPORTED: Readonly<Record<System, string>> = {
  litellm:
    'brings over organizations, teams, people, keys, budgets with what was spent of them, and limits of a LiteLLM proxy; keys stay what they are',
  'saas-litellm':
    'brings over models, access groups, organizations and teams of a SaaS LiteLLM, with their credits, terms and keys; keys stay what they are',
};
const WHERE =
  'It is read out of the database that QUARTERMASTER_IMPORT_DATABASE_URL names, or through the API at QUARTERMASTER_IMPORT_URL, with QUARTERMASTER_IMPORT_KEY.';

function addImport(
  program: Command,
  run: (system: System, flags: ImportFlags) => Promise<void>,
): void {
  for (const system of SYSTEMS) {
    const command = commandAt(program, ['import', system])
      .description(`${IMPORTED[system]}. ${WHERE}`)
      .option('--apply', 'make it; without it, what would be made is told and nothing is changed');
    command.action(async () => run(system, command.optsWithGlobals<ImportFlags>()));
  }
}

async function importFrom(
  server: Server,
  system: System,
  { apply, json }: ImportFlags,
): Promise<number> {
  const source = loadImportSource();
  if ('problem' in source) {
    return complain(source.problem);
  }
  const plan = async (served: Served) => planFrom(system, source, served);
  return runImport(server, { plan, apply: apply === true, json: json === true });
}

/** The command of these words; the groups that it lies in are made where they are missing. */
function commandAt(program: Command, words: readonly string[]): Command {
  return words.reduce((parent, word) => {
    const known = parent.commands.find((command) => command.name() === word);
    return known ?? parent.command(word).exitOverride().showHelpAfterError();
  }, program);
}

function printCompletion(shell: string | undefined): number {
  if (shell === undefined || !SHELLS.some((known) => known === shell)) {
    return complain(`Printing completion: "${shell ?? ''}" is none of ${SHELLS.join(', ')}`);
  }
  process.stdout.write(COMPLETION_SCRIPTS[shell as Shell]);
  return 0;
}

function urlFrom(words: readonly string[]): string | undefined {
  const at = words.indexOf(URL_FLAG);
  const glued = words.find((word) => word.startsWith(`${URL_FLAG}=`));
  return at === -1 ? glued?.slice(URL_FLAG.length + 1) : words[at + 1];
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return FAILED;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // Commander has said it already.
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode
      : complain(error instanceof Unreachable ? error.message : String(error));
}
