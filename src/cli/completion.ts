// Completion: the shell asks `quartermaster complete -- <words so far>` and gets one candidate a line.

import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell's start-up file evaluates. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_quartermaster() {
  local IFS=$'\\n'
  COMPREPLY=($(quartermaster complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _quartermaster quartermaster
`,
  zsh: `#compdef quartermaster
_quartermaster() {
  local -a found
  found=("\${(@f)$(quartermaster complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
compdef _quartermaster quartermaster
`,
  fish: `complete -c quartermaster -f -a '(quartermaster complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};

/** What may come next; the last word is the one that is being typed, and may be empty. */
export function candidates(program: Command, typed: readonly string[]): string[] {
  const begun = typed.at(-1) ?? '';
  const before = typed.slice(0, -1);
  const { command, waiting, places } = readSoFar(program, before);
  const words = waiting === undefined ? wordsAfter(command, places) : (waiting.argChoices ?? []);
  const isFlag = waiting === undefined && (words.length === 0 || begun.startsWith('-'));
  const next = isFlag ? flagsOf(command, program, before) : words;
  return [...new Set(next)].filter((candidate) => candidate.startsWith(begun));
}

interface SoFar {
  readonly command: Command;
  /** The flag whose value is being typed. */
  readonly waiting: Option | undefined;
  /** How many arguments of the command are there already. */
  readonly places: number;
}

function readSoFar(program: Command, before: readonly string[]): SoFar {
  let command = program;
  let waiting: Option | undefined;
  let places = 0;
  for (const word of before) {
    if (waiting !== undefined) {
      waiting = undefined;
    } else if (word.startsWith('-')) {
      const flag = [...command.options, ...program.options].find(({ long }) => long === word);
      waiting = flag?.required === true ? flag : undefined;
    } else {
      const next = command.commands.find((each) => each.name() === word);
      places += next === undefined ? 1 : 0;
      command = next ?? command;
    }
  }
  return { command, waiting, places };
}

function wordsAfter(command: Command, places: number): string[] {
  const words = command.commands.map((each) => each.name());
  return words.length > 0 ? words : [...(command.registeredArguments[places]?.argChoices ?? [])];
}

/** Those of a command that can be run; of a group, none. */
function flagsOf(command: Command, program: Command, before: readonly string[]): string[] {
  const given = new Set(before);
  const all = command.commands.length > 0 ? [] : [...command.options, ...program.options];
  return all.flatMap(({ long }) => (typeof long === 'string' && !given.has(long) ? [long] : []));
}
