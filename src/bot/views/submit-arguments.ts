import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { argumentsFormOf, complaintOf } from '../arguments-form.ts';
import type { Speech } from '../blocks/kit.ts';
import { repeatingBack, withDollars } from '../dollars.ts';
import { objectIn } from '../blocks/run-button.ts';
import type { Call } from '../call.ts';
import type { Submission } from '../calls.ts';
import { choiceOf } from '../commands/choose.ts';
import type { Command, Reading, Subcommand } from '../commands/definition.ts';
import { isComplete, typedName } from '../commands/definition.ts';
import { firstWord, readTyped } from '../commands/grammar.ts';
import { quoted } from '../commands/words.ts';
import { COMMANDS } from '../commands/registry.ts';
import { withNamesMeant } from '../names-meant.ts';
import { plainRefusal } from '../refusal-text.ts';
import type { Role } from '../roles.ts';
import { namedBy } from '../scope.ts';
import type { Named } from '../scope.ts';
import type { Submitted } from './in-time.ts';
import { enteredIn } from './state.ts';

interface Asked {
  readonly command: Command;
  readonly chosen: Subcommand;
}

/** Which subcommand a form is of; undefined of a form from before the subcommand went away. */
export function askedBy(view: Pick<Submission['view'], 'private_metadata'>): Asked | undefined {
  const run = objectIn(view.private_metadata)?.['run'];
  const { first, rest } = firstWord(typeof run === 'string' ? run : '');
  const command = COMMANDS.find((each) => each.name === first);
  const choice = command === undefined ? undefined : choiceOf(command, rest);
  return command === undefined || choice?.is !== 'subcommand'
    ? undefined
    : { command, chosen: choice.subcommand };
}

/** What a person needs to send it; who may not know is asked for the most. */
export function roleForArguments(view: Submission['view']): Role {
  return askedBy(view)?.chosen.role ?? 'manager';
}

/** What it is about, as its fields say. */
export async function namedByArguments(view: Submission['view'], stores: Stores): Promise<Named> {
  const chosen = askedBy(view)?.chosen;
  return chosen === undefined ? {} : namedBy(stores, chosen, readingOf(chosen, view));
}

function readingOf({ arguments: known }: Subcommand, view: Submission['view']): Reading {
  const names = known.map(({ name }) => name);
  return readTyped(known, enteredIn(view, names));
}

/**
 * Runs the subcommand with what stands in its form. A refusal stays in the form, beside the field that it is
 * about; everything else is said after the form has closed.
 */
export async function submitArguments(call: Call, view: Submission['view']): Promise<Submitted> {
  const asked = askedBy(view);
  if (asked === undefined) {
    return { kind: 'done' };
  }
  const { command, chosen } = asked;
  const { reading, said: understood } = await withDollars(
    call.bot.stores,
    chosen.arguments,
    readingOf(chosen, view),
  );
  if (!isComplete(reading)) {
    const missing = reading.missing.map((name) => [name, 'It is required.'] as const);
    return complaining(call, asked, reading.typed, {
      ...Object.fromEntries(missing),
      ...reading.complaints,
    });
  }
  const said: [Speech, { readonly replace?: boolean } | undefined][] = [];
  const inForm: Call = {
    ...call,
    text: textOf(asked, reading.typed),
    reply: async (speech, options) => {
      said.push([speech, options]);
    },
  };
  // The reading was made from this subcommand's own arguments.
  await chosen.run(repeatingBack(inForm, understood), reading as never, command);
  const refusal = said.find(([speech]) => speech.refusal !== undefined)?.[0].refusal;
  if (refusal !== undefined) {
    return complaining(
      call,
      asked,
      reading.typed,
      await withNamesMeant(call, refusal, complaintOf(chosen, refusal, reading.typed)),
      refusal,
    );
  }
  return {
    kind: 'done',
    after: async () => {
      for (const [speech, options] of said) {
        await call.reply(speech, options);
      }
    },
  };
}

/** What stands in a form, as it would be typed. */
function textOf({ command, chosen }: Asked, typed: Reading['typed']): string {
  const words = Object.entries(typed).map(([name, value]) => `${name}=${quoted(value)}`);
  return [typedName(command, chosen), ...words].join(' ');
}

/** Beside the fields; what belongs beside none stands above them. */
async function complaining(
  call: Call,
  { command, chosen }: Asked,
  typed: Readonly<Record<string, string>>,
  complaints: Readonly<Record<string, string>>,
  refusal?: Refusal,
): Promise<Submitted> {
  const isBeside = Object.keys(complaints).length > 0;
  const stray = isBeside || refusal === undefined ? [] : [plainRefusal(refusal)];
  const view = await argumentsFormOf(call, command, chosen, { typed, complaints, stray });
  return isBeside ? { kind: 'errors', errors: complaints, view } : { kind: 'view', view };
}
