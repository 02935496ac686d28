import type { Role } from '../roles.ts';
import type { Call } from '../call.ts';
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
  readonly name: string;
  /** One line that begins with a verb. */
  readonly says: string;
  readonly role: Role;
  readonly arguments: readonly Argument[];
  readonly examples: readonly string[];
  /** Title of the form that opens when words are missing or wrong. */
  readonly form?: string;
  readonly run: (call: Call, reading: Reading<never>, command: Command) => Promise<void>;
}

export interface Command {
  /** With its slash. */
  readonly name: string;
  readonly says: string;
  /** The subcommand that is meant where none is typed; the help where this is absent. */
  readonly fallback?: string;
  readonly subcommands: readonly Subcommand[];
}

/** Ties the names and kinds of the arguments to what the handler gets. */
export function subcommand<const Arguments extends readonly Argument[]>(
  definition: Omit<Subcommand, 'arguments' | 'run'> & {
    readonly arguments: Arguments;
    readonly run: (
      call: Call,
      reading: Reading<ValuesOf<Arguments>>,
      command: Command,
    ) => Promise<void>;
  },
): Subcommand {
  return definition;
}

/** Whether nothing is missing, wrong or unknown. */
export function isComplete(reading: Pick<Reading, 'complaints' | 'missing' | 'stray'>): boolean {
  return (
    reading.missing.length === 0 &&
    reading.stray.length === 0 &&
    Object.keys(reading.complaints).length === 0
  );
}
