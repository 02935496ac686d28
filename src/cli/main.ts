// `quartermaster`: what the management API can do, for terminals and scripts.

import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { Unreachable } from '../client/patient-fetch.ts';
import { loadImportSource, loadServerAddress, openProfileStore } from '../config.ts';
import { commandsOf } from './commands.ts';
import { candidates, COMPLETION_SCRIPTS } from './completion.ts';
import type { Shell } from './completion.ts';
import type { OpenApi } from './document.ts';
import { EXIT } from './exit-codes.ts';
import { runImport } from './import/import.ts';
import { planFrom, SYSTEMS } from './import/source.ts';
import type { System } from './import/source.ts';
import type { Served } from './import/step.ts';
import { addProfileCommands } from './profile.ts';
import { addApiCommands, commandAt, createProgram, PROFILE_FLAG, SERVER_FLAG } from './program.ts';
import { runCommand } from './run-command.ts';
import { warningAboutSecrets } from './secrets.ts';
import type { Server } from './send.ts';
import { fetchDocument } from './send.ts';

/** They ask no server. */
const AT_HOME = new Set(['completion', 'profile']);

async function main(words: readonly string[]): Promise<number> {
  const warning = warningAboutSecrets(words);
  if (warning !== undefined) {
    complain(warning);
  }
  const ending = { code: EXIT.done as number };
  const program = programAtHome(ending);
  if (words[0] === 'complete') {
    await addWhatIsThere(program, words);
    const typed = words.slice(words[1] === '--' ? 2 : 1);
    process.stdout.write(`${candidates(program, typed).join('\n')}\n`);
    return EXIT.done;
  }
  if (!AT_HOME.has(firstOf(words) ?? '')) {
    const found = serverFrom(words);
    if ('problem' in found) {
      return explainsItself(words) ? printHelp(program, found.problem) : misread(found.problem);
    }
    addServerCommands(program, await fetchSpecs(found), found, ending);
  }
  await program.parseAsync(words, { from: 'user' });
  return ending.code;
}

interface Ending {
  code: number;
}

/** What needs no server. */
function programAtHome(ending: Ending): Command {
  const store = openProfileStore();
  const profiles = store.read();
  const program = createProgram('problem' in profiles ? [] : [...profiles.byName.keys()]);
  commandAt(program, ['completion']).action((shell: Shell) => {
    process.stdout.write(COMPLETION_SCRIPTS[shell]);
  });
  addProfileCommands(program, store, (code, said) => {
    ending.code = code;
    (code === EXIT.done ? process.stdout : process.stderr).write(`${said}\n`);
  });
  return program;
}

function addServerCommands(
  program: Command,
  specs: ReturnType<typeof commandsOf>,
  server: Server,
  ending: Ending,
): void {
  addApiCommands(program, specs, async (spec, command) => {
    ending.code = await runCommand(server, { spec, specs }, command);
  });
  addImport(program, async (system, flags) => {
    ending.code = await importFrom(server, system, flags);
  });
}

async function fetchSpecs({ url }: Server): Promise<ReturnType<typeof commandsOf>> {
  return commandsOf((await fetchDocument(url)) as OpenApi);
}

/** A shell that completes is told what is known; that a server is away is not its matter. */
async function addWhatIsThere(program: Command, words: readonly string[]): Promise<void> {
  const found = serverFrom(words);
  if (!('problem' in found)) {
    const specs = await fetchSpecs(found).catch(() => []);
    addServerCommands(program, specs, found, { code: EXIT.done });
  }
}

function serverFrom(words: readonly string[]): ReturnType<typeof loadServerAddress> {
  return loadServerAddress({
    url: flagIn(words, SERVER_FLAG),
    profile: flagIn(words, PROFILE_FLAG),
  });
}

/** The first word that is no flag of ours, nor what stands behind one. */
function firstOf(words: readonly string[]): string | undefined {
  const valued = new Set([SERVER_FLAG, PROFILE_FLAG]);
  return words.find((word, at) => !word.startsWith('-') && !valued.has(words[at - 1] ?? ''));
}

function flagIn(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  const glued = words.find((word) => word.startsWith(`${flag}=`));
  return at === -1 ? glued?.slice(flag.length + 1) : words[at + 1];
}

function explainsItself(words: readonly string[]): boolean {
  return words.length === 0 || ['help', '--help', '-h'].includes(words[0] ?? '');
}

function printHelp(program: Command, problem: string): number {
  process.stdout.write(program.helpInformation());
  return complain(`\nThe commands of a server are not shown. ${problem}`, EXIT.done);
}

interface ImportFlags {
  readonly apply?: boolean;
  readonly json?: boolean;
  readonly organization?: string;
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
      .option(
        '--organization <id>',
        'where those without an organization go; made where it is missing',
      )
      .option('--apply', 'make it; without it, what would be made is told and nothing is changed');
    command.action(async () => run(system, command.optsWithGlobals<ImportFlags>()));
  }
}

async function importFrom(
  server: Server,
  system: System,
  { apply, json, organization }: ImportFlags,
): Promise<number> {
  const source = loadImportSource();
  if ('problem' in source) {
    return misread(source.problem);
  }
  const plan = async (served: Served) => planFrom(system, source, served, organization);
  return runImport(server, { plan, apply: apply === true, json: json === true });
}

/** Says on standard error why nothing was done. */
function misread(sentence: string): number {
  return complain(sentence, EXIT.usage);
}

function complain(sentence: string, code: number = EXIT.fault): number {
  process.stderr.write(`${sentence}\n`);
  return code;
}

/** Commander has said already what it did not understand. */
function endOf(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  return error instanceof Unreachable
    ? complain(error.message, EXIT.unreachable)
    : complain(String(error));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = endOf(error);
}
