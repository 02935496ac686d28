// Mistakes in the shape of a body or query, told as FastAPI tells them: 422 with one line for each.

import { z } from 'zod';
import { didYouMean } from '../config/problems.ts';

export interface ShapeMistake {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** For routes that read nothing. */
export const NOTHING = z.unknown();
/** For routes without parameters: a mistyped filter must not answer everything. */
export const NO_QUERY = z.strictObject({});

/** Fields that other systems take here, and where to go with them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  credits_allocated: 'credits are added by POST /api/credits/add',
  credits_remaining: 'credits are added by POST /api/credits/add',
  credits_used: 'what was used is counted, not set',
  status: 'use POST /api/teams/{team_id}/suspend, /pause or /resume',
  virtual_key: 'keys are made here, never brought along',
  organization_id: 'a team never moves to another organization',
  team_id: 'the id stands in the path and never changes',
};

export function mistakesIn(
  place: 'body' | 'query',
  error: z.ZodError,
  shape: z.ZodType,
  given: unknown,
): ShapeMistake[] {
  return error.issues.flatMap((issue) => {
    const loc = [
      place,
      ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    ];
    if (issue.code === 'unrecognized_keys') {
      const known = fieldsAt(shape, issue.path);
      return issue.keys.map((key) => ({
        loc: [...loc, key],
        msg: unknownField(key, known),
        type: 'extra_forbidden',
      }));
    }
    return [{ loc, ...worded(issue, valueAt(given, issue.path)) }];
  });
}

/** Where a field belongs that cannot be given here; undefined for what is known nowhere. */
export function elsewhere(key: string): string | undefined {
  return ELSEWHERE[key];
}

/** A field that was passed over, and what may have been meant. */
export function complaintAboutUnknown(key: string, shape: z.ZodType): string {
  const shown = key.slice(0, LONGEST_ECHO);
  const near = didYouMean(shown, fieldsOf(shape));
  return near === '' ? shown : `${shown}${near}`;
}

function unknownField(key: string, known: readonly string[]): string {
  const place = ELSEWHERE[key];
  if (place !== undefined) {
    return `"${key}" cannot be given here: ${place}`;
  }
  const shown = key.slice(0, LONGEST_ECHO);
  const near = didYouMean(shown, known);
  return `"${shown}" is not known here${near === '' ? `, there are: ${known.join(', ') || 'none'}` : near}`;
}

/** A misspelt field is shown back, but never a page of it. */
const LONGEST_ECHO = 60;

function worded(issue: z.core.$ZodIssue, value: unknown): Pick<ShapeMistake, 'msg' | 'type'> {
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) {
    return { msg: 'Field required', type: 'missing' };
  }
  if (issue.code === 'invalid_type') {
    return { msg: `Input should be a valid ${issue.expected}`, type: `${issue.expected}_type` };
  }
  return issue.code === 'invalid_union'
    ? { msg: 'Input should be a number, or a text with one', type: 'number_type' }
    : { msg: issue.message, type: issue.code };
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    given,
  );
}

/** What stands at a place within a shape. */
function fieldsAt(shape: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: z.ZodType | undefined = shape;
  for (const part of path) {
    at = at === undefined ? undefined : innerOf(at);
    at =
      at instanceof z.ZodArray
        ? (at.element as z.ZodType)
        : at instanceof z.ZodObject
          ? (at.shape as Readonly<Record<string, z.ZodType>>)[String(part)]
          : undefined;
  }
  return at === undefined ? [] : fieldsOf(at);
}

function innerOf(shape: z.ZodType): z.ZodType {
  return shape instanceof z.ZodOptional || shape instanceof z.ZodNullable
    ? innerOf(shape.unwrap() as z.ZodType)
    : shape;
}

function fieldsOf(shape: z.ZodType): string[] {
  const inner = innerOf(shape);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}
