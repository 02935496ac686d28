import type { Argument, Reading } from './definition.ts';
import { isUnreadable, readKind } from './kinds.ts';
import { quoted } from './words.ts';

/**
 * The words as they were probably meant, where two that are told apart by their places can't be read in
 * this order, but can in the other: `500 acme-prod` becomes `acme-prod 500`. Else undefined.
 */
export function swappedPlaces(known: readonly Argument[], reading: Reading): string | undefined {
  const { typed, complaints, stray } = reading;
  const [first, second] = known.filter(({ positional }) => positional === true);
  if (first === undefined || second === undefined || stray.length > 0) {
    return undefined;
  }
  const one = typed[first.name] ?? '';
  const other = typed[second.name] ?? '';
  const isOdd = first.name in complaints || second.name in complaints;
  const fits = (argument: Argument, word: string) =>
    word !== '' &&
    argument.choices?.includes(word.toLowerCase()) !== false &&
    !isUnreadable(readKind(argument.kind, word));
  if (!isOdd || !fits(first, other) || !fits(second, one)) {
    return undefined;
  }
  const rest = known
    .filter(({ name }) => name !== first.name && name !== second.name && name in typed)
    .map(({ name }) => `${name}=${quoted(typed[name] ?? '')}`);
  return [other, one, ...rest].join(' ');
}
