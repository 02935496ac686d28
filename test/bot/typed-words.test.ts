import {
  array,
  assert,
  constantFrom,
  oneof,
  pre,
  property,
  string,
  stringMatching,
} from 'fast-check';
import { expect, test } from 'vitest';
import { choiceOf } from '../../src/bot/commands/choose.ts';
import { readArguments } from '../../src/bot/commands/grammar.ts';
import { formTitleOf, helpOfSubcommand, submitLabelOf } from '../../src/bot/commands/help.ts';
import { COMMANDS } from '../../src/bot/commands/registry.ts';
import { quoted, wordsOf } from '../../src/bot/commands/words.ts';
import { argumentsView } from '../../src/bot/views/arguments.ts';
import { checkMessageBlocks, checkView } from '../../src/embedded/slack/blocks/check.ts';

const SUBCOMMANDS = COMMANDS.flatMap((command) =>
  command.subcommands.map((subcommand) => ({ command, subcommand })),
);

/** What fingers, phones, keyboards and clipboards make of a command. */
const PIECES = [
  'acme-prod',
  'acme-prdo',
  '-5',
  '1e9',
  '٥',
  '5k',
  '$20',
  '30d',
  'friday',
  '2026-12-01',
  '"',
  '“',
  '”',
  "'",
  '\\',
  '\\"',
  '=',
  '--',
  '—',
  '<',
  '>',
  '<@U0MANAGER|maya>',
  '&amp;',
  '<http://a.io|a.io>',
  '<#C0ACME|acme>',
  '\u202e',
  '\u200b',
  '🚀',
  'שלום',
  ' ',
  '\n',
  '?',
  'help',
  'org=',
  'reason=',
  'credits=5',
  'until=friday',
  '--sure',
  'x'.repeat(3_000),
];
const typedText = array(oneof(constantFrom(...PIECES), string({ unit: 'binary', maxLength: 8 })), {
  maxLength: 12,
}).map((pieces) => pieces.join(''));

test('whatever is typed is a command that can be run, a form with it, or help; it never fails', () => {
  assert(
    property(constantFrom(...SUBCOMMANDS), typedText, ({ command, subcommand }, text) => {
      const choice = choiceOf(command, `${subcommand.name} ${text}`);
      expect(['subcommand', 'help', 'unknown']).toContain(choice.is);
      const reading = readArguments(subcommand.arguments, text);
      for (const name of Object.keys(reading.typed)) {
        // Each thing that was typed is either understood or complained about, never both or neither.
        expect(name in reading.values).toBe(!(name in reading.complaints));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('whatever is typed fits into the form that asks for the rest', () => {
  assert(
    property(constantFrom(...SUBCOMMANDS), typedText, ({ command, subcommand }, text) => {
      const { typed, complaints, stray } = readArguments(subcommand.arguments, text);
      const view = argumentsView({
        title: formTitleOf(command, subcommand),
        submit: submitLabelOf(subcommand),
        arguments: subcommand.arguments,
        typed,
        complaints,
        stray,
        memory: { run: `${command.name} ${subcommand.name}`, origin: 'C0ACME' },
      });
      expect(subcommand.arguments.length === 0 || checkView(view).ok).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a team is the very word that was typed, never another one', () => {
  const word = stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,40}$/);
  const withTeam = SUBCOMMANDS.filter(({ subcommand }) =>
    subcommand.arguments.some(({ name, kind }) => name === 'team' && kind === 'team'),
  );
  assert(
    property(constantFrom(...withTeam), word, typedText, ({ subcommand }, id, rest) => {
      const { values } = readArguments(subcommand.arguments, `${id} ${rest}`);
      const { team = id } = values as { team?: string };
      expect(team === id || rest.includes('team')).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('what a button carries is read as it was meant, quotation marks and all', () => {
  const text = oneof(typedText, string({ unit: 'grapheme' }), string({ unit: 'binary' }));
  assert(
    property(text, (value) => {
      const wanted = value.normalize('NFC');
      pre(wanted !== '');
      const { words, complaint } = wordsOf(`reason=${quoted(wanted)} sure=yes`);
      expect(complaint).toBeUndefined();
      expect(words).toMatchObject([
        { key: 'reason', value: wanted, flag: false },
        { key: 'sure', value: 'yes', flag: false },
      ]);
    }),
    { numRuns: 3_000 },
  );
});

test.each(
  SUBCOMMANDS.map((each) => [`${each.command.name} ${each.subcommand.name}`, each] as const),
)(
  '%s has a help that fits, a title and a button that fit, and examples',
  (_, { command, subcommand }) => {
    expect(checkMessageBlocks(helpOfSubcommand(command, subcommand).blocks).ok).toBe(true);
    expect(formTitleOf(command, subcommand).length).toBeLessThanOrEqual(24);
    expect(submitLabelOf(subcommand).length).toBeLessThanOrEqual(24);
    expect(subcommand.examples.length).toBeGreaterThan(0);
    for (const example of subcommand.examples) {
      const reading = readArguments(subcommand.arguments, example.slice(subcommand.name.length));
      expect(reading).toMatchObject({ complaints: {}, stray: [], missing: [] });
    }
  },
);
