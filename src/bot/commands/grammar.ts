// Words become arguments: `/team create acme-prod org=acme credits=1,000 groups=gpt-models`.

import { shortened } from '../escape.ts';
import { nearest } from '../../core/nearest.ts';
import type { Argument, Reading } from './definition.ts';
import { isUnreadable, readKind } from './kinds.ts';
import { meantWithName } from './unnamed.ts';
import { wordsOf } from './words.ts';
import type { Word } from './words.ts';

/** As much of what was typed as a sentence repeats. */
const LONGEST_ECHO = 40;

/** The first word of a command's text in small letters, and what stands behind it. Pages that are copied from bring spaces that can't be seen. */
export function firstWord(text: string): { first: string; rest: string } {
  const match = /^[\s\u200b\u2060]*([^\s\u200b\u2060]*)[\s\u200b\u2060]*([\s\S]*)$/.exec(text);
  return { first: (match?.[1] ?? '').toLowerCase(), rest: match?.[2] ?? '' };
}

/** Reads the words behind a subcommand. Never throws: what can't be read is told. */
export function readArguments(known: readonly Argument[], text: string): Reading {
  const { words, complaint } = wordsOf(text);
  const { typed, stray, doubled } = assigned(known, words);
  const reading = readTyped(known, typed);
  const twice = known
    .filter(({ name }) => doubled.has(name))
    .map(
      ({ name, example }) => [name, `it is given twice; give it once, like ${example}`] as const,
    );
  const unreadable = complaint === undefined ? [] : [complaint];
  return {
    ...reading,
    values: Object.fromEntries(
      Object.entries(reading.values).filter(([name]) => !doubled.has(name)),
    ),
    complaints: { ...reading.complaints, ...Object.fromEntries(twice) },
    stray: [...unreadable, ...stray],
  };
}

/** Reads what stands for each argument, in a command or in the fields of a form. */
export function readTyped(
  known: readonly Argument[],
  typed: Readonly<Record<string, string>>,
): Reading {
  const values: Record<string, unknown> = {};
  const complaints: Record<string, string> = {};
  for (const argument of known) {
    const given = typed[argument.name];
    if (given === undefined) {
      continue;
    }
    const value = given === '' ? { complaint: 'no value is given' } : read(argument, given);
    if (isUnreadable(value)) {
      complaints[argument.name] = value.complaint;
    } else {
      values[argument.name] = value;
    }
  }
  const missing = known
    .filter(({ name, required }) => required === true && typed[name] === undefined)
    .map(({ name }) => name);
  return { values, typed, complaints, stray: [], missing };
}

function read({ kind, choices }: Argument, typed: string) {
  const value = readKind(kind, typed);
  if (choices === undefined || typeof value !== 'string' || choices.includes(value)) {
    return value;
  }
  const [near] = nearest(value, choices, 1);
  const cure = near === undefined ? '' : `; did you mean “${near}”?`;
  const shown = shortened(typed, LONGEST_ECHO);
  const allowed =
    choices.length === 1 ? `only ${choices.join('')} is` : `there are ${choices.join(', ')}`;
  return { complaint: `“${shown}” is not known, ${allowed}${cure}` };
}

interface Assigned {
  readonly typed: Record<string, string>;
  readonly stray: string[];
  readonly doubled: ReadonlySet<string>;
}

