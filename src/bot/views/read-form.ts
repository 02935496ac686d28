import type { Submission } from '../calls.ts';
import { isUnreadable, readKind } from '../commands/kinds.ts';
import type { Kind, KindValues } from '../commands/kinds.ts';
import { entered } from './state.ts';

/** What was read of a form, by its fields; those that were left empty are absent. */
export interface FormReading<Kinds extends Readonly<Record<string, Kind>>> {
  readonly typed: { readonly [Field in keyof Kinds]?: string };
  readonly values: { readonly [Field in keyof Kinds]?: KindValues[Kinds[Field]] };
  readonly complaints: { readonly [Field in keyof Kinds]?: string };
}

/** Reads each field as what it is of: the same words that a command takes. `given` stands in place of some. */
export function readForm<const Kinds extends Readonly<Record<string, Kind>>>(
  view: Submission['view'],
  kinds: Kinds,
  given: { readonly [Field in keyof Kinds]?: string } = {},
): FormReading<Kinds> {
  const typed: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const complaints: Record<string, string> = {};
  for (const [field, kind] of Object.entries(kinds)) {
    const text = given[field] ?? entered(view, field);
    if (text === undefined) {
      continue;
    }
    typed[field] = text;
    const value = readKind(kind, text);
    if (isUnreadable(value)) {
      complaints[field] = value.complaint;
    } else {
      values[field] = value;
    }
  }
  // Filled field by field from the kinds themselves.
  return { typed, values, complaints } as FormReading<Kinds>;
}
