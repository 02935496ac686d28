// Reads a body or query by its schema. What is not known there is left out and named, where the dialect does so.

import type { z } from 'zod';
import { complaintAboutUnknown, elsewhere, mistakesIn, NOTHING } from './shape.ts';
import type { ShapeMistake } from './shape.ts';

export interface ReadShape<Value> {
  readonly value: Value;
  /** What was left out, in words. */
  readonly unknown: readonly string[];
}

/** Each round lets go of what the one before found unknown; a schema is not nested deeper than this. */
const ROUNDS_MAX = 8;

export function readShape<Shape extends z.ZodType>(
  place: 'body' | 'query',
  shape: Shape,
  given: unknown,
  passesUnknown: boolean,
): ReadShape<z.output<Shape>> | readonly ShapeMistake[] {
  let rest = given;
  // A body where none is read is named, too: what belongs into the query was perhaps meant.
  const unknown: string[] = shape === (NOTHING as z.ZodType) ? membersOf(given) : [];
  for (let round = 0; ; round += 1) {
    const read = shape.safeParse(rest);
    if (read.success) {
      return { value: read.data, unknown };
    }
    const left = passesUnknown ? leftOut(read.error, shape) : [];
    if (left.length === 0 || round === ROUNDS_MAX) {
      return mistakesIn(place, read.error, shape, rest);
    }
    unknown.push(...left.map(({ words }) => words));
    rest = without(
      rest,
      left.map(({ path }) => path),
    );
  }
}

function membersOf(given: unknown): string[] {
  return typeof given === 'object' && given !== null && !ArrayBuffer.isView(given)
    ? Object.keys(given)
    : [];
}

interface Unknown {
  readonly path: readonly PropertyKey[];
  readonly words: string;
}

/** Fields that mean nothing here; those that mean something elsewhere are no mistake to pass over. */
function leftOut(error: z.ZodError, shape: z.ZodType): Unknown[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys
          .filter((key) => issue.path.length > 0 || elsewhere(key) === undefined)
          .map((key) => ({
            path: [...issue.path, key],
            words: complaintAboutUnknown([...issue.path, key].map(String).join('.'), shape),
          }))
      : [],
  );
}

/** A copy without what stands at these places. */
function without(value: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  if (typeof value !== 'object' || value === null || paths.length === 0) {
    return value;
  }
  const gone = new Set(paths.filter((path) => path.length === 1).map(([name]) => String(name)));
  const inner = (name: string): (readonly PropertyKey[])[] =>
    paths
      .filter((path) => path.length > 1 && String(path[0]) === name)
      .map((path) => path.slice(1));
  if (Array.isArray(value)) {
    return value.map((each: unknown, at) => without(each, inner(String(at))));
  }
  const kept = Object.entries(value).filter(([name]) => !gone.has(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, without(each, inner(name))]));
}

const WARNED_MAX = 10;
const WARNING_MAX_LENGTH = 500;

/** The header that names what was ignored, and what was kept without effect, in characters that any header may have. */
export function warningOf(
  unknown: readonly string[],
  keptOnly: readonly string[] = [],
): Readonly<Record<string, string>> {
  const parts = [
    ...(unknown.length === 0 ? [] : [`ignored: ${someOf(unknown)}`]),
    ...(keptOnly.length === 0 ? [] : [`kept, and bind nothing: ${someOf(keptOnly)}`]),
  ];
  const text = parts.join('. ').replaceAll(/[^\x20-\x7e]/g, '?');
  return text === '' ? {} : { 'x-quartermaster-warning': text.slice(0, WARNING_MAX_LENGTH) };
}

function someOf(names: readonly string[]): string {
  const more = names.length > WARNED_MAX ? `; and ${names.length - WARNED_MAX} more` : '';
  return `${names.slice(0, WARNED_MAX).join('; ')}${more}`;
}

/** Those fields of a body that say something: an empty list, `false` and null ask for nothing. */
export function saying(body: unknown, fields: readonly string[]): string[] {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return fields.filter((field) => {
    const value = given[field];
    return typeof value === 'object' && value !== null
      ? Object.keys(value).length > 0
      : Boolean(value);
  });
}