/** Which word belongs to which argument. */
function assigned(known: readonly Argument[], words: readonly Word[]): Assigned {
  const typed: Record<string, string> = {};
  const stray: string[] = [];
  const doubled = new Set<string>();
  const places = known.filter((argument) => argument.positional === true);
  const waiting = [...words];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const word = isNameAlone(known, next, waiting[0])
      ? { ...next, key: next.value.toLowerCase(), value: '' }
      : next;
    const place = places.find((each) => typed[each.name] === undefined);
    const argument = word.key === undefined ? place : named(known, word.key);
    if (argument === undefined || isMisplaced(known, argument, word, typed)) {
      stray.push(strayWord(known, word, typed));
      continue;
    }
    if (typed[argument.name] !== undefined) {
      doubled.add(argument.name);
    }
    if (isBareYes(argument, word, waiting[0])) {
      typed[argument.name] = 'yes';
      continue;
    }
    const meant = wantsNext(word, waiting) ? waiting.shift() : word;
    const value = (isOfPeople(argument) ? meant?.raw : meant?.value) ?? '';
    typed[argument.name] = isUnitOf(argument, waiting[0])
      ? `${value} ${waiting.shift()?.value}`
      : value;
  }
  return { typed, stray: [...new Set(stray)], doubled };
}

function named(known: readonly Argument[], key: string): Argument | undefined {
  return (
    known.find(({ name }) => name === key) ?? known.find(({ also = [] }) => also.includes(key))
  );
}

/** `until friday`: a name without its sign, and behind it what it is to be. What is read by its place is not named so. */
function isNameAlone(known: readonly Argument[], word: Word, next: Word | undefined): boolean {
  const argument = word.key === undefined ? named(known, word.value.toLowerCase()) : undefined;
  return (
    argument !== undefined &&
    argument.positional !== true &&
    argument.internal !== true &&
    next !== undefined &&
    next.key === undefined
  );
}

/** `500 credits`, `20 USD`. */
function isUnitOf({ kind }: Argument, next: Word | undefined): boolean {
  const isAmount = kind === 'credits' || kind === 'credits_or_off';
  return (
    isAmount && next?.key === undefined && /^(?:credits?|usd|dollars?)$/i.test(next?.value ?? '')
  );
}

/** It stands where one of some words may stand, is like none of them, and can be read as something else. */
function isMisplaced(
  known: readonly Argument[],
  { choices, required }: Argument,
  { key, value }: Word,
  typed: Readonly<Record<string, string>>,
): boolean {
  return (
    key === undefined &&
    choices !== undefined &&
    required !== true &&
    nearest(value, choices, 1).length === 0 &&
    !choices.includes(value.toLowerCase()) &&
    meantWithName(known, typed, value) !== undefined
  );
}

/** `--all`, with neither yes nor no behind it. */
function isBareYes({ kind }: Argument, word: Word, next: Word | undefined): boolean {
  const isAnswered =
    next?.key === undefined && !isUnreadable(readKind('yes_no', next?.value ?? ''));
  return kind === 'yes_no' && word.flag && word.value === '' && !isAnswered;
}

/** A mention loses its id where it is read as a name. */
function isOfPeople({ kind }: Argument): boolean {
  return kind === 'holder' || kind === 'person_or_none';
}

/** `--alias "Acme Inc."` and `org= acme`: the value is the next word. */
function wantsNext(word: Word, waiting: readonly Word[]): boolean {
  return word.key !== undefined && word.value === '' && waiting[0]?.key === undefined;
}

function strayWord(
  known: readonly Argument[],
  word: Word,
  typed: Readonly<Record<string, string>>,
): string {
  const names = known.filter(({ internal }) => internal !== true).map((argument) => argument.name);
  if (word.key === undefined) {
    const said = `“${shortened(word.value, LONGEST_ECHO)}” is not understood`;
    if (names.length === 0) {
      return `${said}; nothing may stand here`;
    }
    const meant = meantWithName(known, typed, word.value);
    return meant === undefined
      ? `${said}; text of several words needs quotation marks, as in reason="May invoice"`
      : `${said}; did you mean ${shortened(meant, LONGEST_ECHO)}?`;
  }
  const [near] = nearest(word.key, names, 1);
  const cure = near === undefined ? '' : `; did you mean “${near}=”?`;
  const allowed = names.length === 0 ? 'nothing may stand here' : `allowed: ${names.join(', ')}`;
  return `“${shortened(word.key, LONGEST_ECHO)}=” is not known, ${allowed}${cure}`;
}
