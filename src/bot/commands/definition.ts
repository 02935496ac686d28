import type { Speech } from '../blocks/kit.ts';
import type { Stores } from '../../core/stores.ts';
import type { Role } from '../roles.ts';
import type { Call } from '../call.ts';
import type { Named } from '../scope.ts';
import type { Kind, KindValues } from './kinds.ts';

/** One argument of a subcommand: `acme-prod` by its place, or `credits=1000` by its name. */
export interface Argument {
  readonly name: string;
  readonly kind: Kind;
  readonly required?: boolean;
  /** Read by its place among the words that have no name; it may be named nevertheless. */
  readonly positional?: boolean;
  /** As it stands in the help. */
  readonly example: string;
  readonly says: string;
  /** The only words that may stand here. */
  readonly choices?: readonly string[];
  /** Other names that people type for it. */
  readonly also?: readonly string[];
  /** A word that may stand here in place of a name, such as `none`, and what it comes to. */
  readonly instead?: { readonly word: string; readonly says: string };
  /** What the form calls it; its name if absent. */
  readonly label?: string;
  /** Names what does not exist yet. */
  readonly isNew?: boolean;
  /** Carried by buttons alone: it stands in no form and in no help. */
  readonly internal?: boolean;
}

type ValuesOf<Arguments extends readonly Argument[]> = {
  readonly [Each in Arguments[number] as Each['name']]?: KindValues[Each['kind']];
};

/** What was read of a person's words. */
export interface Reading<Values = Readonly<Record<string, unknown>>> {
  readonly values: Values;
  /** As it was typed, by the argument's name: a form shows it again. */
  readonly typed: Readonly<Record<string, string>>;
  /** What can't be taken, by the argument's name. */
  readonly complaints: Readonly<Record<string, string>>;
  /** What belongs to no argument, each as a sentence. */
  readonly stray: readonly string[];
  /** Names of required arguments that were not given. */
  readonly missing: readonly string[];
}

export interface Subcommand {
  /** One word, two where the first has several (`key new`), or none where the command is all there is. */
  readonly name: string;
  /** One line that begins with a verb. */
  readonly says: string;
  readonly role: Role;
  /** What changing takes, where looking takes less. */
  readonly changeRole?: Role;
  /** What it is about; where absent, the teams and organizations among its arguments. */
  readonly about?: (stores: Stores, values: never) => Promise<Named> | Named;
  /** Where it names nothing, it keeps to what its person may see, so that a role in any organization does. */
  readonly inSight?: true;
  readonly arguments: readonly Argument[];
  readonly examples: readonly string[];
  /** Title of its own form, which `run` opens when words are missing or wrong. */
  readonly form?: string;
  /** Title of the form that is made of its arguments; from its name if absent. */
  readonly title?: string;
  /** What holds now, by the argument's name, of what is named already: the form says it beside each field. */
  readonly standing?: (
    stores: Stores,
    typed: Readonly<Record<string, string>>,
  ) => Promise<Readonly<Record<string, string>>>;
  /** What the button of that form says; the last word of its name if absent. */
  readonly submit?: string;
  readonly run: (call: Call, reading: Reading<never>, command: Command) => Promise<void>;
}

export interface Command {
  /** With its slash. */
  readonly name: string;
  /** A sentence for Slack's list of commands. */
  readonly says: string;
  /** What may stand behind the name, with " | " between: what is most often wanted, not all there is. */
  readonly hint: string;
  /** The subcommand that is meant where none is typed; the help where this is absent. */
  readonly fallback?: string;
  readonly subcommands: readonly Subcommand[];
  /** What its help says; made of the subcommands if absent. */
  readonly help?: Speech;
}

/** Ties the names and kinds of the arguments to what the handler gets. */
export function subcommand<const Arguments extends readonly Argument[]>(
  definition: Omit<Subcommand, 'arguments' | 'run' | 'about'> & {
    readonly arguments: Arguments;
    readonly about?: (stores: Stores, values: ValuesOf<Arguments>) => Promise<Named> | Named;
    readonly run: (
      call: Call,
      reading: Reading<ValuesOf<Arguments>>,
      command: Command,
    ) => Promise<void>;
  },
): Subcommand {
  return definition;
}

/** As it is typed: `/team key new`, or the command alone. */
export function typedName(command: Pick<Command, 'name'>, { name }: Pick<Subcommand, 'name'>) {
  return `${command.name} ${name}`.trim();
}

/** Whether nothing is missing, wrong or unknown. */
export function isComplete(reading: Pick<Reading, 'complaints' | 'missing' | 'stray'>): boolean {
  return (
    reading.missing.length === 0 &&
    reading.stray.length === 0 &&
    Object.keys(reading.complaints).length === 0
  );
}
