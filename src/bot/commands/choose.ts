// Which subcommand the first words of a text name: `key new acme-prod`, `limits help`, `?`.

import type { Command, Subcommand } from './definition.ts';
import { firstWord } from './grammar.ts';

export type Choice =
  | { readonly is: 'subcommand'; readonly subcommand: Subcommand; readonly words: string }
  /** `about` is what stands behind or before the wish for help; empty for all of it. */
  | { readonly is: 'help'; readonly about: string }
  | { readonly is: 'unknown'; readonly typed: string; readonly words: string };

const HELP = /^(?:help|\?|--help|-h|—help|–help)$/i;

/** The longest name that fits; help wherever it is asked for. */
export function choiceOf(command: Command, text: string): Choice {
  const { first, rest } = firstWord(text);
  if (HELP.test(first)) {
    return { is: 'help', about: rest.trim().toLowerCase() };
  }
  const { first: second, rest: behind } = firstWord(rest);
  const pair = named(command, `${first} ${second}`);
  const [subcommand, words] = pair === undefined ? [named(command, first), rest] : [pair, behind];
  if (subcommand !== undefined) {
    return HELP.test(words.trim())
      ? { is: 'help', about: subcommand.name }
      : { is: 'subcommand', subcommand, words };
  }
  const only = named(command, '');
  if (only !== undefined) {
    return { is: 'subcommand', subcommand: only, words: text.trim() };
  }
  return first === '' ? { is: 'help', about: '' } : { is: 'unknown', typed: first, words: rest };
}

function named({ subcommands }: Command, name: string): Subcommand | undefined {
  return subcommands.find((each) => each.name === name);
}

/** Those whose names begin with this word and have a second one: what `key` or `credits` can do. */
export function groupOf({ subcommands }: Command, name: string): readonly Subcommand[] {
  return name === '' ? [] : subcommands.filter((each) => each.name.startsWith(`${name} `));
}
