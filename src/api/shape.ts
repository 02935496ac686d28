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
const ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    credits_allocated: 'credits are added by POST /api/credits/add',
    credits_remaining: 'credits are added by POST /api/credits/add',
    credits_used: 'what was used is counted, not set',
    status: 'use POST /api/teams/{team_id}/suspend, /pause or /resume',
    virtual_key: 'keys are made here, never brought along',
    organization_id: 'a team never moves to another organization',
    team_id: 'the id stands in the path and never changes',
  }),
);

export function mistakesIn(
  place: 'body' | 'query',
  error: z.ZodError,
  shape: z.ZodType,
  given: unknown,
): ShapeMistake[] {
  return firstAtEachPlace(error.issues).flatMap((issue) => {
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
    // FastAPI takes a body that is null for none.
    const value = issue.path.length === 0 ? (given ?? undefined) : valueAt(given, issue.path);
    return [{ loc, ...worded(issue, value) }];
  });
}

/** What is no date at all is not told its year, too. */
function firstAtEachPlace(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const isSame = (one: z.core.$ZodIssue, other: z.core.$ZodIssue): boolean =>
    one.code !== 'unrecognized_keys' && one.path.join('.') === other.path.join('.');
  return issues.filter(
    (issue, at) =>
      issue.code === 'unrecognized_keys' || !issues.slice(0, at).some((one) => isSame(one, issue)),
  );
}

/** Where a field belongs that cannot be given here; undefined for what is known nowhere. */
export function elsewhere(key: string): string | undefined {
  return ELSEWHERE.get(key);
}

/** A field that was passed over, and what may have been meant. */
export function complaintAboutUnknown(key: string, shape: z.ZodType): string {
  const shown = key.slice(0, LONGEST_ECHO);
  const near = didYouMean(shown, fieldsOf(shape));
  return near === '' ? shown : `${shown}${near}`;
}

function unknownField(key: string, known: readonly string[]): string {
  const place = elsewhere(key);
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
    ? unionWorded(issue, value)
    : { msg: issue.message, type: issue.code };
}

/** Of what may be given in several forms. */
function unionWorded(
  { errors }: z.core.$ZodIssueInvalidUnion,
  value: unknown,
): Pick<ShapeMistake, 'msg' | 'type'> {
  const issues = errors.flat();
  const fields = new Set(issues.flatMap(fieldsNamed));
  if (typeof value === 'object' && fields.size > 0) {
    const msg = `Input fits none of the forms that it may have, which differ in ${[...fields].join(', ')}`;
    return { msg, type: 'union_type' };
  }
  const complaints = new Set(
    errors.flatMap(([first]) =>
      first === undefined || isEmptyText(first) ? [] : worded(first, value).msg,
    ),
  );
  return typeof value === 'string'
    ? { msg: [...complaints].join(', or '), type: 'union_type' }
    : { msg: 'Input should be a number, or a text with one', type: 'number_type' };
}

/** The empty text, which some take for nothing, is no advice. */
function isEmptyText(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_value' && issue.values.every((each) => each === '');
}

/** What a form asks for or does not know. */
function fieldsNamed(issue: z.core.$ZodIssue): string[] {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return [...keys, ...issue.path.slice(0, 1).map(String)];
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
