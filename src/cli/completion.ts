// Completion: the shell asks `quartermaster complete -- <words so far>` and gets one candidate a line.

import type { CommandSpec } from './commands.ts';

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
export function candidates(specs: readonly CommandSpec[], typed: readonly string[]): string[] {
  const begun = typed.at(-1) ?? '';
  const before = typed.slice(0, -1);
  const words = before.filter((word) => !word.startsWith('-'));
  const next = specs
    .filter((spec) => words.every((word, at) => spec.words[at] === word))
    .flatMap((spec) => spec.words[words.length] ?? []);
  const chosen = longest(specs, words);
  const flags = chosen?.flags.map((flag) => `--${flag.typed}`) ?? [];
  const given = new Set(before);
  return [...new Set([...next, ...flags.filter((flag) => !given.has(flag))])].filter((candidate) =>
    candidate.startsWith(begun),
  );
}

/** The command that the words name, with arguments after it perhaps. */
function longest(specs: readonly CommandSpec[], words: readonly string[]): CommandSpec | undefined {
  return specs
    .filter((spec) => spec.words.every((word, at) => words[at] === word))
    .toSorted((one, other) => other.words.length - one.words.length)[0];
}
