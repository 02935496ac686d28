// What can be wrong with a parameter of a call. No complaint repeats what was sent.

import type { Field } from './body-fields.ts';

export interface Complaint {
  readonly parameter: string;
  readonly complaint: string;
}

/** A name of a model that is longer is none, and would be repeated in the refusal. */
const NAME_MAX_LENGTH = 256;

export function complaintAboutTwice(
  fields: readonly Field[],
  deciding: ReadonlySet<string>,
): Complaint | undefined {
  const seen = new Set<string>();
  for (const { name } of fields) {
    // Some servers read names in any case, and the last one of them.
    const decides = name.toLowerCase();
    if (deciding.has(decides) && decides !== name) {
      return { parameter: name.slice(0, NAME_MAX_LENGTH), complaint: `write it as ${decides}` };
    }
    if (deciding.has(name) && seen.has(name)) {
      return { parameter: name, complaint: 'it stands in the body twice' };
    }
    seen.add(name);
  }
  return undefined;
}

export function complaintAboutText(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
): Complaint | undefined {
  const value = body[parameter];
  return typeof value === 'string' && value !== '' && value.length <= NAME_MAX_LENGTH
    ? undefined
    : { parameter, complaint: `a text of 1 to ${NAME_MAX_LENGTH} characters is needed` };
}

export function complaintAboutBoolean(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
): Complaint | undefined {
  const value = body[parameter] ?? false;
  return typeof value === 'boolean'
    ? undefined
    : { parameter, complaint: 'true or false is needed' };
}

export function complaintAboutObject(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
): Complaint | undefined {
  const value = body[parameter] ?? {};
  return typeof value === 'object' && !Array.isArray(value)
    ? undefined
    : { parameter, complaint: 'an object is needed' };
}

export function complaintAboutWhole(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
  most: number,
): Complaint | undefined {
  const value = body[parameter] ?? 1;
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most
    ? undefined
    : { parameter, complaint: `a whole number from 1 to ${most} is needed` };
}
