// What somebody probably meant who typed a value and left out its name.

import type { Argument } from './definition.ts';
import { isUnreadable, readKind } from './kinds.ts';
import type { Kind } from './kinds.ts';
import { quoted } from './words.ts';

/** Kinds whose values look like nothing else, the most telling first. */
const TELLING: readonly Kind[] = [
  'usd',
  'range',
  'dimension',
  'showing',
  'every',
  'end',
  'duration',
  'percent',
  'credits',
  'count',
];

/** `until=2d` for `2d`: with the name of an argument that is not given yet, and that such a value fits. */
export function meantWithName(
  known: readonly Argument[],
  typed: Readonly<Record<string, string>>,
  value: string,
): string | undefined {
  const open = known.filter(
    ({ name, positional, internal }) =>
      typed[name] === undefined && positional !== true && internal !== true,
  );
  const isText = /\s/.test(value);
  const fitting = isText
    ? open.find(({ kind }) => kind === 'text')
    : (open.find(({ choices }) => choices?.includes(value.toLowerCase())) ??
      TELLING.flatMap((kind) => open.filter((each) => each.kind === kind)).find(({ kind }) =>
        isRead(kind, value),
      ));
  return fitting === undefined ? undefined : `${fitting.name}=${quoted(value)}`;
}

/** Dollars are named by their sign: a bare number could be anything. */
function isRead(kind: Kind, value: string): boolean {
  return (kind !== 'usd' || /[$€]|usd/i.test(value)) && !isUnreadable(readKind(kind, value));
}
